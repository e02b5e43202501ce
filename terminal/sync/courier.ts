import type { Signer, Verifying } from '../../protocol/crypto.ts';
import type { Carried } from '../../protocol/sync/courier.ts';
import { openSigned, packRequest } from './envelope.ts';
import type { Accepted, Outbox } from './outbox.ts';

/** The sync of a kiosk without a network: the same questions and answers, carried on a stick. */

export interface Bundles {
  readonly bundles: readonly Carried[];
  /** Records that are on no bundle yet: they go on the next stick. */
  readonly left: number;
}
export type NotTaken = 'not-our-hub' | 'another-kiosk' | 'not-asked';
export type Taken =
  | { readonly ok: true; readonly accepted: Accepted }
  | { readonly ok: false; readonly code: NotTaken };

export function writeBundles(outbox: Pick<Outbox, 'courier'>, signer: Signer): Bundles {
  const { requests, left } = outbox.courier();
  return { bundles: requests.map((request) => packRequest(request, signer)), left };
}

/** Everything that the answer brings is durable when this returns. */
export function takeAnswer(
  { body, signature }: Carried,
  epoch: { readonly tid: string; readonly ep: number },
  outbox: Pick<Outbox, 'accept'>,
  hubKeys: ReadonlyMap<string, Uint8Array>,
  verifying: Verifying,
): Taken {
  const response = openSigned(body, signature, hubKeys, verifying);
  if (response === null) return { ok: false, code: 'not-our-hub' };
  if (response.tid !== epoch.tid || response.ep !== epoch.ep) return { ok: false, code: 'another-kiosk' };
  const accepted = outbox.accept(response);
  return accepted.ours ? { ok: true, accepted } : { ok: false, code: 'not-asked' };
}

export const NOT_TAKEN: Readonly<Record<NotTaken, readonly [error: string, whatToDo: string]>> = {
  'not-our-hub': [
    'This answer is not signed by the hub this kiosk was enrolled at, or it was damaged on its way.',
    'Take the bundle to the hub again.',
  ],
  'another-kiosk': [
    'This answer is for another kiosk, or for this kiosk before it was enrolled anew.',
    'Carry it there.',
  ],
  'not-asked': [
    'This answer was taken already, or the hub began anew since the bundle was written. Nothing was changed.',
    'If records still wait, write a new bundle with `terminal courier out`.',
  ],
};
