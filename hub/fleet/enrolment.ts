import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import { ENROL_KID, enrolmentDocument, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { isAcceptablePublicKey } from '../../protocol/jws/small-order.ts';
import { fromBase64url, toBase64url } from '../../protocol/primitives/base64url.ts';
import { equalBytes, utf8 } from '../../protocol/primitives/bytes.ts';
import { groupedCode, normaliseCode } from '../../protocol/primitives/crockford.ts';
import { hashOf } from '../../protocol/records/record.ts';
import type { EnrolAnswer } from '../../protocol/sync/messages.ts';
import type { BookStore, Books } from '../ledger/books.ts';
import { NO_SUMS } from '../ledger/day-sums.ts';
import type { EpochRow, ShopRow } from '../ledger/tables.ts';
import type { Seal } from '../programme/seal.ts';
import { settleOfChain } from '../reconcile/exceptions.ts';

/** Enrolment: one-time code, key made on the device, fingerprint confirmed by a second operator. */

const CODE_LIFE_MS = 24 * 3_600_000;
const TID_PATTERN = /^[a-z0-9][a-z0-9-]{0,31}$/;

export interface EnrolmentDeps {
  readonly store: BookStore;
  readonly seal: Seal;
  readonly crypto: Hashing & Verifying;
  readonly hub: Signer;
  readonly nowMs: () => number;
  readonly randomBytes: (n: number) => Uint8Array;
  /** Puts the enrolled epoch where the backups are; durable when it returns. */
  readonly keepCopy?: (row: EpochRow) => void;
}

export type EnrolRefusal =
  | 'bad-tid'
  | 'tid-taken'
  | 'unknown-shop'
  | 'bad-request'
  | 'weak-key'
  | 'unknown-code'
  | 'code-expired'
  | 'other-key'
  | 'key-in-use'
  | 'unknown-terminal'
  | 'not-waiting'
  | 'same-person'
  | 'other-fingerprint';
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: EnrolRefusal };

const refused = (code: EnrolRefusal): { ok: false; code: EnrolRefusal } => ({ ok: false, code });

/** Shown on the kiosk and in the console: two people compare the two. */
export function fingerprintOf(publicKey: Uint8Array, hashing: Hashing): string {
  return groupedCode(hashing.sha256(publicKey));
}

export interface IssuedCode {
  readonly ep: number;
  readonly code: string;
  readonly expiresAt: number;
}

export function createEnrolment(deps: EnrolmentDeps) {
  const { store, seal, crypto, hub } = deps;
  const codeHash = (code: string) => seal.index(utf8(`code:${code}`));

  /** Issues the one-time code of a new terminal. It is shown once and stored only as a keyed hash. */
  async function issue(tid: string, shop: string, by: string): Promise<Result<IssuedCode>> {
    if (!TID_PATTERN.test(tid)) return refused('bad-tid');
    return store.write(async (books) => {
      const place = await books.get('shops', { shop });
      if (place === undefined) return refused('unknown-shop');
      if ((await books.get('terminals', { tid })) !== undefined) return refused('tid-taken');
      await books.add('terminals', [{ tid, shop, lastSyncAt: null, healthJson: null }]);
      return addEpoch(books, tid, 1, place, by, 'terminal-created');
    });
  }

  /** The next epoch of a known terminal: restored, replaced, moved to another shop. Ends the one before when confirmed. */
  async function issueNext(tid: string, shop: string, by: string): Promise<Result<IssuedCode>> {
    return store.write(async (books) => {
      const terminal = await books.get('terminals', { tid });
      if (terminal === undefined) return refused('unknown-terminal');
      const place = await books.get('shops', { shop });
      if (place === undefined) return refused('unknown-shop');
      const epochs = await books.list('epochs', 'ofTerminal', { tid });
      await books.put('terminals', [{ ...terminal, shop }]);
      return addEpoch(books, tid, (epochs.at(-1)?.ep ?? 0) + 1, place, by, 'epoch-issued');
    });
  }

  async function addEpoch(books: Books, tid: string, ep: number, place: ShopRow, by: string, act: string) {
    const code = groupedCode(deps.randomBytes(8));
    const at = deps.nowMs();
    const expiresAt = at + CODE_LIFE_MS;
    const pepperSealed = seal.seal(deps.randomBytes(32), `terminal-pepper:${tid}.${ep}`);
    const issued = { codeHash: codeHash(code), codeExpiresAt: expiresAt, issuedBy: by, pepperSealed };
    await books.add('epochs', [{ ...emptyEpoch(tid, ep, place.shop, place.village), ...issued }]);
    await books.audit({ at, user: by, act, subject: tid, detail: { ep, shop: place.shop } });
    return { ok: true as const, value: { ep, code, expiresAt } };
  }

  /** What a device asks, again and again until it is confirmed. The same code and key get the same bytes. */
  async function request(jws: string): Promise<Result<EnrolAnswer>> {
    const claimed = enrolRequestDocument.readTrusted(jws);
    const publicKey = claimed === null ? null : fromBase64url(claimed.key);
    if (claimed === null || publicKey === null) return refused('bad-request');
    if (!isAcceptablePublicKey(publicKey)) return refused('weak-key');
    if (enrolRequestDocument.open(jws, ENROL_KID, publicKey, crypto) === null) return refused('bad-request');
    const code = normaliseCode(claimed.code);
    const fingerprint = fingerprintOf(publicKey, crypto);
    const claim = await store.write((books) => claimCode(books, codeHash(code), publicKey, fingerprint, deps.nowMs()));
    if (typeof claim === 'string') return refused(claim);
    const { tid, ep, enrolmentJws } = claim;
    if (enrolmentJws === null) return { ok: true, value: { state: 'pending', tid, fingerprint } };
    // Before the device learns that it may hold points: a hub restored from an older backup must know that it exists.
    deps.keepCopy?.(claim);
    const terminalPepper = toBase64url(seal.open(claim.pepperSealed, `terminal-pepper:${tid}.${ep}`));
    const mac = toBase64url(crypto.hmacSha256(utf8(code), utf8(`${enrolmentJws}.${terminalPepper}`)));
    return { ok: true, value: { state: 'enrolled', enrolment: enrolmentJws, terminalPepper, mac } };
  }

  /** The second person compared the fingerprint on the kiosk's screen with the one typed here. */
  async function confirm(tid: string, ep: number, typed: string, by: string): Promise<Result<true>> {
    return store.write(async (books) => {
      const epoch = await books.get('epochs', { tid, ep });
      const county = await books.get('counties', {});
      if (epoch === undefined || county === undefined) return refused('unknown-terminal');
      if (epoch.state !== 'awaiting-confirmation' || epoch.publicKey === null) return refused('not-waiting');
      if (epoch.issuedBy === by) return refused('same-person');
      if (normaliseCode(typed) !== epoch.fingerprint) return refused('other-fingerprint');
      const at = deps.nowMs();
      const jws = enrolmentDocument.sign(
        {
          ...{ v: 1, county: county.id, tid, ep, village: epoch.village, shop: epoch.shop },
          ...{ key: toBase64url(epoch.publicKey), hubKid: hub.kid, hubKey: toBase64url(hub.publicKey) },
          ...{ at, inc: county.inc },
        },
        hub,
      );
      await endBefore(books, tid, ep, at);
      const opened = { enrolmentJws: jws, enrolmentHash: hashOf(jws, crypto), reportedInc: county.inc };
      await books.put('epochs', [{ ...epoch, state: 'open', confirmedBy: by, ...opened }]);
      const residents = await books.list('residents', 'ofVillage', { village: epoch.village });
      await books.put(
        'dues',
        residents.map(({ village, acct }) => ({ village, acct })),
      );
      const detail = { ep, fingerprint: epoch.fingerprint };
      await books.audit({ at, user: by, act: 'enrolment-confirmed', subject: tid, detail });
      return { ok: true, value: true };
    });
  }

  /** A terminal has one epoch at most that waits: its newest. */
  async function confirmNewest(tid: string, typed: string, by: string): Promise<Result<true>> {
    const epochs = await store.read((books) => books.list('epochs', 'ofTerminal', { tid }));
    return confirm(tid, epochs.at(-1)?.ep ?? 1, typed, by);
  }

  return { issue, issueNext, request, confirm, confirmNewest };
}
export type Enrolment = ReturnType<typeof createEnrolment>;

/** Pins the first key that shows the code; a second key for the same code is refused. */
async function claimCode(
  books: Books,
  codeHash: Uint8Array,
  publicKey: Uint8Array,
  fingerprint: string,
  at: number,
): Promise<EpochRow | EnrolRefusal> {
  const [epoch] = await books.list('epochs', 'byCode', { codeHash });
  if (epoch === undefined) return 'unknown-code';
  if (epoch.publicKey !== null) return equalBytes(epoch.publicKey, publicKey) ? epoch : 'other-key';
  if (epoch.codeExpiresAt < at) return 'code-expired';
  if ((await books.list('epochs', 'byKey', { publicKey })).length > 0) return 'key-in-use';
  const claimed: EpochRow = { ...epoch, publicKey, fingerprint, state: 'awaiting-confirmation' };
  await books.put('epochs', [claimed]);
  return claimed;
}

/** Two people have opened the next epoch: by that the one before has ended, whatever its kiosk still does. */
async function endBefore(books: Books, tid: string, ep: number, at: number): Promise<void> {
  const earlier = (await books.list('epochs', 'ofTerminal', { tid })).filter((row) => row.ep < ep);
  const ended = earlier.flatMap((row): EpochRow[] => {
    if (row.state === 'open' || row.state === 'frozen') return [{ ...row, state: 'ended' }];
    const waiting = row.state === 'awaiting-device' || row.state === 'awaiting-confirmation';
    return waiting ? [{ ...row, state: 'revoked' }] : [];
  });
  await books.put('epochs', ended);
  // The kiosk that came back old, or miscounted, sells no more under that epoch.
  for (const row of earlier) await settleOfChain(books, row, ['rollback', 'wrong-chain', 'clock'], at);
}

export function emptyEpoch(tid: string, ep: number, shop: string, village: string): EpochRow {
  return {
    ...{ tid, ep, shop, village, state: 'awaiting-device', codeHash: new Uint8Array(), codeExpiresAt: 0, issuedBy: '' },
    ...{ publicKey: null, fingerprint: null, confirmedBy: null, pepperSealed: new Uint8Array(), enrolmentJws: null },
    ...{ enrolmentHash: null, storedSeq: 0, storedHead: null, topSeq: 0, judgedSeq: 0, judgedHead: null, judgedTot: 0 },
    ...{
      judgedAt: 0,
      forkedSeq: null,
      brokenSeq: null,
      revokedSeq: null,
      endSeq: null,
      closeSeq: 0,
      closedSeq: 0,
      day: NO_SUMS,
    },
    ...{ waitsCode: null, reportedInc: null },
  };
}

/** What happened and what to do, for every refusal. */
export const ENROL_SENTENCES: Readonly<Record<EnrolRefusal, readonly [error: string, whatToDo: string]>> = {
  'bad-tid': ['That is no terminal id.', 'Use small letters, digits and hyphens, at most 32.'],
  'tid-taken': ['A terminal with this id exists already.', 'Choose another id, or replace the terminal.'],
  'unknown-shop': ['This county has no such shop.', 'Choose a shop from the list.'],
  'bad-request': ['The request to enrol cannot be read, or its signature does not hold.', 'Start the kiosk again.'],
  'weak-key': ['The kiosk’s key is not safe to use.', 'Delete the kiosk’s data folder and start it again.'],
  'unknown-code': ['No terminal waits for this one-time code.', 'Check the code, or ask the county for a new one.'],
  'code-expired': ['This one-time code has expired.', 'Ask the county for a new code.'],
  'other-key': ['This code was used by another device.', 'Ask the county for a new code, and tell them about this.'],
  'key-in-use': ['This key belongs to another terminal.', 'Delete the kiosk’s data folder and start it again.'],
  'unknown-terminal': ['There is no such terminal.', 'Go back to the list of terminals.'],
  'not-waiting': ['This terminal does not wait for a confirmation.', 'Reload the list of terminals.'],
  'same-person': ['You issued this code, so somebody else must confirm it.', 'Ask another operator.'],
  'other-fingerprint': [
    'This is not the fingerprint the kiosk sent.',
    'Read it again from the kiosk’s screen. If it still differs, do not confirm, and look at the kiosk.',
  ],
};
