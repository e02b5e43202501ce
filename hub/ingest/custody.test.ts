import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantDocument } from '../../protocol/documents/kinds.ts';
import { signDetached } from '../../protocol/jws/compact.ts';
import { nodeVerifying } from '../../protocol/node/crypto.ts';
import { failingBooks } from '../../test/support/failing-books.ts';
import { createChain, enrolTerminal, type FakeTerminal } from '../../test/support/fake-terminal.ts';
import { hubSigner, openTestHub, type TestHub } from '../../test/support/hub-fixture.ts';

/** Custody comes first and depends on nothing: not on judging, not on what else is in the batch, not on who is frozen. */

let hub: TestHub;
let terminal: FakeTerminal;
const broken = { judging: false, disk: false };

beforeEach(async () => {
  Object.assign(broken, { judging: false, disk: false });
  hub = await openTestHub({
    store: failingBooks({ custody: () => broken.disk, judging: () => broken.judging }),
  });
  terminal = await enrolTerminal(hub);
  await terminal.sync([terminal.open()]);
});
afterEach(() => hub.close());

const count = (where: string) => hub.sql((db) => db.prepare(`SELECT count(*) FROM ${where}`).pluck().get());
const balance = (account: string) =>
  hub.sql((db) => db.prepare('SELECT amount FROM balances WHERE account = ?').pluck().get(account)) ?? 0;

describe('custody', () => {
  it('is kept when judging fails, and judged after the next start', async () => {
    broken.judging = true;
    const sold = terminal.redeem('r1', 2);
    expect((await terminal.sync([sold])).stored).toEqual({ ep: 1, seq: 2, head: sold.hash });
    expect([count('records WHERE seq = 2'), balance('shop:s1')]).toEqual([1, 0]);
    broken.judging = false;
    await hub.restart();
    await hub.now.judging.judgeAll((what, error) => expect.fail(`${what}: ${error}`));
    expect(balance('shop:s1')).toBe(20);
  });

  it('that failed is not answered as stored; nothing but a sentence leaves, and the same request then works', async () => {
    const body = terminal.body([terminal.redeem('r1')]);
    broken.disk = true;
    const failed = await terminal.post(body);
    expect(failed.statusCode).toBe(500);
    expect(failed.headers['tally-signature']).toBeUndefined();
    expect(failed.json()).toMatchObject({ code: 'internal', whatToDo: expect.any(String) });
    expect(failed.body).not.toContain('disk full');
    broken.disk = false;
    expect((await terminal.post(body)).json()).toMatchObject({ stored: { seq: 2 } });
  });

  it('goes on for a frozen terminal, which gets no more grants', async () => {
    const sold = terminal.redeem('r1');
    await terminal.sync([sold]);
    const forked = await terminal.sync([terminal.forkOf(sold)]);
    expect(forked.state).toBe('frozen');
    const before = count("transfers WHERE kind = 'grant'");
    const answer = await terminal.sync([terminal.redeem('r1', 3)]);
    expect(answer).toMatchObject({ state: 'frozen', stored: { seq: 3 } });
    expect(count("transfers WHERE kind = 'grant'")).toBe(before);
    const best = answer.grants.map((jws) => grantDocument.open(jws, 'hub.1', hubSigner.publicKey, nodeVerifying)?.G);
    expect(Math.max(...best.map((G) => G ?? 0))).toBe(200);
  });

  it('takes another terminal’s record as junk, and as no fork of either', async () => {
    const other = await enrolTerminal(hub, 'k2', 's2');
    const foreign = other.open();
    expect(await terminal.sync([foreign, terminal.redeem('r1')])).toMatchObject({ state: 'open', stored: { seq: 2 } });
    expect(count("records WHERE tid = 'k1' AND seq IS NULL")).toBe(1);
    expect(await other.sync([foreign])).toMatchObject({ state: 'open', stored: { seq: 1 } });
  });

  it('lets no forged bytes freeze anybody', async () => {
    const sold = terminal.redeem('r1');
    await terminal.sync([sold]);
    const forger = createChain('k1', undefined, new Uint8Array(32).fill(9));
    const spellings = [
      `${sold.jws}=`,
      `${sold.jws}\n`,
      sold.jws.slice(0, -1),
      forger.open().jws,
      forger.redeem('r1').jws,
    ];
    expect((await terminal.sync(spellings)).state).toBe('open');
    expect(count('records WHERE seq = 2')).toBe(1);
  });
});

describe('an envelope', () => {
  it('of a terminal nobody enrolled is refused, as is one of an epoch that never was', async () => {
    const stranger = createChain('k9');
    const body = terminal.body([], { tid: 'k9' });
    const url = { method: 'POST', url: '/v1/terminals/k9/sync', payload: body } as const;
    const headers = { 'tally-signature': signDetached('tally-sync', body, stranger.signer) };
    const answer = await hub.now.app.inject({ ...url, headers: { ...headers, 'content-type': 'application/json' } });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'unknown-terminal']);
    const later = { ...terminal.signer, kid: 'k1.2' };
    expect((await terminal.post(terminal.body([]), {}, later)).json()).toMatchObject({ code: 'unknown-terminal' });
  });

  it.each([
    ['names an older head', (head: { seq: number; head: string }) => ({ ...head, head: 'A'.repeat(43) }), 1],
    ['names the head', (head: { seq: number; head: string }) => head, undefined],
    ['is ahead of the hub', (head: { seq: number; head: string }) => ({ ...head, seq: 99 }), undefined],
  ])('that %s is told whether to send all again', async (_what, have, resendFrom) => {
    const answer = await terminal.sync([], { have: have(terminal.head()) });
    expect(answer.resendFrom).toBe(resendFrom);
    expect(answer.id).toMatch(/^q[0-9]+$/);
  });
});
