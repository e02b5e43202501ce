import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';
import { emptyEpoch } from '../fleet/enrolment.ts';
import { emptyAllowance } from '../fleet/grants.ts';
import { type Books, BooksRefusal } from '../ledger/books.ts';
import type { RecordRow } from '../ledger/tables.ts';
import { transfer } from '../ledger/transfers.ts';

/** What rules may rely on, of every engine alike. */
describeEngines('the books', (openBooks) => {
  let open: OpenBooks;
  const write = <T>(work: (books: Books) => Promise<T>) => open.books.write(work);
  beforeEach(async () => {
    open = await openBooks();
    await write(async (books) => {
      await books.add('counties', [
        {
          ...{ id: 'c', name: 'x', nameEn: 'x', timeZone: 'UTC', inc: 'i', downlinkVersion: 0, policyJson: '{}' },
          ...{ policyVersion: 1, catalogueJws: null, catalogueVersion: 0, hotlistVersion: 0, restoring: 0 },
        },
      ]);
      const place = { village: 'v', name: 'x', nameEn: 'x' };
      await books.add('villages', [{ ...place, pepperVersion: 1, pepperSealed: Uint8Array.of(1, 255) }]);
      await books.add('shops', [{ ...place, shop: 's', phone: '' }]);
      await books.add('terminals', [{ tid: 'k1', shop: 's', lastSyncAt: null, healthJson: null }]);
      const epoch = { ...emptyEpoch('k1', 1, 's', 'v'), issuedBy: 'ann', codeHash: Uint8Array.of(7) };
      await books.add('epochs', [{ ...epoch, storedSeq: 9, topSeq: 9 }]);
      await books.post([earn('e1', 'a', 50)], 1);
    });
  });
  afterEach(() => open.close());

  const earn = (id: string, acct: string, pts: number) =>
    transfer('earn', id, 'programme', `pending:${acct}`, pts, 'r');
  const record = (seq: number | null, hash: string): RecordRow => {
    return { arrival: 0, tid: 'k1', ep: 1, seq, hash, prev: null, jws: `jws ${hash}`, receivedAt: 5 };
  };
  const allowance = (acct: string, g: number, rest = {}) => ({ ...emptyAllowance('k1', 1, acct), g, ...rest });
  const refusal = async (work: (books: Books) => Promise<unknown>) => {
    const before = await open.books.read((books) => books.balances(['programme', 'pending:a']));
    const code = await write(work).then(
      () => 'allowed',
      (error: unknown) => (error instanceof BooksRefusal ? error.code : String(error)),
    );
    expect(await open.books.read((books) => books.balances(['programme', 'pending:a']))).toEqual(before);
    return code;
  };

  it('keep junk as it came, be it what no database takes for text', async () => {
    const junk = ['a\u0000b', 'half \ud800 of a pair', '\udc00', '😀 whole', 'json:"like our mark"', ''];
    await write((books) =>
      books.add(
        'records',
        junk.map((jws, n) => ({ ...record(null, `junk${n}`), jws })),
      ),
    );
    const rows = await open.books.read((books) =>
      books.many(
        'records',
        junk.map((_, n) => ({ tid: 'k1', ep: 1, hash: `junk${n}` })),
      ),
    );
    expect(rows.map((row) => row?.jws)).toEqual(junk);
  });

  it('give back what was put, of every kind of column, and nothing for what is not there', async () => {
    const day = {
      redeemed: { count: 1, pts: 2 },
      voided: { count: 0, pts: 0 },
      byItem: { rice: { count: 1, pts: 2 } },
      holed: true,
    };
    await write(async (books) => {
      const row = await books.get('epochs', { tid: 'k1', ep: 1 });
      if (row !== undefined) await books.put('epochs', [{ ...row, day, judgedTot: null, waitsCode: 'x' }]);
    });
    await open.books.read(async (books) => {
      const row = await books.get('epochs', { tid: 'k1', ep: 1 });
      expect(row).toMatchObject({ day, judgedTot: null, waitsCode: 'x', storedSeq: 9, publicKey: null });
      expect([...(row?.codeHash ?? [])]).toEqual([7]);
      expect([...((await books.get('villages', { village: 'v' }))?.pepperSealed ?? [])]).toEqual([1, 255]);
      expect(
        await books.many('epochs', [
          { tid: 'k9', ep: 1 },
          { tid: 'k1', ep: 1 },
        ]),
      ).toMatchObject([undefined, { tid: 'k1' }]);
      expect(await books.list('epochs', 'byCode', { codeHash: Uint8Array.of(7) })).toHaveLength(1);
      expect(await books.list('epochs', 'byCode', { codeHash: Uint8Array.of(8) })).toHaveLength(0);
    });
  });

  it('list in order, within bounds, ties as they arrived; nulls are in no bounds', async () => {
    await write((books) => books.add('records', [record(3, 'c'), record(1, 'a'), record(null, 'x'), record(2, 'b')]));
    await write((books) => books.add('records', [record(2, 'B'), record(4, 'd')]));
    const hashes = (between = {}) =>
      open.books.read(async (books) => {
        const rows = await books.list('records', 'bySeq', { tid: 'k1', ep: 1 }, { from: 1, ...between });
        return rows.map((row) => row.hash).join('');
      });
    expect(await hashes()).toBe('abBcd');
    expect(await hashes({ from: 2, to: 3 })).toBe('bBc');
    expect(await hashes({ limit: 2 })).toBe('ab');
    expect(await hashes({ from: 9 })).toBe('');
  });

  it('are one transaction: work that throws leaves nothing behind', async () => {
    const failed = write(async (books) => {
      await books.post([earn('e2', 'a', 5)], 1);
      await books.put('allowances', [allowance('a', 5)]);
      await books.nextVersion();
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await open.books.read(async (books) => {
      expect(await books.balances(['pending:a', 'programme', 'nowhere'])).toEqual([50, -50, 0]);
      expect(await books.get('allowances', { tid: 'k1', ep: 1, acct: 'a' })).toBeUndefined();
      expect((await books.get('counties', {}))?.downlinkVersion).toBe(0);
      expect(await books.transfers(['e1', 'e2'])).toMatchObject([{ amount: 50 }, undefined]);
    });
  });

  it('run writers one after another: nobody overwrites what another has read', async () => {
    const add = () => write(async (books) => [await books.nextVersion(), await books.nextVersion()]);
    const versions = await Promise.all([add(), add(), add()]);
    expect(versions.flat()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await write((books) => books.nextVersion(4))).toBe(10);
  });

  it('know the same transfer again, and name what differs in another with its id', async () => {
    await write((books) => books.post([earn('e1', 'a', 50)], 9));
    expect(await refusal((books) => books.post([earn('e1', 'a', 51)], 1))).toBe('exists-with-different');
    await expect(write((books) => books.post([earn('e1', 'a', 51)], 1))).rejects.toThrow(/e1.*amount/);
  });

  const take = (act?: string) => (books: Books) =>
    books.post([transfer('refund', 'u1', 'shop:s', 'account:a', 5, 'r')], 1, act);
  const propose = async (checker: string | null, state: 'proposed' | 'approved') =>
    write((books) =>
      books.put('proposals', [
        {
          ...{ act: 'p1', kind: 'refund', subject: 's', detailJson: '{}', maker: 'ann', madeAt: 1 },
          ...{ checker, decidedAt: null, state },
        },
      ]),
    );

  it.each<[string, (books: Books) => Promise<unknown>, string]>([
    [
      'an account below zero',
      (b) => b.post([transfer('post', 'p', 'pending:a', 'account:a', 51, 'r')], 1),
      'negative-account',
    ],
    ['a refund without two people', take(), 'same-person'],
    ['a refund by an act nobody proposed', take('p9'), 'same-person'],
    [
      'a changed record',
      (b) => b.add('records', [record(1, 'a')]).then(() => b.add('records', [record(2, 'a')])),
      'exists',
    ],
    ['a second close in one place', (b) => b.add('items', [item(1), item(1)]), 'exists'],
    [
      'the four numbers falling',
      (b) => b.put('allowances', [allowance('a', 5)]).then(() => b.put('allowances', [allowance('a', 4)])),
      'check',
    ],
    ['a cover below nothing', (b) => b.put('allowances', [allowance('a', 5, { covered: -1 })]), 'check'],
    ['a loan below nothing', (b) => b.put('loans', [{ acct: 'a', owed: -1 }]), 'check'],
  ])('refuse %s', async (_what, work, code) => {
    expect(await refusal(work)).toBe(code);
  });
  const item = (rev: number) => ({ sku: 'rice', rev, pts: 1, name: 'x', reimburseFen: null, fromAt: 0 });

  it('refuse an approval by its maker, and let a transfer through only behind another’s', async () => {
    await expect(propose('ann', 'approved')).rejects.toThrow(BooksRefusal);
    await propose(null, 'proposed');
    expect(await refusal(take('p1'))).toBe('same-person');
    await propose('ben', 'approved');
    await write(take('p1'));
    expect(await open.books.read((books) => books.balances(['account:a', 'shop:s']))).toEqual([5, -5]);
  });

  it('drop only what is work to be done', async () => {
    const dues = ['a', 'b'].map((acct) => ({ village: 'v', acct }));
    await write((books) => books.put('dues', dues));
    await write((books) => books.put('dues', dues));
    await write((books) =>
      books.drop('dues', [
        { village: 'v', acct: 'a' },
        { village: 'v', acct: 'z' },
      ]),
    );
    expect(await open.books.read((books) => books.list('dues', 'ofVillage', { village: 'v' }))).toEqual([dues[1]]);
  });
});
