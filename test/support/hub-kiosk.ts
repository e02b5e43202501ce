import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import { nodeHashing } from '../../protocol/node/crypto.ts';
import { fromBase64url } from '../../protocol/primitives/base64url.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { memoryStore } from '../../terminal/journal/memory-store.ts';
import type { JournalStore } from '../../terminal/journal/port.ts';
import { enrolRequest, inject } from './fake-terminal.ts';
import type { TestHub } from './hub-fixture.ts';
import { type KioskFixture, kioskFixture } from './kiosk-fixture.ts';

/** A kiosk's own rules, enrolled at a whole hub: k1 of the first shop. `again` is the same kiosk after a restart. */
export async function kioskAtHub(hub: TestHub): Promise<KioskFixture & { again(): KioskFixture }> {
  const seed = new Uint8Array(32).fill(101); // the fixture's key of its first epoch
  const issued = await hub.now.enrolment.issue('k1', 's1', 'ann');
  if (!issued.ok) throw new Error(issued.code);
  const ask = async () => (await inject(hub, '/v1/enrol', enrolRequest(issued.value.code, seed))).json();
  const confirmed = await hub.now.enrolment.confirm('k1', 1, (await ask()).fingerprint, 'bob');
  if (!confirmed.ok) throw new Error(confirmed.code);
  const { enrolment: enrolmentJws, terminalPepper } = await ask();
  const enrolment = enrolmentDocument.readTrusted(enrolmentJws);
  const hubKey = fromBase64url(enrolment?.hubKey ?? '');
  const pepper = fromBase64url(terminalPepper);
  if (enrolment === null || hubKey === null || pepper === null) throw new Error('not enrolled');
  const enrolmentHash = hashOf(enrolmentJws, nodeHashing);
  const epoch = { tid: 'k1', ep: 1, enrolmentJws, enrolmentHash, hubKid: enrolment.hubKid, hubKey, pepper };
  const store: JournalStore = memoryStore();
  const start = () => {
    const kiosk = kioskFixture({ store, epoch, inc: enrolment.inc });
    kiosk.clock.at = hub.clock.ms;
    return kiosk;
  };
  return { ...start(), again: start };
}
