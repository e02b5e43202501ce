import { type Enrolment, fingerprintOf } from '../../hub/fleet/enrolment.ts';
import { ENROL_KID, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { OPERATORS } from './places.ts';
import { secretOf, type VillagePlan } from './plan.ts';

/** Enrols a terminal as people do: one issues the code, the device shows its key, another confirms. */
export async function enrolTerminal(enrolment: Enrolment, seed: number, { tid, shop }: VillagePlan): Promise<void> {
  const [issuer, checker] = OPERATORS;
  const issued = await enrolment.issue(tid, shop, issuer);
  if (!issued.ok) throw new Error(`enrolling ${tid}: ${issued.code}`);
  const device = nodeSigner(ENROL_KID, secretOf(seed, `key ${tid}`));
  const key = toBase64url(device.publicKey);
  const asked = await enrolment.request(enrolRequestDocument.sign({ v: 1, code: issued.value.code, key }, device));
  if (!asked.ok) throw new Error(`enrolling ${tid}: ${asked.code}`);
  const confirmed = await enrolment.confirm(tid, 1, fingerprintOf(device.publicKey, nodeHashing), checker);
  if (!confirmed.ok) throw new Error(`enrolling ${tid}: ${confirmed.code}`);
}
