import { gzipSync } from 'node:zlib';
import { ENROL_KID, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { signDetached } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { hashOf, type SignedRecord } from '../../protocol/records/record.ts';
import type { EnrolAnswer, SyncRequest, SyncResponse } from '../../protocol/sync/messages.ts';
import type { Asking } from './asking.ts';
import { OPERATORS, passwordOf } from './places.ts';
import { secretOf } from './plan.ts';
import { signerOf } from './sign-threads.ts';

/** A kiosk as the listening hub sees one: it enrols over HTTP, and syncs with signed, packed bodies. */

export interface Talk {
  readonly address: string;
  readonly seed: number;
  readonly inc: string;
}

/** Two people and a device; answers the hash of the enrolment, which its chain begins with. */
export async function enrolByHttp(asking: Asking, { address, seed }: Talk, tid: string, shop: string): Promise<string> {
  const [issuer, checker] = OPERATORS;
  await asking.signIn(issuer, passwordOf(seed, issuer));
  const { code } = (await asking.post('/api/console/terminals', { tid, shop })) as { code: string };
  const device = nodeSigner(ENROL_KID, secretOf(seed, `key ${tid}`));
  const request = enrolRequestDocument.sign({ v: 1, code, key: toBase64url(device.publicKey) }, device);
  const ask = async () => {
    const answer = await fetch(`${address}/v1/enrol`, { method: 'POST', body: request });
    return (await answer.json()) as EnrolAnswer;
  };
  const pending = await ask();
  if (pending.state !== 'pending') throw new Error(`${tid} does not wait to be confirmed`);
  await asking.signIn(checker, passwordOf(seed, checker));
  const { fingerprint } = pending;
  await asking.timed(
    'a second person confirms a new kiosk',
    () => asking.post(`/api/console/terminals/${tid}/confirm`, { fingerprint }),
    () => 'its village is due its allowances',
  );
  const enrolled = await ask();
  if (enrolled.state !== 'enrolled') throw new Error(`${tid} was not enrolled`);
  return hashOf(enrolled.enrolment, nodeHashing);
}

const NOTHING = { visits: [], judged: 0, roster: 0, catalogue: 0, hotlist: 0, policy: 0 };
let asked = 0;

export async function syncByHttp(
  { address, seed, inc }: Talk,
  tid: string,
  have: { readonly seq: number; readonly head: string },
  records: readonly SignedRecord[],
  want: Partial<SyncRequest['want']> = {},
): Promise<SyncResponse> {
  asked += 1;
  const request: SyncRequest = {
    ...{ v: 1, tid, ep: 1, via: 'net', id: `ask-${asked}`, inc, have, records: records.map(({ jws }) => jws) },
    ...{ want: { ...NOTHING, ...want }, texts: [], pins: [] },
  };
  const body = utf8(JSON.stringify(request));
  const headers = {
    ...{ 'content-type': 'application/json', 'content-encoding': 'gzip' },
    'tally-signature': signDetached('tally-sync', body, signerOf(seed, tid)),
  };
  const packed = new Uint8Array(gzipSync(body));
  const answer = await fetch(`${address}/v1/terminals/${tid}/sync`, { method: 'POST', headers, body: packed });
  if (!answer.ok) throw new Error(`the sync of ${tid} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as SyncResponse;
}
