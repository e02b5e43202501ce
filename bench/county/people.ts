import { RESIDENT_NAMES } from '../../firmware-sim/demo/county/names.ts';
import { wholeNumber } from '../../firmware-sim/demo/county/random.ts';
import { pseudonym, randomOf, type VillagePlan } from './plan.ts';

/** The made-up people of one village: names, cards, points. Pure, so that whoever signs their records knows them too. */

export interface MadeResident {
  readonly acct: string;
  readonly name: string;
  readonly initials: string;
  /** What the account is credited with before the month begins. */
  readonly pts: number;
  readonly creditedDaysAgo: number;
  readonly cards: readonly MadeCard[];
}
export interface MadeCard {
  /** 7 bytes, lower-case hex. */
  readonly uid: string;
  readonly last4: string;
  readonly hasPin: boolean;
  readonly blocked: boolean;
}

/** The most of one account that its home terminal holds. */
export const CAP_PTS = 300;
const PTS = { least: 40, spread: 500 } as const;
/** Of a thousand residents: with a second card in the household, a third one, a PIN, a blocked card. */
const OF_1000 = { second: 120, third: 30, pin: 500, blocked: 5 } as const;
const CREDITED_DAYS = { newest: 40, oldest: 360 } as const;

export function peopleOf(seed: number, { n, residents }: Pick<VillagePlan, 'n' | 'residents'>): MadeResident[] {
  const random = randomOf(seed, `people ${n}`);
  const given = (part: readonly [string, string, string]) =>
    [[...part[1]].slice(1).join(''), part[2].slice(1)] as const;
  const pick = () => RESIDENT_NAMES[wholeNumber(random, 0, RESIDENT_NAMES.length - 1)] ?? ['', '张三', 'zs'];
  return Array.from({ length: residents }, (_, i) => {
    const family = pick();
    const [name, initials] = given(pick());
    return {
      acct: pseudonym(random),
      name: `${[...family[1]][0]}${name}`,
      initials: `${family[2].charAt(0)}${initials}`,
      pts: PTS.least + Math.floor(random() ** 2 * PTS.spread),
      creditedDaysAgo: wholeNumber(random, CREDITED_DAYS.newest, CREDITED_DAYS.oldest),
      cards: cardsOf(random, n, i),
    };
  });
}

/** Several people of a household share its account, each with a card of their own. */
function cardsOf(random: () => number, village: number, resident: number): MadeCard[] {
  const drawn = wholeNumber(random, 0, 999);
  const count = drawn < OF_1000.third ? 3 : drawn < OF_1000.second ? 2 : 1;
  return Array.from({ length: count }, (_, card) => ({
    uid: uidOf(village, resident, card),
    last4: String(wholeNumber(random, 0, 9_999)).padStart(4, '0'),
    hasPin: wholeNumber(random, 0, 999) < OF_1000.pin,
    blocked: wholeNumber(random, 0, 999) < OF_1000.blocked,
  }));
}

/** One for each card of the county; multiplied, so that neighbours do not look alike. The first byte is a maker's (NXP). */
function uidOf(village: number, resident: number, card: number): string {
  const number = BigInt(village * 1_000_000 + resident * 10 + card + 1);
  const mixed = BigInt.asUintN(48, number * 0x9e3779b97f4bn);
  return `04${mixed.toString(16).padStart(12, '0')}`;
}
