import { ENROL_KID, enrolmentDocument, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { parseDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { fromBase64url, toBase64url } from '../../protocol/primitives/base64url.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { type SyncResponse, syncResponseCheck } from '../../protocol/sync/messages.ts';
import { seedOf } from '../simulate/kiosk-node.ts';
import type { Adapter, Hub, Said } from './adapter.ts';
import { ANN, BEN, conformanceCounty, PLACES, type Place, placeOf } from './county.ts';
import { type Exported, readExport } from './exported.ts';
import { type Honest, type HonestOptions, honestKiosk } from './honest.ts';
import { type Chain, createChain, type Fields } from './hostile.ts';

/** One hub under test, and what stories ask of it. */

interface Enrolled {
  readonly enrolmentJws: string;
  readonly hubKid: string;
  readonly hubKey: Uint8Array;
  readonly inc: string;
}
export interface Hostile extends Chain {
  readonly place: Place;
  /** A sync that must be answered, in an envelope of its key. */
  send(records: readonly (string | { readonly jws: string })[], patch?: Fields): Promise<SyncResponse>;
}
export interface Run {
  readonly adapter: Adapter;
  readonly hub: Hub;
  /** A village nobody has been told of yet. */
  place(): Place;
  honest(place?: Place): Promise<Honest>;
  /** A kiosk whose key a story holds; its residents' points are granted to it already. */
  hostile(place?: Place): Promise<Hostile>;
  /** Two people do it. */
  two(kind: string, detail: Fields): Promise<Said>;
  credit(credit: string, acct: string, pts: number, again?: boolean): Promise<void>;
  books(): Promise<Exported>;
  /** Another hub of the same kind, for a story that breaks it; ends with this one. */
  fresh(): Promise<Run>;
  close(): Promise<void>;
}

/** `kiosks`: what all honest kiosks of this run have in common. */
export async function openRun(adapter: Adapter, kiosks: HonestOptions = {}): Promise<Run> {
  const hub = await adapter.open(conformanceCounty());
  const others: Run[] = [];
  let [places, questions] = [0, 0];
  const run: Run = {
    ...{ adapter, hub },
    place() {
      places += 1;
      if (places > PLACES) throw new Error(`this county has ${PLACES} villages; make it larger`);
      return placeOf(places);
    },
    async honest(place = run.place()) {
      const { enrolmentJws, hubKid, hubKey } = await enrol(hub, place);
      const kiosk = honestKiosk(hub, place, kiosks);
      const pepper = new Uint8Array(32);
      kiosk.enrolled({
        ...{ tid: place.tid, ep: 1, enrolmentJws, enrolmentHash: hashOf(enrolmentJws, nodeHashing) },
        ...{ hubKid, hubKey, pepper },
      });
      await kiosk.sync();
      return kiosk;
    },
    async hostile(place = run.place()) {
      const { enrolmentJws, hubKid, hubKey, inc } = await enrol(hub, place);
      const chain = createChain(place, deviceSeed(place.tid), hashOf(enrolmentJws, nodeHashing), hub.nowMs());
      const hostile: Hostile = {
        ...{ ...chain, place },
        async send(records, patch = {}) {
          questions += 1;
          const jws = records.map((record) => (typeof record === 'string' ? record : record.jws));
          const { body, signature } = chain.envelope(jws, `h${questions}`, inc, patch);
          const answer = await hub.sync(place.tid, body, signature);
          if (!answer.ok) throw new Error(`${place.tid} got no answer: ${answer.says}`);
          return opened(answer.body, answer.signature, hubKid, hubKey);
        },
      };
      await hostile.send([]);
      return hostile;
    },
    async two(kind, detail) {
      return hub.approve(await hub.propose(kind, detail, ANN), BEN);
    },
    async credit(credit, acct, pts, again = false) {
      must(await hub.makeCredit({ credit, acct, pts, ...(again ? { again } : {}) }, ANN));
      must(await hub.approveCredit(credit, BEN));
      await hub.calendar();
    },
    books: async () => readExport(await hub.export()),
    async fresh() {
      const other = await openRun(adapter, kiosks);
      others.push(other);
      return other;
    },
    async close() {
      for (const other of others) await other.close();
      await hub.close();
    },
  };
  return run;
}

const deviceSeed = (tid: string) => nodeHashing.sha256(utf8(seedOf(tid, 1)));

/** One-time code by one person, key made on the device, fingerprint confirmed by another. */
async function enrol(hub: Hub, { tid, shop }: Place): Promise<Enrolled> {
  const { code } = await hub.issueCode(tid, shop, ANN);
  const device = nodeSigner(ENROL_KID, deviceSeed(tid));
  const request = enrolRequestDocument.sign({ v: 1, code, key: toBase64url(device.publicKey) }, device);
  const asked = await hub.enrol(request);
  if (asked.state !== 'pending') throw new Error(`${tid} was not asked for its fingerprint: ${asked.state}`);
  must(await hub.confirm(tid, asked.fingerprint, BEN));
  const answer = await hub.enrol(request);
  if (answer.state !== 'enrolled') throw new Error(`${tid} was not enrolled: ${answer.state}`);
  const document = enrolmentDocument.readTrusted(answer.enrolment);
  const hubKey = fromBase64url(document?.hubKey ?? '');
  if (document === null || hubKey === null) throw new Error(`the enrolment of ${tid} cannot be read`);
  return { enrolmentJws: answer.enrolment, hubKid: document.hubKid, hubKey, inc: document.inc };
}

function opened(body: Uint8Array, signature: string, kid: string, key: Uint8Array): SyncResponse {
  const parsed = parseDetached('tally-sync', signature, body);
  const holds = parsed !== null && parsed.kid === kid && verifyCompact(parsed, key, nodeVerifying);
  const response: unknown = JSON.parse(Buffer.from(body).toString());
  if (!holds || !syncResponseCheck.Check(response)) throw new Error('the hub’s answer is not one');
  return response;
}

function must(said: Said): void {
  if (!said.ok) throw new Error(`${said.code}: ${said.says}`);
}
