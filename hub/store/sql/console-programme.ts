import type { Page } from '../../../protocol/api/console.ts';
import type { ActRow, CreditItem, ExceptionItem, RequestItem, ShelfItem } from '../../../protocol/api/programme.ts';
import type { ExceptionQuery, ProgrammeLists } from '../../api/programme-port.ts';
import { ledgerAccount } from '../../ledger/accounts.ts';
import type { BookStore } from '../../ledger/books.ts';
import { expiringOf } from '../../programme/expiring.ts';
import { EXCEPTION_KINDS, type ExceptionKind } from '../../reconcile/exceptions.ts';
import type { Engine, Param, Sql } from '../engine/port.ts';

/** Lists of acts, exceptions, credits and requests: each one statement, in an order of time with the key for ties. */
export function programmeLists(engine: Engine, books: BookStore): ProgrammeLists {
  return {
    acts: (query) =>
      engine.read(async (sql) => {
        const { rows, next } = await pageOf<ActSqlRow>(sql, query, {
          ...{ select: ACTS, from: 'proposals p', time: 'p.made_at', key: 'p.act', newestFirst: true },
          where: { 'p.state': query.state },
        });
        return { rows: rows.map(({ detailJson, ...row }) => ({ ...row, detail: JSON.parse(detailJson) })), next };
      }),
    exceptions: (query) => engine.read((sql) => exceptions(sql, query)),
    exception: (exception, at) =>
      engine.read(async (sql) => {
        const where = 'WHERE e.county_id = :county AND e.exception = :exception';
        const row = await sql.get<ExceptionSqlRow>(`SELECT ${EXCEPTIONS} FROM exceptions e ${where}`, { exception });
        if (row === undefined) return null;
        const notes = await sql.all<{ at: number; by: string; text: string }>(
          `SELECT at, noted_by AS "by", text FROM notes WHERE county_id = :county AND exception = :exception ORDER BY at, note`,
          { exception },
        );
        return { row: itemOf(row, at), detail: JSON.parse(row.detailJson), notes };
      }),
    resident: (acct, at) => books.read((reading) => resident(reading, acct, at)),
    credits: (query) =>
      engine.read((sql) =>
        pageOf<CreditItem>(sql, query, {
          ...{ select: CREDITS, from: `credits c ${NAMED('c')}`, time: 'c.at', key: 'c.credit', newestFirst: true },
          where: { 'c.state': query.state, 'c.acct': query.acct },
        }),
      ),
    requests: (query) =>
      engine.read((sql) =>
        pageOf<RequestItem>(sql, query, {
          ...{ select: REQUESTS, from: `requests q ${NAMED('q')}`, time: 'q.at', key: 'q.number', newestFirst: false },
          where: { 'q.kind': query.kind, 'q.state': query.state, 'q.acct': query.acct },
        }),
      ),
    shelves: (shop) =>
      engine.read((sql) =>
        sql.all<ShelfItem>(
          `SELECT shop, sku, qty, counted_at AS "countedAt", difference FROM shelves
           WHERE county_id = :county AND shop = :shop ORDER BY sku`,
          { shop },
        ),
      ),
  };
}

const ACTS = `p.act, p.kind, p.subject, p.detail_json AS "detailJson", p.maker, p.made_at AS "madeAt", p.checker,
  p.decided_at AS "decidedAt", p.state`;
type ActSqlRow = Omit<ActRow, 'mayApprove' | 'detail'> & { readonly detailJson: string };
const NAMED = (table: string) => `JOIN residents r ON r.county_id = ${table}.county_id AND r.acct = ${table}.acct`;
const CREDITS = `c.credit, c.acct, r.name AS "residentName", c.activity, c.reason, c.pts, c.at, c.made_by AS "madeBy",
  c.approved_by AS "approvedBy", c.posts_at AS "postsAt", c.state`;
const REQUESTS = `q.number, q.kind, q.tid, q.acct, r.name AS "residentName", q.code, q.units, q.ref, q.at,
  q.due_at AS "dueAt", q.state, q.answer`;
const EXCEPTIONS = `e.exception, e.kind, e.subject, e.tid, e.opened_at AS "openedAt", e.due_at AS "dueAt", e.owner,
  e.closed_at AS "closedAt", e.closed_by AS "closedBy", e.detail_json AS "detailJson",
  (SELECT count(*) FROM notes n WHERE n.county_id = e.county_id AND n.exception = e.exception) AS notes`;
type ExceptionSqlRow = Omit<ExceptionItem, 'says' | 'whatToDo' | 'byHand' | 'ageMs' | 'overdue'> & {
  readonly detailJson: string;
};

function itemOf({ detailJson: _, ...row }: ExceptionSqlRow, at: number): ExceptionItem {
  const { says, whatToDo, byHand } = EXCEPTION_KINDS[row.kind as ExceptionKind];
  const until = row.closedAt ?? at;
  return { ...row, says, whatToDo, byHand, ageMs: until - row.openedAt, overdue: until > row.dueAt };
}

async function exceptions(sql: Sql, query: ExceptionQuery): Promise<Page<ExceptionItem>> {
  const open = query.state === 'open';
  const more = [
    `e.closed_at IS ${open ? '' : 'NOT '}NULL`,
    ...(query.owner === 'nobody' ? ['e.owner IS NULL'] : []),
    ...(query.overdue === true ? [`e.due_at < ${Math.floor(query.at)}`] : []),
  ];
  const { rows, next } = await pageOf<ExceptionSqlRow>(sql, query, {
    ...{ select: EXCEPTIONS, from: 'exceptions e', time: open ? 'e.due_at' : 'e.closed_at', key: 'e.exception' },
    newestFirst: !open,
    where: { 'e.kind': query.kind, 'e.tid': query.tid, 'e.owner': query.owner === 'nobody' ? undefined : query.owner },
    more,
  });
  return { rows: rows.map((row) => itemOf(row, query.at)), next };
}

interface ListText {
  readonly select: string;
  readonly from: string;
  readonly time: string;
  readonly key: string;
  readonly newestFirst: boolean;
  /** Columns that must equal what was asked for, where it was. */
  readonly where: Readonly<Record<string, string | undefined>>;
  readonly more?: readonly string[];
}

/** The page behind `cursor`, `<time>.<key>` of the last row before it: stable while rows come and go. */
async function pageOf<Row>(sql: Sql, query: { cursor?: string; limit: number }, text: ListText): Promise<Page<Row>> {
  const { select, from, time, key, newestFirst, where, more = [] } = text;
  const table = key.split('.')[0];
  const params: Record<string, Param> = { row_limit: query.limit + 1 };
  const parts = [`${table}.county_id = :county`, ...more];
  Object.entries(where).forEach(([column, value], i) => {
    if (value === undefined) return;
    parts.push(`${column} = :w${i}`);
    params[`w${i}`] = value;
  });
  const [sign, order] = newestFirst ? ['<', 'DESC'] : ['>', 'ASC'];
  if (query.cursor !== undefined) {
    const dot = query.cursor.indexOf('.');
    params.cursor_time = Number(query.cursor.slice(0, dot));
    params.cursor_key = query.cursor.slice(dot + 1);
    parts.push(`(${time} ${sign} :cursor_time OR (${time} = :cursor_time AND ${key} ${sign} :cursor_key))`);
  }
  const rows = await sql.all<Row & { page_time: number; page_key: string }>(
    `SELECT ${select}, ${time} AS page_time, ${key} AS page_key FROM ${from} WHERE ${parts.join(' AND ')}
     ORDER BY ${time} ${order}, ${key} ${order} LIMIT :row_limit`,
    params,
  );
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ page_time: _time, page_key: _key, ...row }) => row as unknown as Row),
    next: rows.length > query.limit && last !== undefined ? `${last.page_time}.${last.page_key}` : null,
  };
}

async function resident(books: Parameters<typeof expiringOf>[0], acct: string, at: number) {
  const row = await books.get('residents', { acct });
  if (row === undefined) return null;
  const village = await books.get('villages', { village: row.village });
  const [accountPts = 0, pendingPts = 0] = await books.balances([
    ledgerAccount.account(acct),
    ledgerAccount.pending(acct),
  ]);
  const cards = await books.list('cards', 'ofAccount', { acct });
  const blocks = await books.many('blocks', cards);
  return {
    ...{ acct, name: row.name, village: village?.name ?? row.village, leftAt: row.leftAt, accountPts, pendingPts },
    expiring: await expiringOf(books, acct, at),
    cards: cards.map(({ card, last4, state }, i) => {
      const block = blocks[i];
      if (block === undefined) return { card, last4, state, blocked: null };
      const { at: when, blockedBy, reason, replacedBy, replacedAt } = block;
      return { card, last4, state, blocked: { at: when, by: blockedBy, reason, replacedBy, replacedAt } };
    }),
  };
}
