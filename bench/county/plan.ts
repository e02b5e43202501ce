import { createHash } from 'node:crypto';
import { characters, seededRandom } from '../../firmware-sim/demo/county/random.ts';

/** How large the county is that is made, and what goes wrong where. Pure: the same seed is the same county for ever. */

export const FULL = { towns: 21, villages: 305, residents: 590_000, days: 30, recordsADay: 200 } as const;
const LEAST = { villages: 12, residentsOfVillage: 30 } as const;
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

export interface CountySize {
  /** 1 is a full county; 0.01 one of twelve small villages. */
  readonly scale: number;
  readonly seed: number;
  readonly days: number;
  readonly recordsADay: number;
}
/** What a terminal's month shows of the troubles that an operator must explain. */
export type Trouble = 'none' | 'unclosed' | 'late' | 'gap' | 'over-allowance' | 'fork' | 'close-mismatch';

export interface VillagePlan {
  readonly n: number;
  readonly village: string;
  readonly town: number;
  readonly shop: string;
  readonly tid: string;
  readonly residents: number;
  readonly trouble: Trouble;
  /** Of a count in this shop one item differs. */
  readonly miscounts: boolean;
}
export interface CountyPlan extends CountySize {
  readonly villages: readonly VillagePlan[];
  readonly residents: number;
}

/** By the village's place in the list: with twelve villages each trouble is there at least once. */
const TROUBLES: readonly (readonly [trouble: Trouble, every: number, first: number])[] = [
  ['fork', 60, 1],
  ['gap', 30, 2],
  ['late', 25, 3],
  ['unclosed', 15, 4],
  ['close-mismatch', 12, 5],
  ['over-allowance', 6, 0],
];

export function planCounty(size: CountySize): CountyPlan {
  const { scale, seed } = size;
  const villages = Math.max(LEAST.villages, Math.round(FULL.villages * scale));
  const residents = Math.max(LEAST.villages * LEAST.residentsOfVillage, Math.round(FULL.residents * scale));
  const shares = sharesOf(villages, residents, seed);
  return {
    ...size,
    residents,
    villages: shares.map((share, n) => ({
      ...{ n, village: `v${n + 1}`, shop: `s${n + 1}`, tid: `t${n + 1}`, residents: share },
      ...{ town: n % FULL.towns, trouble: troubleOf(n), miscounts: n % 3 === 0 },
    })),
  };
}

function troubleOf(n: number): Trouble {
  return TROUBLES.find(([, every, first]) => n % every === first)?.[0] ?? 'none';
}

/** Villages differ: the largest has some four times as many people as the smallest. The sum is exact. */
function sharesOf(villages: number, residents: number, seed: number): number[] {
  const random = seededRandom(seed);
  const weights = Array.from({ length: villages }, () => 0.5 + 1.7 * random() ** 2);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => Math.max(1, Math.floor((weight / all) * residents)));
  const rest = residents - shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share, n) => (n === 0 ? share + rest : share));
}

export function byResidents(villages: readonly VillagePlan[]): VillagePlan[] {
  return [...villages].sort((a, b) => b.residents - a.residents);
}

/** A village that joins later, as large as the largest: its first terminal is given every account's points at once. */
export function joiningVillage({ villages }: CountyPlan, times: number): VillagePlan {
  const n = villages.length + times;
  const names = { village: `v${n + 1}`, shop: `s${n + 1}`, tid: `t${n + 1}` };
  return {
    n,
    ...names,
    town: 0,
    residents: byResidents(villages)[0]?.residents ?? 1,
    trouble: 'none',
    miscounts: false,
  };
}

/** 32 bytes for one purpose; nothing that is made here guards anything but made-up people. */
export function secretOf(seed: number, what: string): Uint8Array {
  return createHash('sha256').update(`made county ${seed} ${what}`).digest();
}

export function randomOf(seed: number, what: string): () => number {
  return seededRandom(Buffer.from(secretOf(seed, what)).readUInt32LE(0));
}

/** A pseudonym, as a county's own file would have it: in no order, so that its rows lie anywhere in the store. */
export function pseudonym(random: () => number): string {
  return `a${characters(random, CROCKFORD, 12)}`;
}
