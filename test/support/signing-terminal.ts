import { gzipSync } from 'node:zlib';
import { fingerprintOf } from '../../hub/fleet/enrolment.ts';
import { ENROL_KID, enrolmentDocument, enrolRequestDocument, grantDocument } from '../../protocol/documents/kinds.ts';
import { signDetached } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { fromBase64url, toBase64url } from '../../protocol/primitives/base64url.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import type { Payload, RedeemPayload } from '../../protocol/records/payload.ts';
import { encodeRecord, hashOf, type SignedRecord } from '../../protocol/records/record.ts';
import type { EnrolAnswer, SyncRequest, SyncResponse } from '../../protocol/sync/messages.ts';
import type { HubFixture } from './tiny-hub.ts';

/** A terminal as the hub sees one: it enrols through the API, signs real records, sends real envelopes. */

const WANT_ALL = { visits: [], judged: 0, roster: 0, catalogue: 0, hotlist: 0, policy: 0 };
const seed = (n: number) => new Uint8Array(32).fill(n);

export async function enrol(hub: HubFixture, tid: string, n: number, cookies: { issuer: string; confirmer: string }) {
  const post = (url: string, cookie: string, payload: unknown) =>
    hub.app.inject({ method: 'POST', url, headers: { cookie }, payload: payload as object });
  const issued = await post('/api/console/terminals', cookies.issuer, { tid, shop: 's1' });
  const { code } = issued.json() as { code: string };
  const device = nodeSigner(ENROL_KID, seed(n));
  const request = enrolRequestDocument.sign({ v: 1, code, key: toBase64url(device.publicKey) }, device);
  const ask = async () =>
    (await hub.app.inject({ method: 'POST', url: '/v1/enrol', payload: request })).json() as EnrolAnswer;
  await ask();
  const fingerprint = fingerprintOf(device.publicKey, nodeHashing);
  const confirmed = await post(`/api/console/terminals/${tid}/confirm`, cookies.confirmer, { fingerprint });
  if (confirmed.statusCode !== 200) throw new Error(confirmed.body);
  const answer = await ask();
  if (answer.state !== 'enrolled') throw new Error('not enrolled');
  return fakeTerminal(hub, tid, seed(n), answer.enrolment);
}

export function fakeTerminal(hub: HubFixture, tid: string, key: Uint8Array, enrolmentJws: string) {
  const signer = nodeSigner(`${tid}.1`, key);
  const enrolment = enrolmentDocument.readTrusted(enrolmentJws);
  const hubKey = fromBase64url(enrolment?.hubKey ?? '') ?? new Uint8Array();
  const chain: SignedRecord[] = [];
  const spent: Map<string, number> = new Map();
  let requests = 0;

  function append(fields: Record<string, unknown>, tot: number): SignedRecord {
    const last = chain.at(-1);
    const payload = {
      ...{
        v: 1,
        tid,
        ep: 1,
        seq: chain.length + 1,
        prev: last?.hash ?? hashOf(enrolmentJws, nodeHashing),
        at: 1_800_000_000_000,
      },
      ...{ up: chain.length, boot: 'b', day: '2027-01-15', tot },
      ...fields,
    } as Payload;
    const record = encodeRecord(payload, signer, nodeHashing);
    chain.push(record);
    return record;
  }
  const tot = () => [...spent.values()].reduce((sum, each) => sum + each, 0);

  return {
    ...{ tid, signer, chain, hubKey },
    open: () => append({ type: 'open', reason: 'enrol', sw: 'test' }, 0),
    redeem(acct: string, sku: string, pts: number, change: Partial<RedeemPayload> = {}): SignedRecord {
      const S = (spent.get(acct) ?? 0) + pts;
      spent.set(acct, S);
      const auth = { level: 'uid', pin: false, hotlist: 0 };
      const fields = {
        type: 'redeem',
        acct,
        card: `1.${'A'.repeat(22)}`,
        lines: [{ sku, rev: 1, qty: 1, pts }],
        pts,
        S,
        V: 0,
        R: 0,
        auth,
      };
      return append({ ...fields, ...change }, tot());
    },
    body(records: readonly string[], change: Partial<SyncRequest> = {}): Uint8Array {
      const head = chain.at(-1);
      const request: SyncRequest = {
        ...{ v: 1, tid, ep: 1, via: 'net', id: `q${++requests}`, inc: enrolment?.inc ?? '' },
        have: { seq: head?.seq ?? 0, head: head?.hash ?? hashOf(enrolmentJws, nodeHashing) },
        ...{ records: [...records], want: WANT_ALL, texts: [], pins: [] },
        ...change,
      };
      return utf8(JSON.stringify(request));
    },
    async send(body: Uint8Array, options: { signature?: string; gzip?: boolean; to?: string } = {}) {
      const answer = await hub.app.inject({
        method: 'POST',
        url: `/v1/terminals/${options.to ?? tid}/sync`,
        headers: {
          'content-type': 'application/json',
          'tally-signature': options.signature ?? signDetached('tally-sync', body, signer),
          ...(options.gzip ? { 'content-encoding': 'gzip' } : {}),
        },
        payload: Buffer.from(options.gzip ? gzipSync(body) : body),
      });
      return { status: answer.statusCode, answer: answer.json() as SyncResponse & { code?: string }, raw: answer };
    },
    granted(answer: SyncResponse, acct: string): number {
      const grants = answer.grants.map((jws) => grantDocument.open(jws, 'hub.1', hubKey, nodeVerifying));
      return Math.max(0, ...grants.filter((grant) => grant?.acct === acct).map((grant) => grant?.G ?? 0));
    },
  };
}
export type FakeTerminal = ReturnType<typeof fakeTerminal>;
