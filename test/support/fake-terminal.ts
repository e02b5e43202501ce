import { gzipSync } from 'node:zlib';
import { ENROL_KID, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { parseDetached, signCompact, signDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { type SyncResponse, syncResponseCheck } from '../../protocol/sync/messages.ts';
import { hubSigner, START_MS, type TestHub } from './hub-fixture.ts';

/** A terminal that signs real records and says what a test wants it to say, also what no honest one would. */

export interface Signed {
  readonly jws: string;
  readonly hash: string;
  readonly seq: number;
}
export type Fields = Readonly<Record<string, unknown>>;
export const GENESIS = toBase64url(new Uint8Array(32));
export const seedOf = (tid: string) => nodeHashing.sha256(utf8(`seed of ${tid}`));

/** The chain of one epoch. `patch` overwrites any field after it was filled in honestly. */
export function createChain(tid: string, genesis = GENESIS, seed = seedOf(tid)) {
  const signer = nodeSigner(`${tid}.1`, seed);
  const spent: Map<string, number> = new Map();
  let seq = 0;
  let head = genesis;
  let tot = 0;

  function sign(payload: Fields): Signed {
    const jws = signCompact('tally-record', utf8(JSON.stringify(payload)), signer);
    return { jws, hash: hashOf(jws, nodeHashing), seq: Number(payload.seq) };
  }
  function append(fields: Fields, patch: Fields = {}): Signed {
    const at = START_MS + seq * 1000;
    const common = { v: 1, tid, ep: 1, seq: seq + 1, prev: head, at, up: seq, boot: 'b', day: '2026-03-01', tot };
    const signed = sign({ ...common, ...fields, ...patch });
    seq += 1;
    head = signed.hash;
    return signed;
  }
  function redeem(acct: string, qty = 1, patch: Fields = {}): Signed {
    const pts = qty * 10;
    const S = (spent.get(acct) ?? 0) + pts;
    spent.set(acct, S);
    tot += pts;
    const lines = [{ sku: 'rice', rev: 1, qty, pts: 10 }];
    const auth = { level: 'uid', pin: false, hotlist: 0 };
    return append({ type: 'redeem', acct, card: `1.${'A'.repeat(22)}`, lines, pts, S, V: 0, R: 0, auth }, patch);
  }
  return {
    ...{ tid, signer, sign, append, redeem },
    open: (patch: Fields = {}) => append({ type: 'open', reason: 'enrol', sw: '0' }, patch),
    /** Another record in the place of the last one, signed by the same key. */
    forkOf: (record: Signed, patch: Fields = { boot: 'other' }) => {
      const payload = JSON.parse(Buffer.from(record.jws.split('.')[1] ?? '', 'base64url').toString()) as Fields;
      return sign({ ...payload, ...patch });
    },
    head: () => ({ seq, head }),
  };
}
export type Chain = ReturnType<typeof createChain>;

export const inject = (hub: TestHub, url: string, payload: Buffer | string, headers: Record<string, string> = {}) =>
  hub.now.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/octet-stream', ...headers },
  });

/** What a device asks with; `seed` is its key. */
export function enrolRequest(code: string, seed: Uint8Array): string {
  const device = nodeSigner(ENROL_KID, seed);
  return enrolRequestDocument.sign({ v: 1, code, key: toBase64url(device.publicKey) }, device);
}

/** Enrols by code, request and confirmation; answers a terminal whose chain begins at its enrolment. */
export async function enrolTerminal(hub: TestHub, tid = 'k1', shop = 's1') {
  const { enrolment } = hub.now;
  const issued = await enrolment.issue(tid, shop, 'ann');
  if (!issued.ok) throw new Error(issued.code);
  const ask = async () => (await inject(hub, '/v1/enrol', enrolRequest(issued.value.code, seedOf(tid)))).json();
  const confirmed = await enrolment.confirm(tid, 1, (await ask()).fingerprint, 'bob');
  if (!confirmed.ok) throw new Error(confirmed.code);
  const chain = createChain(tid, hashOf((await ask()).enrolment, nodeHashing));
  return { ...chain, ...syncing(hub, chain) };
}
export type FakeTerminal = Awaited<ReturnType<typeof enrolTerminal>>;

function syncing(hub: TestHub, chain: Chain) {
  let n = 0;
  function body(records: readonly Signed[] | readonly string[], patch: Fields = {}): Buffer {
    n += 1;
    const want = { visits: [], judged: 0, roster: 0, catalogue: 0, hotlist: 0, policy: 0 };
    const common = {
      v: 1,
      tid: chain.tid,
      ep: 1,
      via: 'net',
      id: `q${n}`,
      inc: hub.now.inc,
      have: chain.head(),
      want,
      texts: [],
      pins: [],
    };
    const jws = records.map((record) => (typeof record === 'string' ? record : record.jws));
    return Buffer.from(JSON.stringify({ ...common, records: jws, ...patch }));
  }
  async function post(bytes: Buffer, headers: Record<string, string> = {}, by = chain.signer) {
    const signature = signDetached('tally-sync', bytes, by);
    const zipped = headers['content-encoding'] === 'gzip';
    const url = `/v1/terminals/${chain.tid}/sync`;
    return inject(hub, url, zipped ? gzipSync(bytes) : bytes, { 'tally-signature': signature, ...headers });
  }
  /** A sync that must be answered, with its signature checked. */
  async function sync(records: readonly Signed[] | readonly string[], patch: Fields = {}): Promise<SyncResponse> {
    const answer = await post(body(records, patch));
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
    const signature = parseDetached('tally-sync', String(answer.headers['tally-signature']), answer.rawPayload);
    const holds = signature !== null && verifyCompact(signature, hubSigner.publicKey, nodeVerifying);
    const response: unknown = answer.json();
    if (!holds || !syncResponseCheck.Check(response)) throw new Error('the hub’s answer is not one');
    return response;
  }
  return { body, post, sync };
}
