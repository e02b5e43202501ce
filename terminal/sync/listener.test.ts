import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NUDGES_HEADER, nudgesDocument } from '../../protocol/documents/kinds.ts';
import { nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { createListener } from './listener.ts';

/** The stream as a kiosk holds it, against a server of the test's own, on loopback. */

const signer = nodeSigner('k1.1', new Uint8Array(32).fill(5));
let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

/** Each opening of the stream is handed out in turn. */
async function setup() {
  const waiting: ((stream: [IncomingMessage, ServerResponse]) => void)[] = [];
  const came: [IncomingMessage, ServerResponse][] = [];
  const server: Server = createServer((request, response) => {
    const next = waiting.shift();
    if (next === undefined) came.push([request, response]);
    else next([request, response]);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const jitter: number[] = [];
  let nudged: () => void = () => undefined;
  let nudges = 0;
  const listener = createListener({
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tid: 'k1', ep: 1, signer },
    ...{ hubNowMs: () => 1_234_567.4, maxBackoffMs: 16_000 },
    // Asked for once before each wait: 0 makes it none, and how often it was asked tells how often it began again.
    random: () => {
      jitter.push(0);
      return 0;
    },
    onNudge: () => {
      nudges += 1;
      nudged();
    },
  });
  close = async () => {
    listener.stop();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return {
    ...{ listener, jitter, came },
    nudges: () => nudges,
    opened: () =>
      new Promise<[IncomingMessage, ServerResponse]>((done) => {
        const next = came.shift();
        if (next === undefined) waiting.push(done);
        else done(next);
      }),
    nudge: () =>
      new Promise<void>((done) => {
        nudged = done;
      }),
  };
}
const begin = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

describe('a kiosk that listens', () => {
  it('asks with its key, its epoch and the hub’s time; passes nudges on, however they are cut', async () => {
    const { listener, opened, nudge, nudges } = await setup();
    listener.start();
    listener.start();
    const [request, response] = await opened();
    expect(request.url).toBe('/v1/terminals/k1/nudges');
    const asked = nudgesDocument.open(String(request.headers[NUDGES_HEADER]), 'k1.1', signer.publicKey, nodeVerifying);
    expect(asked).toEqual({ v: 1, tid: 'k1', ep: 1, at: 1_234_567 });
    const one = nudge();
    begin(response).write(': listening\n\nda');
    response.write('ta: ask\n\n');
    await one;
    const two = nudge();
    response.write('data: something else\n\n: still here\n\nevent: x\n\ndata: ask\n\n');
    await two;
    expect(nudges()).toBe(2);
  });

  it.each([
    ['hangs up', (response: ServerResponse) => begin(response).end()],
    ['is torn', (response: ServerResponse) => begin(response).destroy()],
    ['never ends a line', (response: ServerResponse) => begin(response).write('x'.repeat(5_000))],
    ['refuses', (response: ServerResponse) => response.writeHead(403).end('{}')],
    ['sends it elsewhere', (response: ServerResponse) => response.writeHead(302, { location: '/' }).end()],
  ])('begins again where the hub %s, and hears the next nudge', async (_what, breaks) => {
    const { listener, opened, nudge, jitter } = await setup();
    listener.start();
    breaks((await opened())[1]);
    const [, response] = await opened();
    const heard = nudge();
    begin(response).write('data: ask\n\n');
    await heard;
    expect(jitter).toHaveLength(1);
  });

  it('hangs up when it is stopped, and does not come back by itself', async () => {
    const { listener, opened, came } = await setup();
    listener.start();
    const [request, response] = await opened();
    const gone = new Promise((done) => request.socket.once('close', done));
    begin(response).write(': listening\n\n');
    listener.stop();
    await gone;
    expect(came).toEqual([]);
    listener.start();
    await opened();
  });
});
