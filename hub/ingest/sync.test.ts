import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDetached, signDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { encodeRecord } from '../../protocol/records/record.ts';
import { enrol, type FakeTerminal } from '../../test/support/signing-terminal.ts';
import { ADA, BEN, type HubFixture, hubFixture, RESIDENT } from '../../test/support/tiny-hub.ts';

/** Sync at the hub: custody, then judging, whatever order, doubling and dirt the records come in. */

let hub: HubFixture;
let terminal: FakeTerminal;
beforeEach(async () => {
  hub = await hubFixture();
  const issuer = await hub.signIn(ADA, new TOTP({ secret: ADA.totpSecret }).generate());
  terminal = await enrol(hub, 'k1', 1, { issuer, confirmer: await hub.signIn(BEN) });
});
afterEach(() => hub.close());

const sql = (query: string) => {
  const db = new Database(join(hub.dir, 'hub.sqlite'), { readonly: true });
  const rows = db.prepare(query).all();
  db.close();
  return rows;
};
const ledger = () => sql('SELECT id, debit, credit, amount, kind, ref FROM transfers ORDER BY id');
const balance = (account: string) =>
  (sql(`SELECT amount FROM balances WHERE account = '${account}'`)[0] as { amount: number } | undefined)?.amount ?? 0;

describe('sync', () => {
  it('stores, judges, posts, and answers signed; grants and roster come with it, and nothing personal', async () => {
    const open = terminal.open();
    const first = await terminal.send(terminal.body([open.jws]));
    expect(first.status).toBe(200);
    expect(terminal.granted(first.answer, 'a1')).toBe(300);
    expect(first.answer.roster?.entries.find((entry) => entry.acct === 'a1')).toMatchObject({
      name: '张*芳',
      elsewhere: 200,
    });
    const signature = parseDetached('tally-sync', String(first.raw.headers['tally-signature']), utf8(first.raw.body));
    expect(signature !== null && verifyCompact(signature, terminal.hubKey, nodeVerifying)).toBe(true);
    for (const secret of [RESIDENT.name, '桂', RESIDENT.uid, '"1234"']) expect(first.raw.body).not.toContain(secret);
    const redeem = terminal.redeem('a1', 'rice', 45);
    const { answer } = await terminal.send(terminal.body([redeem.jws]));
    expect(answer.stored).toEqual({ ep: 1, seq: 2, head: redeem.hash });
    expect(answer.judged.at(-1)).toMatchObject({ seq: 2, stage: 'matched' });
    // More than half of the cap is still there, so nothing more is granted yet.
    expect(terminal.granted(answer, 'a1')).toBe(300);
    expect([balance('shop:s1'), balance('allowance:a1:k1:1'), balance('account:a1')]).toEqual([45, 255, 200]);
    const more = [1, 2, 3].map(() => terminal.redeem('a1', 'rice', 45).jws);
    // At half of it the home terminal is topped up again: the rest of what was free goes out as G grows.
    expect(terminal.granted((await terminal.send(terminal.body(more))).answer, 'a1')).toBe(480);
    expect([balance('shop:s1'), balance('allowance:a1:k1:1'), balance('account:a1')]).toEqual([180, 300, 20]);
  });

  it('changes nothing when the same batch comes again, gzipped or not, also after a restart', async () => {
    const records = [terminal.open(), terminal.redeem('a1', 'salt', 6)].map((record) => record.jws);
    await terminal.send(terminal.body([]));
    const body = terminal.body(records);
    await terminal.send(body);
    const before = ledger();
    expect((await terminal.send(body, { gzip: true })).status).toBe(200);
    await hub.restart();
    expect((await terminal.send(body)).answer.stored.seq).toBe(2);
    expect(ledger()).toEqual(before);
    expect(sql('SELECT count(*) AS n FROM records')).toEqual([{ n: 2 }]);
  });

  it.each([
    [
      'a signature by another key',
      () => ({
        signature: signDetached('tally-sync', terminal.body([]), nodeSigner('k1.1', new Uint8Array(32).fill(9))),
      }),
      401,
    ],
    [
      'a signature over another body',
      () => ({ signature: signDetached('tally-sync', utf8('{}'), terminal.signer) }),
      401,
    ],
    ['no signature', () => ({ signature: '' }), 401],
    ['another terminal’s address', () => ({ to: 'k2' }), 401],
  ] as const)('refuses %s', async (_name, options, status) => {
    const outcome = await terminal.send(terminal.body([terminal.open().jws]), options());
    expect(outcome.status).toBe(status);
    expect(sql('SELECT count(*) AS n FROM records')).toEqual([{ n: 0 }]);
  });

  it('refuses a body that is not the protocol’s, or grows too large', async () => {
    expect((await terminal.send(utf8('{"v":1,"v":1}'))).status).toBe(400);
    expect((await terminal.send(terminal.body([], { tid: 'k2' }))).status).toBe(400);
    expect((await terminal.send(new Uint8Array(9 * 1_048_576), { gzip: true })).status).toBe(413);
    expect((await terminal.send(new Uint8Array(2 * 1_048_576))).status).toBe(413);
  });

  it('keeps junk without letting it block, judge past a gap, or take an ID', async () => {
    await terminal.send(terminal.body([]));
    const [open, one, two] = [terminal.open(), terminal.redeem('a1', 'salt', 6), terminal.redeem('a1', 'rice', 45)];
    const gap = await terminal.send(terminal.body([open.jws, 'rubbish', `${one.jws}=`, two.jws]));
    expect(gap.answer.stored.seq).toBe(1);
    expect(gap.answer.state).toBe('open');
    expect(balance('shop:s1')).toBe(0);
    const filled = await terminal.send(terminal.body([one.jws]));
    expect(filled.answer.stored.seq).toBe(3);
    expect(balance('shop:s1')).toBe(51);
    expect(sql('SELECT count(*) AS n FROM records WHERE seq IS NULL')).toEqual([{ n: 2 }]);
  });

  it('freezes at a fork, keeps both branches, and goes on taking custody', async () => {
    await terminal.send(terminal.body([]));
    const [open, one] = [terminal.open(), terminal.redeem('a1', 'salt', 6)];
    await terminal.send(terminal.body([open.jws, one.jws]));
    const other = encodeRecord(
      { ...one.payload, at: 5 } as NonNullable<typeof one.payload>,
      terminal.signer,
      nodeHashing,
    );
    const forked = await terminal.send(terminal.body([other.jws]));
    expect(forked.answer.state).toBe('frozen');
    expect(sql('SELECT count(*) AS n FROM records WHERE seq = 2')).toEqual([{ n: 2 }]);
    expect(balance('shop:s1')).toBe(6);
    expect((await terminal.send(terminal.body([terminal.redeem('a1', 'salt', 6).jws]))).answer.stored.seq).toBe(3);
  });

  it('holds what the allowance does not cover, and the next good record still fits', async () => {
    await terminal.send(terminal.body([]));
    const records = [
      terminal.open(),
      terminal.redeem('a1', 'rice', 45, { lines: [{ sku: 'rice', rev: 1, qty: 1, pts: 44 }] }),
    ];
    records.push(terminal.redeem('a1', 'salt', 6));
    const { answer } = await terminal.send(terminal.body(records.map((record) => record.jws)));
    expect(answer.judged.map((judged) => judged.stage)).toEqual(['matched', 'quarantined', 'matched']);
    expect([balance('suspense:k1:1:2'), balance('shop:s1')]).toEqual([45, 6]);
  });

  it('ends in the same ledger for every order, batching and doubling', async () => {
    await terminal.send(terminal.body([]));
    const records = [
      terminal.open(),
      ...Array.from({ length: 8 }, (_, n) => terminal.redeem('a1', n % 2 ? 'salt' : 'rice', n % 2 ? 6 : 45)),
    ];
    const plan = fc.sample(fc.array(fc.nat(records.length - 1), { minLength: 1, maxLength: 6 }), {
      numRuns: 12,
      seed: 7,
    });
    for (const batch of [...plan, records.map((_, n) => n).reverse()]) {
      await terminal.send(terminal.body(batch.map((n) => records[n]?.jws ?? '')));
    }
    expect(balance('shop:s1')).toBe(4 * 45 + 4 * 6);
    const [sums] = sql(`SELECT g - r - (s - v) AS spendable FROM allowances WHERE acct = 'a1'`) as {
      spendable: number;
    }[];
    expect(balance('allowance:a1:k1:1')).toBe(sums?.spendable);
    expect(sql('SELECT sum(amount) AS sum FROM balances')).toEqual([{ sum: 0 }]);
    expect(ledger().filter((t) => (t as { kind: string }).kind === 'redeem')).toHaveLength(8);
  });
});
