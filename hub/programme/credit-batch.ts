import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books, Reading } from '../ledger/books.ts';
import type { ActivityRow, CreditRow, ResidentRow } from '../ledger/tables.ts';
import { transfer } from '../ledger/transfers.ts';
import { type ActOutcome, cannot, type Performing } from '../operators/acts.ts';
import type { NewCredit } from './credits.ts';
import { parseCsv } from './csv.ts';
import { readPolicy } from './policy.ts';

/** Many credits from one file: a dry run lists every bad line; then one proposes the whole, another approves it. */

export const CREDIT_COLUMNS = ['credit', 'acct', 'activity', 'reason', 'pts'] as const;
export const BATCH_LIMITS = { lines: 1_000, chars: 400_000, pts: 10_000_000 } as const;

export type BatchCredit = Omit<NewCredit, 'again'>;
export interface BadLine {
  /** From 1, as a spreadsheet shows it. */
  readonly line: number;
  readonly says: string;
}
export interface BatchRead {
  readonly rows: readonly BatchCredit[];
  readonly bad: readonly BadLine[];
  readonly totalPts: number;
}

interface Numbered extends BatchCredit {
  readonly line: number;
}

/** What the file would do, and every line that keeps it from being done. Changes nothing. */
export async function readBatch(books: Reading, csv: string): Promise<BatchRead> {
  const { rows, bad } = linesOf(csv);
  const found = [...bad, ...(await faultsIn(books, rows))].sort((a, b) => a.line - b.line);
  const totalPts = rows.reduce((sum, row) => sum + row.pts, 0);
  return { rows: rows.map(({ line, ...row }) => row), bad: found, totalPts };
}

function linesOf(csv: string): { rows: Numbered[]; bad: BadLine[] } {
  const [header, ...lines] = parseCsv(csv);
  const wanted = CREDIT_COLUMNS.join(',');
  if (header === undefined || header.fields.join(',').toLowerCase() !== wanted) {
    return { rows: [], bad: [{ line: header?.line ?? 1, says: `The first line must be: ${wanted}` }] };
  }
  if (lines.length === 0) return { rows: [], bad: [{ line: header.line, says: 'There is no credit in this file.' }] };
  if (lines.length > BATCH_LIMITS.lines) {
    const says = `A file holds at most ${BATCH_LIMITS.lines} credits; split it.`;
    return { rows: [], bad: [{ line: lines[BATCH_LIMITS.lines]?.line ?? 1, says }] };
  }
  const rows: Numbered[] = [];
  const bad: BadLine[] = [];
  const seen: Map<string, number> = new Map();
  for (const { line, fields } of lines) {
    const [credit = '', acct = '', activity = '', reason = '', points = ''] = fields;
    const says = lineFaults(fields, seen);
    for (const each of says) bad.push({ line, says: each });
    if (!seen.has(credit)) seen.set(credit, line);
    if (says.length === 0) rows.push({ line, credit, acct, activity, reason, pts: Number(points) });
  }
  return { rows, bad };
}

const ID = /^[A-Za-z0-9_.-]{1,40}$/;

function lineFaults(fields: readonly string[], seen: ReadonlyMap<string, number>): string[] {
  if (fields.length !== CREDIT_COLUMNS.length) {
    return [`It has ${fields.length} fields, not ${CREDIT_COLUMNS.length}. Put a text with commas in quotes.`];
  }
  const [credit = '', acct = '', activity = '', reason = '', points = ''] = fields;
  const pts = /^[0-9]{1,8}$/.test(points) ? Number(points) : 0;
  const twice = seen.get(credit);
  return [
    ...(ID.test(credit) ? [] : ['The credit’s number is missing, or has other than letters, digits, - _ .']),
    ...(twice === undefined ? [] : [`The credit’s number stands in line ${twice} already.`]),
    ...(ID.test(acct) ? [] : ['The account is missing, or is not one.']),
    ...(activity.length >= 1 && activity.length <= 40 ? [] : ['The activity must have 1 to 40 characters.']),
    ...(reason.length >= 1 && reason.length <= 200 ? [] : ['The reason must have 1 to 200 characters.']),
    ...(pts >= 1 && pts <= BATCH_LIMITS.pts ? [] : ['The points must be a whole number above 0.']),
  ];
}

async function faultsIn(books: Reading, rows: readonly Numbered[]): Promise<BadLine[]> {
  const residents = await books.many(
    'residents',
    rows.map(({ acct }) => ({ acct })),
  );
  const credits = await books.many(
    'credits',
    rows.map(({ credit }) => ({ credit })),
  );
  const activities = await books.list('activities', 'all', {});
  return rows.flatMap((row, i) =>
    faultsOf(row, residents[i], credits[i], activities).map((says) => ({ line: row.line, says })),
  );
}

function faultsOf(
  row: BatchCredit,
  resident: ResidentRow | undefined,
  known: CreditRow | undefined,
  activities: readonly ActivityRow[],
): string[] {
  const active = activities.filter((each) => each.state === 'active').map((each) => each.activity);
  return [
    ...(resident === undefined ? ['There is no such account.'] : []),
    ...(resident !== undefined && resident.leftAt !== null ? ['This account has left the programme.'] : []),
    ...(known === undefined ? [] : ['A credit with this number stands already.']),
    ...(activities.length === 0 || active.includes(row.activity) ? [] : ['There is no such active activity.']),
  ];
}

/** All of it or nothing: the one who proposed made the credits, the one who approves approved them. */
export async function makeBatch(
  books: Books,
  { rows }: { readonly rows: readonly BatchCredit[] },
  { at, act, by }: Performing,
): Promise<ActOutcome> {
  const numbered = rows.map((row, i) => ({ ...row, line: i + 2 }));
  const [bad] = await faultsIn(books, numbered);
  if (bad !== undefined)
    return cannot('bad-line', `Line ${bad.line}: ${bad.says}`, 'Correct the file; propose it anew.');
  const county = await books.get('counties', {});
  const proposal = await books.get('proposals', { act });
  if (county === undefined || proposal === undefined) throw new Error('a batch without its county or proposal');
  const { objectionMs } = readPolicy(county.policyJson);
  const approved = { approvedBy: by, approvedAt: at, postsAt: at + objectionMs, state: 'pending', again: 0 } as const;
  await books.add(
    'credits',
    rows.map(({ credit, acct, activity, reason, pts }) => ({
      ...{ credit, acct, activity, reason, pts, at: proposal.madeAt, madeBy: proposal.maker },
      ...approved,
    })),
  );
  await books.post(
    rows.map(({ credit, acct, pts }) =>
      transfer('earn', `earn:${credit}`, ledgerAccount.programme, ledgerAccount.pending(acct), pts, credit),
    ),
    at,
  );
  return { ok: true, says: `${rows.length} credits are approved; they are posted after the objection period.` };
}
