import { pinVerifier } from '../../protocol/cards/pin.ts';
import { cardToken } from '../../protocol/cards/token.ts';
import type { Hashing, Signer } from '../../protocol/crypto.ts';
import { grantDocument } from '../../protocol/documents/kinds.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { toHex } from '../../protocol/primitives/bytes.ts';
import {
  DEFAULT_CLOSE_HOUR,
  NO_LIMITS,
  type Policy,
  type Roster,
  type RosterEntry,
  SYNC_LIMITS,
  type SyncRequest,
  type SyncResponse,
} from '../../protocol/sync/messages.ts';
import { GRANT_LIFE_MS } from '../ledger/grants.ts';
import { maskName } from '../programme/mask.ts';
import type { Seal } from '../programme/seal.ts';
import type { CardRow, CountyRow, DownlinkStore, EpochRecord } from './port.ts';

/** Builds what goes down to one terminal: grants, roster, catalogue, hotlist, policy; only what it does not have yet. */

export interface DownlinkDeps {
  readonly store: DownlinkStore;
  readonly seal: Seal;
  readonly hashing: Hashing;
  readonly hub: Signer;
  /** Where a receipt's QR leads, without a slash at its end. */
  readonly receiptBase: string;
  readonly nowMs: () => number;
}
export type Downlink = Pick<SyncResponse, 'grants' | 'roster' | 'catalogue' | 'hotlist' | 'policy'>;

export function createDownlink(deps: DownlinkDeps) {
  const { store, seal } = deps;

  async function topUp(epoch: EpochRecord, county: CountyRow): Promise<void> {
    const at = deps.nowMs();
    const { tid, ep, village } = epoch;
    const sign = (acct: string, G: number) =>
      grantDocument.sign({ v: 1, tid, ep, acct, G, notAfter: at + GRANT_LIFE_MS, inc: county.inc }, deps.hub);
    await store.topUp({ tid, ep, village, capPts: county.policy.capPts, limit: SYNC_LIMITS.grants, at, sign });
  }

  return async function downlink(epoch: EpochRecord, want: SyncRequest['want']): Promise<Downlink & { more: boolean }> {
    const county = await store.county();
    const pepper = await store.pepper(epoch.village);
    if (county === null || pepper === null) return { grants: [], more: false };
    if (epoch.state === 'open') await topUp(epoch, county);
    const { tid, ep, village } = epoch;
    const limit = SYNC_LIMITS.rosterEntries;
    const changes = await store.changesSince({ tid, ep, village, version: want.roster, limit });
    const key = seal.open(pepper.sealed, `pepper:${village}.${pepper.version}`);
    const terminalPepper = seal.open(epoch.pepperSealed, `terminal-pepper:${tid}.${ep}`);
    const cards = (rows: readonly CardRow[]) =>
      rows.map((row) => rosterCard(row, { version: pepper.version, key }, terminalPepper, deps));
    const roster: Roster = {
      version: changes.version,
      more: changes.more,
      entries: changes.rows.map(
        (row): RosterEntry => ({
          acct: row.acct,
          name: maskName(row.name),
          initials: row.initials,
          elsewhere: row.freePts,
          cards: cards(row.cards),
        }),
      ),
      clerks: changes.clerks.map((row) => ({ clerk: row.clerk, name: maskName(row.name), cards: cards(row.cards) })),
      peppers: [{ version: pepper.version, key: toBase64url(key) }],
    };
    return {
      grants: [...changes.grants],
      more: changes.more,
      ...(changes.version > want.roster ? { roster } : {}),
      ...(county.catalogueVersion > want.catalogue ? { catalogue: county.catalogueJws } : {}),
      ...(county.hotlistVersion > want.hotlist ? { hotlist: { version: county.hotlistVersion, tokens: [] } } : {}),
      ...(county.policyVersion > want.policy ? { policy: await policyFor(epoch, county) } : {}),
    };
  };

  async function policyFor(epoch: EpochRecord, county: CountyRow): Promise<Policy> {
    const place = await store.place(epoch.shop);
    const nowhere = { zh: '', en: '' };
    return {
      version: county.policyVersion,
      timeZone: county.timeZone,
      place: {
        county: { zh: county.name, en: county.nameEn },
        village: place?.village ?? nowhere,
        shop: place?.shop ?? nowhere,
        phone: place?.phone ?? '',
      },
      receiptBase: deps.receiptBase,
      ...{ limits: NO_LIMITS, closeHour: DEFAULT_CLOSE_HOUR, ...county.policy },
    };
  }
}

function rosterCard(
  row: CardRow,
  pepper: { version: number; key: Uint8Array },
  terminalPepper: Uint8Array,
  deps: DownlinkDeps,
): RosterEntry['cards'][number] {
  const token = cardToken(pepper, row.kind, toHex(deps.seal.open(row.uidSealed, 'uid')), deps.hashing);
  if (row.pinSalt === null || row.pinSealed === null) return { token, last4: row.last4, state: row.state };
  const verifier = pinVerifier(terminalPepper, deps.seal.open(row.pinSealed, 'pin'), deps.hashing);
  return { token, last4: row.last4, state: row.state, pin: { salt: row.pinSalt, verifier } };
}
