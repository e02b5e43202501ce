import { arrivedOf, type ReadEnvelope, readEnvelope } from '../../hub/ingest/envelope.ts';
import { ledgerAccount } from '../../hub/ledger/accounts.ts';
import type { BookStore, Books } from '../../hub/ledger/books.ts';
import { judge } from '../../hub/ledger/judge.ts';
import type { Judgement } from '../../hub/ledger/judgement.ts';
import { transfer } from '../../hub/ledger/transfers.ts';
import type { Hashing, Verifying } from '../../protocol/crypto.ts';
import { recordNumber } from '../../protocol/records/number.ts';
import { decodeRecord } from '../../protocol/records/record.ts';

/** Faults of the protocol, put in one at a time: each must be found, or the simulator's silence means nothing. */
export interface Bug {
  readonly name: string;
  readonly says: string;
  readonly books?: (books: BookStore) => BookStore;
  readonly judge?: typeof judge;
  readonly readEnvelope?: (books: BookStore, crypto: Hashing & Verifying) => ReadEnvelope;
}

const wrapping =
  (wrap: (books: Books) => Books) =>
  (store: BookStore): BookStore => ({
    ...store,
    read: (work) => store.read(work),
    write: (work) => store.write((books) => work(wrap(books))),
    custody: (tid, work) => store.custody(tid, (books) => work(wrap(books))),
  });

/** Changes what judging answers. */
const judging =
  (change: (judgement: Judgement) => Judgement): typeof judge =>
  (record, chain, view) => {
    const verdict = judge(record, chain, view);
    return verdict.kind === 'judged' ? { kind: 'judged', judgement: change(verdict.judgement) } : verdict;
  };

const unmoved = (judgement: Judgement): Judgement => {
  if (judgement.stage !== 'quarantined') return judgement;
  const held = judgement.transfers.filter((t) => t.kind === 'hold' && t.debit.startsWith('allowance:'));
  const back = held.reduce((sum, t) => sum + t.amount, 0);
  return {
    ...judgement,
    transfers: judgement.transfers.filter((t) => t.kind !== 'hold'),
    allowances: judgement.allowances.map((each) => ({
      ...each,
      after: { ...each.after, balance: each.after.balance + back },
    })),
    holds: [],
  };
};

const heldVoidAlone: typeof judge = (record, chain, view) =>
  judge(record, chain, {
    ...view,
    redeem: (seq) => {
      const redeem = view.redeem(seq);
      return redeem === null ? null : { ...redeem, held: false };
    },
  });

const voidTwice: typeof judge = (record, chain, view) => {
  const verdict = judge(record, chain, view);
  if (verdict.kind !== 'judged' || verdict.judgement.code !== 'void-of-nothing') return verdict;
  const { payload } = record;
  if (payload?.type !== 'void') return verdict;
  const { acct, pts } = payload;
  const number = recordNumber(record);
  const allowance = ledgerAccount.allowance(acct, chain.tid, chain.ep);
  const again = transfer('void', `undo:${number}`, ledgerAccount.shop(chain.shop), allowance, pts, number);
  const { code: _, ...rest } = verdict.judgement;
  return { kind: 'judged', judgement: { ...rest, stage: 'matched', transfers: [...rest.transfers, again] } };
};

/** The bytes differ, the signature is the same: taken for another record in the same place. */
const sloppy =
  (_books: BookStore, crypto: Hashing & Verifying): ReadEnvelope =>
  async (envelope) => {
    const read = readEnvelope(envelope, crypto);
    if (!read.ok) return read;
    const keys = new Map(envelope.keys);
    const keyOf = (tid: string, ep: number) => (tid === envelope.tid ? (keys.get(ep) ?? null) : null);
    const records = read.records.map((each) => {
      const { jws } = each;
      if (each.record !== null) return each;
      const canonical = jws.split('.').map((part) => Buffer.from(part, 'base64url').toString('base64url'));
      const decoded = decodeRecord(canonical.join('.'), keyOf, crypto);
      return decoded.ok ? { ...each, record: { ...decoded.record, jws, hash: each.hash } } : each;
    });
    return arrivedOf({ ...read, records });
  };

const byIdAlone =
  (books: BookStore, crypto: Hashing & Verifying): ReadEnvelope =>
  async (envelope) => {
    const read = readEnvelope(envelope, crypto);
    if (!read.ok) return read;
    return books.read(async (inner) => {
      const kept: number[] = [];
      for (const [n, { record }] of read.records.entries()) {
        const { tid, ep, seq } = record ?? { tid: '', ep: 0, seq: 0 };
        const known = record === null ? [] : await inner.list('records', 'bySeq', { tid, ep }, { from: seq, to: seq });
        if (known.length === 0) kept.push(n);
      }
      return arrivedOf({ ...read, records: read.records.filter((_, n) => kept.includes(n)) });
    });
  };

const gapsAreHoles = wrapping((books) => ({
  ...books,
  list: async (table, list, by, between) => {
    const rows = await books.list(table, list, by, between);
    if (table !== 'holes') return rows;
    const { tid, ep } = by as unknown as { tid: string; ep: number };
    const epoch = await books.get('epochs', { tid, ep });
    const records = await books.list('records', 'bySeq', { tid, ep }, { from: (epoch?.storedSeq ?? 0) + 1, limit: 1 });
    const next = records[0]?.seq ?? 0;
    const fromSeq = (epoch?.storedSeq ?? 0) + 1;
    const hole = { tid, ep, fromSeq, toSeq: next - 1, act: '' };
    return next > fromSeq ? [...rows, hole as unknown as (typeof rows)[number]] : rows;
  },
}));

const neverFrozen = wrapping((books) => ({
  ...books,
  put: (table, rows) =>
    books.put(
      table,
      table === 'epochs'
        ? rows.map((row) => ('state' in row && row.state === 'frozen' ? { ...row, state: 'open' } : row))
        : rows,
    ),
}));

/** Only for judging, which looks at its epoch and then at the county. */
const notRestoring = wrapping((books) => {
  let before = '';
  return {
    ...books,
    get: async (table, key) => {
      const row = await books.get(table, key);
      const judging = before === 'epochs' && table === 'counties' && row !== undefined;
      before = table;
      return judging ? { ...row, restoring: 0 } : row;
    },
  };
});

/** Only for the acts of people: judging, which adds judgements, sees what is closed. */
const closedTooEarly = wrapping((books) => {
  let refunding = false;
  return {
    ...books,
    get: async (table, key) => {
      const row = await books.get(table, key);
      if (table === 'proposals') refunding = row !== undefined && 'kind' in row && row.kind === 'refund';
      return refunding && table === 'epochs' && row !== undefined
        ? { ...row, closedSeq: Number.MAX_SAFE_INTEGER }
        : row;
    },
  };
});

const uncovered = <T>(table: string, row: T): T =>
  table === 'allowances' && row !== undefined ? { ...row, covered: 0 } : row;
const coverForgotten = wrapping((books) => ({
  ...books,
  get: async (table, key) => uncovered(table, await books.get(table, key)),
  many: async (table, keys) => (await books.many(table, keys)).map((row) => uncovered(table, row)),
}));

const forgetsGrants = wrapping((books) => ({
  ...books,
  put: async (table, rows) => {
    const county = await books.get('counties', {});
    if (table === 'allowances' && county?.restoring === 1) return;
    return books.put(table, rows);
  },
  post: async (transfers, at, act) => {
    const county = await books.get('counties', {});
    if (county?.restoring === 1 && transfers.every((t) => t.kind === 'grant' || t.kind === 'lend')) return;
    return books.post(transfers, at, act);
  },
}));

export const BUGS: readonly Bug[] = [
  { name: 'reclaim-by-clock', says: 'the hub frees an allowance when its grant has ended' },
  { name: 'grant-set-not-max', says: 'a kiosk takes the last grant that comes, not the largest' },
  { name: 'old-epoch-grant-accepted', says: 'a kiosk takes a grant of an epoch that is over for one of its own' },
  { name: 'return-sent-before-commit', says: 'a kiosk sends a return and commits it afterwards' },
  { name: 'ack-before-durable', says: 'the hub answers before its custody is on the disk' },
  {
    name: 'dedupe-by-id',
    says: 'the hub takes a second record in one place for a duplicate',
    readEnvelope: byIdAlone,
  },
  { name: 'void-twice', says: 'a second void of one redeem is posted as well', judge: voidTwice },
  { name: 'judging-past-a-gap', says: 'judging goes on past a gap that nobody accepted', books: gapsAreHoles },
  { name: 'quarantine-unmoved', says: 'quarantine leaves the points where they are', judge: judging(unmoved) },
  {
    name: 'held-void-posted-alone',
    says: 'the void of a held redeem takes its points from the shop',
    judge: heldVoidAlone,
  },
  {
    name: 'reject-leaves-cover-unpaid',
    says: 'what comes back does not repay what was covered',
    books: coverForgotten,
  },
  {
    name: 'judges-before-the-report',
    says: 'a restored hub judges before its kiosks have reported',
    books: notRestoring,
  },
  {
    name: 'restored-hub-forgets-grants',
    says: 'a restored hub does not take over the grants it is told of',
    books: forgetsGrants,
  },
  {
    name: 'sloppy-signature-is-a-fork',
    says: 'other characters of one signature are another record',
    readEnvelope: sloppy,
  },
  { name: 'fork-not-frozen', says: 'a fork does not freeze its terminal', books: neverFrozen },
  { name: 'print-before-fence', says: 'paper leaves before the fence is raised' },
  {
    name: 'refund-before-the-close',
    says: 'goods are refunded while the kiosk can still void them',
    books: closedTooEarly,
  },
];
