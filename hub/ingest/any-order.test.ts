import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { createChain, GENESIS } from '../../test/support/fake-terminal.ts';
import { emptyEpoch } from '../fleet/enrolment.ts';
import { emptyAllowance } from '../fleet/grants.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { BookStore } from '../ledger/books.ts';
import { transfer } from '../ledger/transfers.ts';
import { openSqliteStore } from '../store/open.ts';
import { arrivalOf, storeBatch } from './custody.ts';
import { readRecords } from './envelope.ts';
import { createJudging } from './judging.ts';

/**
 * Invariants 10 and 11: however twelve records come - in any order, in any batches, doubled, with dirt between them, with
 * judging left out or the hub started again in the middle - the ledger ends the same.
 */

const folder = mkdtempSync(join(tmpdir(), 'tally-order-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const crypto = { ...nodeHashing, ...nodeVerifying };

/** a1 was given 200 and sells within it, once at a wrong price; a2 was given 40 and sells for 50. */
const chain = createChain('k1');
const held = { lines: [{ sku: 'rice', rev: 1, qty: 1, pts: 9 }] };
const records = [
  chain.open(),
  ...[chain.redeem('a1'), chain.redeem('a2', 3), chain.redeem('a1', 2), chain.redeem('a1', 1, held)],
  ...[chain.redeem('a1'), chain.redeem('a2', 2), chain.redeem('a1', 5), chain.redeem('a1')],
  ...[chain.redeem('a1', 1, held), chain.redeem('a1'), chain.redeem('a1', 3)],
].map((record) => record.jws);
const keys = new Map([[1, chain.signer.publicKey]]);

type Next = 'judge' | 'wait' | 'restart';
interface Step {
  readonly batch: readonly string[];
  readonly next: Next;
}
let runs = 0;

async function play(steps: readonly Step[]) {
  const path = join(folder, `${++runs}.sqlite`);
  const open = () => {
    const store = openSqliteStore(path, 'c');
    return { store, judging: createJudging({ store: store.books, nowMs: () => 1 }) };
  };
  let hub = open();
  await seedBooks(hub.store.books);
  for (const { batch, next } of steps) {
    const read = readRecords(batch, 'k1', keys, crypto);
    const arrivals = read.map((each) => arrivalOf({ tid: 'k1', ep: 1 }, each));
    await hub.store.books.custody('k1', (books) => storeBatch(books, { tid: 'k1', ep: 1, arrivals, at: 1 }));
    if (next === 'judge') await hub.judging.judgeChain('k1', 1);
    if (next === 'restart') {
      await hub.store.close();
      hub = open();
    }
  }
  await hub.judging.judgeAll((what, error) => expect.fail(`${what}: ${error}`));
  await hub.store.close();
  return read(path);
}

async function seedBooks(store: BookStore): Promise<void> {
  await store.write(async (books) => {
    await books.add('counties', [
      {
        ...{ id: 'c', name: 'x', nameEn: 'x', timeZone: 'UTC', inc: 'i', downlinkVersion: 0, policyJson: '{}' },
        ...{ policyVersion: 1, catalogueJws: null, catalogueVersion: 0, hotlistVersion: 0, restoring: 0 },
      },
    ]);
    const place = { village: 'v1', name: 'x', nameEn: 'x' };
    await books.add('villages', [{ ...place, pepperVersion: 1, pepperSealed: new Uint8Array(1) }]);
    await books.add('shops', [{ ...place, shop: 's1', phone: '' }]);
    await books.add('terminals', [{ tid: 'k1', shop: 's1', lastSyncAt: null, healthJson: null }]);
    const opened = { ...emptyEpoch('k1', 1, 's1', 'v1'), issuedBy: 'ann', codeHash: new Uint8Array(1) };
    await books.add('epochs', [{ ...opened, state: 'open', enrolmentHash: GENESIS }]);
    await books.add('items', [{ sku: 'rice', rev: 1, pts: 10, name: 'x', reimburseFen: 0, fromAt: 0 }]);
    for (const [acct, pts] of [['a1', 200] as const, ['a2', 40] as const]) {
      const { programme, pending, account, allowance } = ledgerAccount;
      const moves = [
        transfer('earn', `earn:${acct}`, programme, pending(acct), pts, acct),
        transfer('post', `post:${acct}`, pending(acct), account(acct), pts, acct),
        transfer('grant', `grant:${acct}`, account(acct), allowance(acct, 'k1', 1), pts, 'k1.1'),
      ];
      await books.post(moves, 1);
      await books.put('allowances', [{ ...emptyAllowance('k1', 1, acct), g: pts }]);
    }
  });
}

function read(path: string) {
  const db = new Database(path, { readonly: true });
  const all = (sql: string) => db.prepare(sql).all();
  const books = {
    transfers: all('SELECT id, debit, credit, amount, kind, ref FROM transfers ORDER BY id'),
    judgements: all('SELECT seq, hash, stage, code, s, v, r, g FROM judgements ORDER BY seq'),
    allowances: all('SELECT acct, g, s, v, r FROM allowances ORDER BY acct'),
    epoch: all('SELECT state, stored_seq, stored_head, judged_seq, judged_head, judged_tot, waits_code FROM epochs'),
    balances: all('SELECT account, amount FROM balances WHERE amount <> 0 ORDER BY account') as {
      account: string;
      amount: number;
    }[],
    records: all('SELECT seq, hash FROM records WHERE seq IS NOT NULL ORDER BY seq'),
  };
  db.close();
  return books;
}

const inOrder = play([{ batch: records, next: 'judge' }]);

describe('twelve records', () => {
  it('in order end as they should', async () => {
    const { balances, judgements, epoch, allowances } = await inOrder;
    const stages = (judgements as { code: string | null }[]).map((row) => row.code ?? 'matched');
    const late = ['matched', 'over-allowance', 'matched', 'matched', 'wrong-price', 'matched', 'matched'];
    expect(stages).toEqual(['matched', 'matched', 'matched', 'matched', 'wrong-price', ...late]);
    expect(Object.fromEntries(balances.map((row) => [row.account, row.amount]))).toEqual({
      ...{ programme: -240, loss: -10, 'shop:s1': 170, 'allowance:a1:k1:1': 40 },
      ...{ 'suspense:k1:1:5': 10, 'suspense:k1:1:7': 20, 'suspense:k1:1:10': 10 },
    });
    expect(balances.reduce((sum, row) => sum + row.amount, 0)).toBe(0);
    expect(allowances).toEqual([
      { acct: 'a1', g: 200, s: 160, v: 0, r: 0 },
      { acct: 'a2', g: 40, s: 50, v: 0, r: 0 },
    ]);
    expect(epoch).toMatchObject([{ state: 'open', stored_seq: 12, judged_seq: 12, waits_code: null }]);
  });

  it('in any order, batches, doubling and dirt, over restarts, end in the same books', async () => {
    const every = records.map((_, n) => n);
    const orders = fc
      .tuple(
        fc.shuffledSubarray(every, { minLength: every.length }),
        fc.array(fc.nat(every.length - 1), { maxLength: 8 }),
      )
      .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }));
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 20, maxLength: 20 });
    const plans = fc.array(fc.constantFrom<Next>('judge', 'wait', 'restart'), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(orders, cuts, plans, async (order, sizes, nexts) => {
        const steps: Step[] = [];
        for (let at = 0, n = 0; at < order.length; at += sizes[n] ?? 1, n++) {
          const batch = order.slice(at, at + (sizes[n] ?? 1)).map((i) => records[i] ?? '');
          steps.push({ batch: [`dirt ${n}`, ...batch, `${batch[0]}=`], next: nexts[n] ?? 'judge' });
        }
        expect(await play(steps)).toEqual(await inOrder);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});
