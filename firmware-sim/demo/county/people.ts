import { CLERK_NAMES, RESIDENT_NAMES } from './names.ts';
import { characters, type Random, seededRandom } from './random.ts';
import type { DemoCard, DemoClerk, DemoIdCard, DemoResident } from './types.ts';

/** Anything may change here but this: another seed is another county, and every card a tester knows is gone. */
const SEED = 20_260_401;
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const HEX = '0123456789abcdef';
const DIGITS = '0123456789';
/** Of one value, until it fits; far more than a county of this size can need. */
const MAX_DRAWS = 1000;

/** PINs that a shoulder guesses first; nobody here has one. */
const WEAK_PIN = /^(\d)\1{3}$|^0123|1234|2345|3456|4567|5678|6789|9876|8765|7654|6543|5432|4321|3210|^(19|20)\d\d$/;

/**
 * Points that a demonstration needs, by the resident's place in the list; everyone else has an ordinary number.
 * The first can redeem a sack of rice twenty times over, and a hundred points stay; the fifth has more than a terminal
 * may hold for one account; the poor have less than the cheapest item costs.
 */
const CHOSEN_POINTS: ReadonlyMap<number, number> = new Map([
  [1, 1000],
  [2, 236],
  [3, 3],
  [5, 1450],
  [6, 0],
  [7, 120],
  [11, 88],
  [13, 5],
  [20, 49],
  [22, 4],
  [29, 320],
  [31, 2],
  [47, 260],
  [52, 0],
]);
/** Cards reported lost: two at home, one of a visitor. */
const BLOCKED: ReadonlySet<number> = new Set([4, 17, 38]);

/** Who registered a resident ID card too: two at home, one who is a visitor there. */
const WITH_ID_CARD: ReadonlySet<number> = new Set([2, 8, 29]);

/** Whose card authenticates: two at home. */
const WITH_DESFIRE: ReadonlySet<number> = new Set([9, 16]);

interface Taken {
  readonly uids: Set<string>;
  readonly last4s: Set<string>;
  readonly accts: Set<string>;
}

const people = makePeople();
export const demoResidents: readonly DemoResident[] = people.residents;
export const demoClerks: readonly DemoClerk[] = people.clerks;

function makePeople(): { residents: readonly DemoResident[]; clerks: readonly DemoClerk[] } {
  const random = seededRandom(SEED);
  const taken: Taken = { uids: new Set(), last4s: new Set(), accts: new Set() };
  const residents = RESIDENT_NAMES.map(([villageId, name, pinyinInitials], index): DemoResident => {
    const n = index + 1;
    return {
      id: numbered('r', n),
      acct: unused(taken.accts, () => `a${characters(random, CROCKFORD, 12)}`),
      name,
      pinyinInitials,
      villageId,
      points: pointsOf(n, random),
      card: makeCard(n, 'resident', random, taken),
      ...(BLOCKED.has(n) ? { blocked: true as const } : {}),
    };
  });
  const clerks = CLERK_NAMES.map(
    ([villageId, name], index): DemoClerk => ({
      id: numbered('k', index + 1),
      name,
      villageId,
      card: makeCard(residents.length + index + 1, 'clerk', random, taken),
    }),
  );
  // Drawn last, so that they moved nobody.
  const registered = residents.map((resident, index) =>
    WITH_ID_CARD.has(index + 1)
      ? { ...resident, idCard: makeIdCard(index + 1, resident.card, random, taken) }
      : resident,
  );
  return { residents: registered, clerks };
}

/** `10e4` begins the serials of these chips. One PIN for both cards: it is the person's. */
function makeIdCard(n: number, { pin }: DemoCard, random: Random, taken: Taken): DemoIdCard {
  return {
    id: numbered('i', n),
    serial: unused(taken.uids, () => `10e4${characters(random, HEX, 12)}`),
    last4: unused(taken.last4s, () => characters(random, DIGITS, 4)),
    pin,
  };
}

/** Many have a little and a few have much, as in a village; the draw is made for everybody so that a choice moves nobody. */
function pointsOf(n: number, random: Random): number {
  const drawn = 12 + Math.floor(random() ** 2 * 420);
  return CHOSEN_POINTS.get(n) ?? drawn;
}

function makeCard(n: number, role: DemoCard['role'], random: Random, taken: Taken): DemoCard {
  return {
    id: numbered('c', n),
    kind: role === 'resident' && WITH_DESFIRE.has(n) ? 'desfire' : 'uid',
    uid: unused(taken.uids, () => makeUid(random)),
    last4: unused(taken.last4s, () => characters(random, DIGITS, 4)),
    pin: firstWhere(
      () => characters(random, DIGITS, 4),
      (pin) => !WEAK_PIN.test(pin),
    ),
    role,
  };
}

/** The fourth byte is never 88: there it would read as a cascade tag (ISO/IEC 14443-3, 6.5.4). */
function makeUid(random: Random): string {
  const fourth = firstWhere(
    () => characters(random, HEX, 2),
    (byte) => byte !== '88',
  );
  return `04${characters(random, HEX, 4)}${fourth}${characters(random, HEX, 6)}`;
}

function firstWhere(draw: () => string, fits: (value: string) => boolean): string {
  for (let tried = 0; tried < MAX_DRAWS; tried++) {
    const value = draw();
    if (fits(value)) return value;
  }
  throw new Error(`Nothing fits after ${MAX_DRAWS} draws`);
}

function unused(taken: Set<string>, draw: () => string): string {
  const value = firstWhere(draw, (drawn) => !taken.has(drawn));
  taken.add(value);
  return value;
}

function numbered(letter: string, n: number): string {
  return `${letter}${String(n).padStart(3, '0')}`;
}
