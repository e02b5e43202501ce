import { pinVerifier } from '../../protocol/cards/pin.ts';
import { cardToken } from '../../protocol/cards/token.ts';
import type { Hashing, Signer } from '../../protocol/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { toHex } from '../../protocol/primitives/bytes.ts';
import { businessDay } from '../../protocol/primitives/calendar.ts';
import {
  type Limits,
  type Policy as PolicyTold,
  type Roster,
  type RosterEntry,
  SYNC_LIMITS,
  type SyncAsk,
  type SyncResponse,
} from '../../protocol/sync/messages.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Reading } from '../ledger/books.ts';
import type { CardRow, CountyRow, EpochRow, ResidentRow, VillageRow } from '../ledger/tables.ts';
import { expiringOf } from '../programme/expiring.ts';
import { maskName } from '../programme/mask.ts';
import { readPolicy } from '../programme/policy.ts';
import type { Seal } from '../programme/seal.ts';

import { usedElsewhere } from './used.ts';
import { recallsFor } from './visits.ts';

/** What goes down to one terminal: grants, roster, catalogue, hotlist, policy; only what it does not have yet. */

export interface DownlinkDeps {
  readonly seal: Seal;
  readonly hashing: Hashing;
  readonly hub: Signer;
  readonly nowMs: () => number;
  /** Where a receipt's QR leads, without a slash at its end. */
  readonly receiptBase: string;
}
export type Downlink = Pick<SyncResponse, 'grants' | 'recalls' | 'roster' | 'catalogue' | 'hotlist' | 'policy'>;

/** Reads in one snapshot. `more`: the terminal should ask again at once. */
export async function downlink(
  books: Reading,
  epoch: EpochRow,
  county: CountyRow,
  want: SyncAsk['want'],
  deps: DownlinkDeps,
): Promise<Downlink & { readonly more: boolean }> {
  const [changes, village, recalls] = await Promise.all([
    changesSince(books, epoch, county, want.roster),
    books.get('villages', { village: epoch.village }),
    recallsFor(books, epoch),
  ]);
  const selling = epoch.state === 'open' || epoch.state === 'frozen';
  // Who may never sell again is told nothing of anybody: no roster, no pepper, no PIN.
  const told = selling && village !== undefined && changes.version > want.roster;
  return {
    grants: changes.grants,
    recalls,
    more: changes.more,
    ...(told ? { roster: await rosterOf(books, epoch, village, county, changes, deps) } : {}),
    ...(county.catalogueJws !== null && county.catalogueVersion > want.catalogue
      ? { catalogue: county.catalogueJws }
      : {}),
    ...(village !== undefined && county.hotlistVersion > want.hotlist
      ? { hotlist: { version: county.hotlistVersion, tokens: await blockedTokens(books, village, deps) } }
      : {}),
    ...(county.policyVersion > want.policy ? { policy: await policyFor(books, epoch, county, deps) } : {}),
  };
}

interface Changes {
  readonly version: number;
  readonly more: boolean;
  readonly grants: string[];
  readonly residents: readonly ResidentRow[];
}

/** A page ends where the shorter of the two full lists ends, so that a grant never arrives without its account. */
async function changesSince(books: Reading, epoch: EpochRow, county: CountyRow, known: number): Promise<Changes> {
  const { tid, ep, village } = epoch;
  const newest = county.downlinkVersion;
  // A terminal may say that it knows more than there is; the number after the largest of all is none.
  const from = Math.min(known, newest) + 1;
  const [granted, residents] = await Promise.all([
    books.list('allowances', 'ofChain', { tid, ep }, { from, limit: SYNC_LIMITS.grants }),
    books.list('residents', 'ofVillage', { village }, { from, limit: SYNC_LIMITS.rosterEntries }),
  ]);
  const ends = [
    ...(granted.length === SYNC_LIMITS.grants ? [granted.at(-1)?.grantVersion ?? newest] : []),
    ...(residents.length === SYNC_LIMITS.rosterEntries ? [residents.at(-1)?.rosterVersion ?? newest] : []),
  ];
  const version = Math.min(newest, ...ends);
  const grants = granted.filter((row) => row.grantVersion <= version).flatMap((row) => row.grantJws ?? []);
  return {
    ...{ version, more: version < newest && ends.length > 0, grants },
    residents: residents.filter((row) => row.rosterVersion <= version),
  };
}

async function rosterOf(
  books: Reading,
  epoch: EpochRow,
  village: VillageRow,
  county: CountyRow,
  changes: Changes,
  deps: DownlinkDeps,
): Promise<Roster> {
  const keys = keysOf(epoch, village, county, deps);
  // Asked side by side: over a network hundreds of entries would otherwise wait for some thousand answers in turn.
  const entries = await Promise.all(changes.residents.map((resident) => entryOf(books, resident, keys, deps)));
  const clerks = await books.list('clerks', 'ofVillage', { village: village.village });
  const told: Roster['clerks'] = [];
  for (const { clerk, name, acct } of clerks) {
    const cards = await books.list('cards', 'ofClerk', { clerk });
    const own = acct === null ? {} : { acct };
    told.push({ clerk, name: maskName(name), cards: cards.map((card) => rosterCard(card, keys, deps)), ...own });
  }
  const peppers = [{ version: village.pepperVersion, key: toBase64url(keys.pepper.key) }];
  return { version: changes.version, more: changes.more, entries, clerks: told, peppers };
}

/** What rules of the county an entry is told by, and for whom. */
interface Telling {
  readonly tid: string;
  readonly at: number;
  readonly timeZone: string;
  readonly limits: Limits;
  readonly expires: boolean;
}

function tellingOf({ tid }: EpochRow, { policyJson, timeZone }: CountyRow, { nowMs }: DownlinkDeps): Telling {
  const { limits, lifeMs } = readPolicy(policyJson);
  return { tid, at: nowMs(), timeZone, limits, expires: lifeMs !== null };
}

interface Keys {
  readonly telling: Telling;
  readonly pepper: { readonly version: number; readonly key: Uint8Array };
  readonly terminalPepper: Uint8Array;
}

export function keysOf(epoch: EpochRow, village: VillageRow, county: CountyRow, deps: DownlinkDeps): Keys {
  const { seal } = deps;
  const key = seal.open(village.pepperSealed, `pepper:${village.village}.${village.pepperVersion}`);
  const terminalPepper = seal.open(epoch.pepperSealed, `terminal-pepper:${epoch.tid}.${epoch.ep}`);
  return { pepper: { version: village.pepperVersion, key }, terminalPepper, telling: tellingOf(epoch, county, deps) };
}

/** One account as a terminal may know it: masked, and with this village's tokens only. */
export async function entryOf(
  books: Reading,
  resident: ResidentRow,
  keys: Keys,
  deps: DownlinkDeps,
): Promise<RosterEntry> {
  const { acct, name, initials } = resident;
  const [free = 0] = await books.balances([ledgerAccount.account(acct)]);
  const cards = resident.leftAt === null ? await books.list('cards', 'ofAccount', { acct }) : [];
  const { tid, at, timeZone, limits, expires } = keys.telling;
  const used = await usedElsewhere(books, acct, { tid, day: businessDay(at, timeZone), at, limits });
  const expiring = expires ? await expiringOf(books, acct, at) : null;
  return {
    ...{ acct, name: maskName(name), initials, elsewhere: free },
    ...(used === undefined ? {} : { used }),
    ...(expiring === null ? {} : { expiring: { pts: expiring.pts, day: businessDay(expiring.at, timeZone) } }),
    cards: told(cards).map((card) => rosterCard(card, keys, deps)),
  };
}

/** An entry has room for so many: the good ones, then the latest of those that were blocked. */
const MOST_CARDS = 20;
function told(cards: readonly CardRow[]): readonly CardRow[] {
  if (cards.length <= MOST_CARDS) return cards;
  const good = cards.filter((card) => card.state === 'good');
  const blocked = cards.filter((card) => card.state === 'blocked').reverse();
  return [...good, ...blocked].slice(0, MOST_CARDS);
}

function rosterCard(row: CardRow, keys: Keys, deps: DownlinkDeps): RosterEntry['cards'][number] {
  const token = cardToken(keys.pepper, row.kind, toHex(deps.seal.open(row.uidSealed, 'uid')), deps.hashing);
  const told = { token, last4: row.last4, state: row.state };
  const card = row.unlockedAt === null ? told : { ...told, unlocked: row.unlockedAt };
  if (row.pinSalt === null || row.pinSealed === null) return card;
  const verifier = pinVerifier(keys.terminalPepper, deps.seal.open(row.pinSealed, 'pin'), deps.hashing);
  return { ...card, pin: { salt: row.pinSalt, verifier } };
}

/** Blocked cards of the whole county, under this village's pepper: for visitors, whom the roster does not name. */
async function blockedTokens(books: Reading, village: VillageRow, { seal, hashing }: DownlinkDeps): Promise<string[]> {
  const key = seal.open(village.pepperSealed, `pepper:${village.village}.${village.pepperVersion}`);
  const pepper = { version: village.pepperVersion, key };
  const blocked = await books.list('cards', 'inState', { state: 'blocked' });
  return blocked.map((card) => cardToken(pepper, card.kind, toHex(seal.open(card.uidSealed, 'uid')), hashing));
}

async function policyFor(
  books: Reading,
  epoch: EpochRow,
  county: CountyRow,
  { receiptBase }: DownlinkDeps,
): Promise<PolicyTold> {
  const shop = await books.get('shops', { shop: epoch.shop });
  const village = await books.get('villages', { village: epoch.village });
  const { capPts, pinAbovePts, limits, closeHour } = readPolicy(county.policyJson);
  return {
    ...{ version: county.policyVersion, timeZone: county.timeZone },
    place: {
      county: { zh: county.name, en: county.nameEn },
      village: { zh: village?.name ?? '', en: village?.nameEn ?? '' },
      shop: { zh: shop?.name ?? '', en: shop?.nameEn ?? '' },
      phone: shop?.phone ?? '',
    },
    ...{ receiptBase, capPts, pinAbovePts, limits, closeHour },
  };
}
