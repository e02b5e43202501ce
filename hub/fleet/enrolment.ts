import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import { ENROL_KID, enrolmentDocument, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { isAcceptablePublicKey } from '../../protocol/jws/small-order.ts';
import { fromBase64url, toBase64url } from '../../protocol/primitives/base64url.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { groupedCode, normaliseCode } from '../../protocol/primitives/crockford.ts';
import { hashOf } from '../../protocol/records/record.ts';
import type { EnrolAnswer } from '../../protocol/sync/messages.ts';
import type { Seal } from '../programme/seal.ts';
import type { FleetStore } from './port.ts';

/** Enrolment: one-time code, key made on the device, fingerprint confirmed by a second operator. */

const CODE_LIFE_MS = 24 * 3_600_000;
const TID_PATTERN = /^[a-z0-9][a-z0-9-]{0,31}$/;

export interface EnrolmentDeps {
  readonly store: FleetStore;
  readonly seal: Seal;
  readonly crypto: Hashing & Verifying;
  readonly hub: Signer;
  readonly county: string;
  readonly inc: string;
  readonly nowMs: () => number;
  readonly randomBytes: (n: number) => Uint8Array;
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

export function createEnrolment(deps: EnrolmentDeps) {
  const { store, seal, crypto, hub } = deps;
  const codeHash = (code: string) => seal.index(utf8(`code:${code}`));

  /** Issues the one-time code of a new terminal. It is shown once and stored only as a keyed hash. */
  async function issue(tid: string, shop: string, by: string): Promise<Result<{ code: string; expiresAt: number }>> {
    if (!TID_PATTERN.test(tid)) return refused('bad-tid');
    const code = groupedCode(deps.randomBytes(8));
    const expiresAt = deps.nowMs() + CODE_LIFE_MS;
    const pepperSealed = seal.seal(deps.randomBytes(32), `terminal-pepper:${tid}.1`);
    const terminal = { tid, shop, codeHash: codeHash(code), codeExpiresAt: expiresAt, pepperSealed, by };
    const outcome = await store.createTerminal(terminal, deps.nowMs());
    return outcome === 'created' ? { ok: true, value: { code, expiresAt } } : refused(outcome);
  }

  /** What a device asks, again and again until it is confirmed. The same code and key get the same bytes. */
  async function request(jws: string): Promise<Result<EnrolAnswer>> {
    const claimed = enrolRequestDocument.readTrusted(jws);
    const publicKey = claimed === null ? null : fromBase64url(claimed.key);
    if (claimed === null || publicKey === null) return refused('bad-request');
    if (!isAcceptablePublicKey(publicKey)) return refused('weak-key');
    if (enrolRequestDocument.open(jws, ENROL_KID, publicKey, crypto) === null) return refused('bad-request');
    const code = normaliseCode(claimed.code);
    const epoch = await store.epochByCode(codeHash(code));
    if (epoch === null) return refused('unknown-code');
    if (epoch.publicKey === null && epoch.codeExpiresAt < deps.nowMs()) return refused('code-expired');
    const { tid, ep } = epoch;
    const fingerprint = fingerprintOf(publicKey, crypto);
    const outcome = await store.claimCode(tid, ep, publicKey, fingerprint);
    if (outcome !== 'claimed') return refused(outcome);
    if (epoch.enrolmentJws === null) return { ok: true, value: { state: 'pending', tid, fingerprint } };
    const terminalPepper = toBase64url(seal.open(epoch.pepperSealed, `terminal-pepper:${tid}.${ep}`));
    const mac = toBase64url(crypto.hmacSha256(utf8(code), utf8(`${epoch.enrolmentJws}.${terminalPepper}`)));
    return { ok: true, value: { state: 'enrolled', enrolment: epoch.enrolmentJws, terminalPepper, mac } };
  }

  /** The second person compared the fingerprint on the kiosk's screen with the one typed here. */
  async function confirm(tid: string, ep: number, typed: string, by: string): Promise<Result<true>> {
    const epoch = await store.epoch(tid, ep);
    if (epoch === null) return refused('unknown-terminal');
    if (epoch.state !== 'awaiting-confirmation' || epoch.publicKey === null) return refused('not-waiting');
    if (epoch.issuedBy === by) return refused('same-person');
    if (normaliseCode(typed) !== epoch.fingerprint) return refused('other-fingerprint');
    const at = deps.nowMs();
    const jws = enrolmentDocument.sign(
      {
        ...{ v: 1, county: deps.county, tid, ep, village: epoch.village, shop: epoch.shop },
        ...{
          key: toBase64url(epoch.publicKey),
          hubKid: hub.kid,
          hubKey: toBase64url(hub.publicKey),
          at,
          inc: deps.inc,
        },
      },
      hub,
    );
    const outcome = await store.confirm(tid, ep, by, jws, hashOf(jws, crypto), at);
    return outcome === 'opened' ? { ok: true, value: true } : refused(outcome);
  }

  return { issue, request, confirm };
}
export type Enrolment = ReturnType<typeof createEnrolment>;

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
