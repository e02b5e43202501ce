import { ledgerAccount } from '../ledger/accounts.ts';
import type { Reading } from '../ledger/books.ts';
import type { CountyRow, EpochRow } from '../ledger/tables.ts';
import { WAIT_MS } from './grants.ts';

/** What waits for terminals at the hub, in as few questions as there are kinds of it: cheap enough to ask all the time. */

export interface News {
  readonly state: EpochRow['state'] | null;
  /** Recalls, and visitors whose points came back: each by a name of its own. */
  readonly urgent: ReadonlySet<string>;
  readonly roster: number;
  readonly catalogue: number;
  readonly hotlist: number;
  readonly policy: number;
}
export interface Listening {
  readonly tid: string;
  readonly ep: number;
  readonly village: string;
  /** What it was told last. */
  readonly told: News;
}

const NOTHING: ReadonlySet<string> = new Set();
export const NOTHING_TOLD: News = { state: null, urgent: NOTHING, roster: 0, catalogue: 0, hotlist: 0, policy: 0 };

/** Beyond them recalls and visitors wait for a kiosk's own question. */
const NEWS_LIMITS = { recalls: 5_000, waits: 500 } as const;

/** In the order of `listening`. `withRosters`: also whether residents and clerks changed, one question a village. */
export async function newsFor(
  books: Reading,
  listening: readonly Listening[],
  at: number,
  withRosters: boolean,
): Promise<News[]> {
  const county = await books.get('counties', {});
  if (county === undefined) throw new Error('this store holds no county');
  const epochs = await books.many(
    'epochs',
    listening.map(({ tid, ep }) => ({ tid, ep })),
  );
  const urgent = await urgentNews(books, county, at);
  const changed = withRosters ? await changedRosters(books, county, listening) : NOTHING;
  const { catalogueVersion: catalogue, hotlistVersion: hotlist, policyVersion: policy } = county;
  return listening.map(({ tid, ep, village, told }, i) => ({
    ...{ state: epochs[i]?.state ?? null, urgent: urgent.get(`${tid}.${ep}`) ?? NOTHING },
    roster: told === NOTHING_TOLD || changed.has(village) ? county.downlinkVersion : told.roster,
    ...{ catalogue, hotlist, policy },
  }));
}

/** Villages with a resident or clerk that somebody who listens there was not told of. */
async function changedRosters(
  books: Reading,
  { downlinkVersion }: CountyRow,
  listening: readonly Listening[],
): Promise<ReadonlySet<string>> {
  const since: Map<string, number> = new Map();
  for (const { village, told } of listening) {
    if (told === NOTHING_TOLD || told.roster >= downlinkVersion) continue;
    since.set(village, Math.min(told.roster, since.get(village) ?? told.roster));
  }
  if (since.size === 0) return NOTHING;
  const clerks = await books.list('clerks', 'changed', {}, { from: Math.min(...since.values()) + 1 });
  const changed = new Set(
    clerks.filter((row) => row.rosterVersion > (since.get(row.village) ?? downlinkVersion)).map((row) => row.village),
  );
  for (const [village, known] of since) {
    if (changed.has(village)) continue;
    const [first] = await books.list('residents', 'ofVillage', { village }, { from: known + 1, limit: 1 });
    if (first !== undefined) changed.add(village);
  }
  return changed;
}

async function urgentNews(books: Reading, county: CountyRow, at: number): Promise<Map<string, Set<string>>> {
  const found: Map<string, Set<string>> = new Map();
  const note = (chain: string, what: string) => {
    const known = found.get(chain);
    if (known === undefined) found.set(chain, new Set([what]));
    else known.add(what);
  };
  const recalled = await books.list('allowances', 'allRecalled', {}, { from: 0, limit: NEWS_LIMITS.recalls });
  for (const { tid, ep, acct, g, keep } of recalled) note(`${tid}.${ep}`, `recall ${acct} ${g} ${keep}`);
  if (county.restoring === 1) return found;
  const waits = await books.list('waits', 'oldest', {}, { from: at - WAIT_MS, limit: NEWS_LIMITS.waits });
  const free = await books.balances(waits.map(({ acct }) => ledgerAccount.account(acct)));
  for (const [i, { tid, ep, acct, at: since }] of waits.entries())
    if ((free[i] ?? 0) > 0) note(`${tid}.${ep}`, `wait ${acct} ${since}`);
  return found;
}
