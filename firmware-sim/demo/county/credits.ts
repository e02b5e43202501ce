import { seededRandom, wholeNumber } from './random.ts';
import type { DemoResident } from './types.ts';

/** Something a resident did for others, and the points of one unit of it. */
export interface DemoActivity {
  readonly id: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly unitZh: string;
  readonly unitEn: string;
  readonly points: number;
  /** How many units one credit usually covers at the most. */
  readonly maxUnits: number;
}

export interface DemoCredit {
  readonly acct: string;
  /** `DemoActivity.id`. */
  readonly activity: string;
  /** A whole multiple of the activity's points. */
  readonly points: number;
  readonly daysAgo: number;
}

/** Worth one point a unit, so that whatever is left over was earned as well. */
const REMAINDER: DemoActivity = {
  id: 'recycling',
  nameZh: '可回收物交投',
  nameEn: 'Handing in recyclables',
  unitZh: '公斤',
  unitEn: 'kg',
  points: 1,
  maxUnits: 9,
};

const WORK: readonly DemoActivity[] = [
  activity('road-sweeping', '清扫村道', 'Sweeping the village roads', '次', 'time', 10, 2),
  activity('elder-care', '照看老人', 'Looking after an elder', '半天', 'half day', 15, 3),
  activity('tree-planting', '植树护林', 'Planting and tending trees', '次', 'time', 20, 2),
  activity('night-watch', '夜间巡逻', 'Night watch', '班', 'shift', 12, 2),
  activity('clean-up', '环境整治', 'Village clean-up', '半天', 'half day', 16, 2),
  activity('ditch-clearing', '清淤疏渠', 'Clearing ditches', '次', 'time', 18, 2),
  activity('tidy-yard', '庭院整洁', 'A tidy courtyard', '月', 'month', 8, 1),
  activity('child-care', '看护学童', 'Seeing children home from school', '次', 'time', 6, 4),
  activity('harvest-help', '互助农忙', 'Helping a neighbour with the harvest', '天', 'day', 25, 2),
  activity('festival-help', '节庆帮工', 'Helping at a village festival', '次', 'time', 14, 1),
];

export const demoActivities: readonly DemoActivity[] = [...WORK, REMAINDER];

/** Older than any objection period, younger than a year, so that nothing is pending and nothing has expired. */
const NEWEST_DAYS_AGO = 15;
const OLDEST_DAYS_AGO = 330;

/** Where the points came from, oldest first. The sum is exactly `resident.points`; nobody with 0 points has a credit. */
export function splitIntoCredits(resident: Pick<DemoResident, 'acct' | 'points'>): readonly DemoCredit[] {
  const random = seededRandom(seedOf(resident.acct));
  const credits: DemoCredit[] = [];
  let left = resident.points;
  while (left > 0) {
    const affordable = WORK.filter((work) => work.points <= left);
    const work = affordable[wholeNumber(random, 0, affordable.length - 1)] ?? REMAINDER;
    const units = Math.min(wholeNumber(random, 1, work.maxUnits), Math.floor(left / work.points));
    const points = work.points * units;
    credits.push({
      acct: resident.acct,
      activity: work.id,
      points,
      daysAgo: wholeNumber(random, NEWEST_DAYS_AGO, OLDEST_DAYS_AGO),
    });
    left -= points;
  }
  return credits.sort((a, b) => b.daysAgo - a.daysAgo);
}

function activity(
  id: string,
  nameZh: string,
  nameEn: string,
  unitZh: string,
  unitEn: string,
  points: number,
  maxUnits: number,
): DemoActivity {
  return { id, nameZh, nameEn, unitZh, unitEn, points, maxUnits };
}

/** FNV-1a of the pseudonym, 32 bits. */
function seedOf(acct: string): number {
  let hash = 0x811c9dc5;
  for (const character of acct) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
