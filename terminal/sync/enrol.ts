import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import { ENROL_KID, enrolmentDocument, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { fromBase64url, toBase64url } from '../../protocol/primitives/base64url.ts';
import { equalBytes, utf8 } from '../../protocol/primitives/bytes.ts';
import { normaliseCode } from '../../protocol/primitives/crockford.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { enrolAnswerCheck } from '../../protocol/sync/messages.ts';
import type { EpochRow } from '../journal/port.ts';

/** The device's half of enrolment: shows its key with the one-time code, waits for a person, pins the hub. */

export type EnrolStep =
  | { readonly state: 'pending'; readonly tid: string; readonly fingerprint: string }
  | { readonly state: 'enrolled'; readonly epoch: EpochRow }
  | { readonly state: 'unreachable'; readonly says: string }
  | { readonly state: 'refused'; readonly error: string; readonly whatToDo: string };

/** `signerFor` gives the device's one key under whatever kid is asked for. */
export async function enrolOnce(
  hubUrl: string,
  typedCode: string,
  signerFor: (kid: string) => Signer,
  crypto: Hashing & Verifying,
): Promise<EnrolStep> {
  const code = normaliseCode(typedCode);
  const device = signerFor(ENROL_KID);
  const request = enrolRequestDocument.sign({ v: 1, code, key: toBase64url(device.publicKey) }, device);
  let status: number;
  let answer: unknown;
  try {
    const response = await fetch(`${hubUrl}/v1/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/jose' },
      body: request,
      signal: AbortSignal.timeout(10_000),
    });
    status = response.status;
    answer = await response.json();
  } catch (error) {
    return { state: 'unreachable', says: (error as Error).message };
  }
  if (status !== 200) {
    const { error, whatToDo } = answer as { error?: string; whatToDo?: string };
    return {
      state: 'refused',
      error: error ?? `The hub answered ${status}.`,
      whatToDo: whatToDo ?? 'Try again later.',
    };
  }
  if (!enrolAnswerCheck.Check(answer)) return { state: 'unreachable', says: 'not a hub of ours' };
  if (answer.state === 'pending') return answer;
  return accepted(answer, code, device.publicKey, crypto);
}

function accepted(
  answer: { enrolment: string; terminalPepper: string; mac: string },
  code: string,
  publicKey: Uint8Array,
  crypto: Hashing & Verifying,
): EnrolStep {
  const refused = (error: string): EnrolStep => ({
    state: 'refused',
    error,
    whatToDo: 'Ask the county for a new code.',
  });
  const enrolment = enrolmentDocument.readTrusted(answer.enrolment);
  const hubKey = enrolment === null ? null : fromBase64url(enrolment.hubKey);
  const pepper = fromBase64url(answer.terminalPepper);
  const mac = fromBase64url(answer.mac);
  if (enrolment === null || hubKey === null || pepper === null || mac === null)
    return refused('The enrolment cannot be read.');
  // Only who knows the one-time code can have made this mac: so the hub's key in it may be trusted from now on.
  const expected = crypto.hmacSha256(utf8(code), utf8(`${answer.enrolment}.${answer.terminalPepper}`));
  if (!equalBytes(mac, expected)) return refused('The enrolment was not made by the hub that issued this code.');
  if (enrolmentDocument.open(answer.enrolment, enrolment.hubKid, hubKey, crypto) === null)
    return refused('Its signature does not hold.');
  if (enrolment.key !== toBase64url(publicKey)) return refused('The enrolment is for another key.');
  const { tid, ep, hubKid } = enrolment;
  const enrolmentHash = hashOf(answer.enrolment, crypto);
  return {
    state: 'enrolled',
    epoch: { tid, ep, enrolmentJws: answer.enrolment, enrolmentHash, hubKid, hubKey, pepper },
  };
}
