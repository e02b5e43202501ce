import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BooksFixture, booksFixture } from '../../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';
import type { Books } from '../ledger/books.ts';
import type { JudgementRow } from '../ledger/tables.ts';

/** What is asked again within one transaction is answered as the database would, whatever was written meanwhile. */
describeEngines('within one transaction', (openBooks) => {
  let open: OpenBooks;
  let hub: BooksFixture;
  const key = { tid: 'k1', ep: 1 };
  const epochOf = async (books: Pick<Books, 'get'>) => {
    const row = await books.get('epochs', key);
    if (row === undefined) throw new Error('no epoch');
    return row;
  };
  const judgement = (seq: number, stage: JudgementRow['stage'] = 'matched'): JudgementRow => ({
    ...{ ...key, seq, hash: `h${seq}`, stage, flags: seq % 2 ? ['clock'] : [], code: null, judgedAt: 1 },
    ...{ type: 'stock', acct: null, card: null, pts: null, at: 1, day: '', s: null, v: null, r: null, g: null },
    undoneBy: null,
  });
  const told = (books: Pick<Books, 'verdicts'>, after: number, limit = 10) =>
    books
      .verdicts('k1', 1, after, limit)
      .then((rows) => rows.map(({ seq, stage, flags }) => [seq, stage, ...flags].join(' ')));

  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
    await hub.kiosk('k1');
  });
  afterEach(() => open.close());

  it('a row is what was put last, and only that of it has changed', async () => {
    const before = await hub.store.read(epochOf);
    const seen = await hub.store.write(async (books) => {
      await books.put('epochs', [{ ...(await epochOf(books)), topSeq: 5 }]);
      await books.put('epochs', [{ ...(await epochOf(books)), waitsCode: 'unknown-type' }]);
      await books.put('epochs', [await epochOf(books)]);
      return epochOf(books);
    });
    const after = { ...before, topSeq: 5, waitsCode: 'unknown-type' };
    expect(seen).toEqual(after);
    expect(await hub.store.read(epochOf)).toEqual(after);
  });

  it('the county’s version grows under who has read it', async () => {
    const versions = await hub.store.write(async (books) => {
      const first = (await books.get('counties', {}))?.downlinkVersion ?? -1;
      await books.nextVersion(3);
      return [first, (await books.get('counties', {}))?.downlinkVersion];
    });
    expect(versions[1]).toBe((versions[0] ?? 0) + 3);
  });

  it('what a failed transaction put is not what the next one sees', async () => {
    const failed = hub.store.write(async (books) => {
      await books.put('epochs', [{ ...(await epochOf(books)), topSeq: 77 }]);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect((await hub.store.write(epochOf)).topSeq).toBe(0);
  });

  it('verdicts are told as they stand: of this run, of earlier ones, changed ones, a second run', async () => {
    await hub.store.write((books) => books.add('judgements', [judgement(1), judgement(2)]));
    await hub.store.write(async (books) => {
      await books.put('judgements', [judgement(1, 'quarantined')]);
      await books.add('judgements', [judgement(3), judgement(5)]);
      expect(await told(books, 2), 'this run').toEqual(['3 matched clock', '5 matched clock']);
      expect(await told(books, 3, 1)).toEqual(['5 matched clock']);
      expect(await told(books, 0, 2), 'earlier ones').toEqual(['1 quarantined clock', '2 matched']);
      await books.put('judgements', [judgement(2, 'quarantined')]);
      expect(await told(books, 1)).toEqual(['2 quarantined', '3 matched clock', '5 matched clock']);
      await books.put('judgements', [judgement(3, 'quarantined')]);
      expect(await told(books, 2), 'changed').toEqual(['3 quarantined clock', '5 matched clock']);
      await books.add('judgements', [judgement(6)]);
      expect(await told(books, 2), 'a second run').toEqual(['3 quarantined clock', '5 matched clock', '6 matched']);
    });
    expect(await hub.store.read((books) => told(books, 4))).toEqual(['5 matched clock', '6 matched']);
  });
});
