import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../bench/support/demo.ts';
import type { FleetCounty } from '../../bench/support/fleet-county.ts';
import type { HubParts } from '../../hub/parts.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { OutboxSender } from './outbox-sender.ts';

/** What a hub's store must say of a fleet whose every record is known here: each fault as a sentence. */

export interface Custody {
  /** Answered as stored, and not there byte for byte. */
  readonly lost: readonly string[];
  /** Rows beyond one a record. */
  readonly doubled: readonly string[];
  /** Rows at all. */
  readonly stored: number;
}

export function custodyOf({ store }: HubParts, senders: readonly OutboxSender[]): Promise<Custody> {
  return store.books.read(async (books) => {
    const lost: string[] = [];
    const doubled: string[] = [];
    let stored = 0;
    for (const { tid, acked, records: recordsOf } of senders) {
      const records = recordsOf();
      const found: Map<string, number> = new Map();
      for (const { jws } of await books.list('records', 'bySeq', { tid, ep: 1 })) {
        found.set(jws, (found.get(jws) ?? 0) + 1);
        stored += 1;
      }
      for (const { seq, jws } of records.slice(0, acked())) if (!found.has(jws)) lost.push(`${tid}.1.${seq}`);
      for (const { seq, jws } of records) if ((found.get(jws) ?? 0) > 1) doubled.push(`${tid}.1.${seq}`);
    }
    return { lost, doubled, stored };
  });
}

/** When all was sent: every record there and judged once, and what moved is what the kiosks signed. */
export async function faultsOf(parts: HubParts, senders: readonly OutboxSender[]): Promise<string[]> {
  const faults = senders.flatMap((sender) => sender.faults);
  const { lost, doubled, stored } = await custodyOf(parts, senders);
  const sent = senders.reduce((sum, { records }) => sum + records().length, 0);
  for (const number of lost) faults.push(`${number} was answered as stored and is not there`);
  for (const number of doubled) faults.push(`${number} is there twice`);
  if (stored !== sent) faults.push(`${stored} records are stored of ${sent} sent`);
  for (const { tid, records } of senders) faults.push(...(await chainFaults(parts, tid, records())));
  const signed = senders.map(({ records }) => records());
  return [...faults, ...(await ledgerFaults(parts)), ...(await movedFaults(parts, signed))];
}

function chainFaults({ store }: HubParts, tid: string, records: readonly SignedRecord[]): Promise<string[]> {
  return store.books.read(async (books) => {
    const faults: string[] = [];
    const epoch = await books.get('epochs', { tid, ep: 1 });
    const { storedSeq = 0, judgedSeq = 0, forkedSeq = null } = epoch ?? {};
    if (storedSeq !== records.length || judgedSeq !== records.length)
      faults.push(`${tid}.1 is stored to ${storedSeq} and judged to ${judgedSeq} of ${records.length}`);
    if (forkedSeq !== null) faults.push(`${tid}.1 counts as forked at ${forkedSeq}`);
    const rows = await books.list('judgements', 'ofChain', { tid, ep: 1 });
    if (rows.length !== records.length)
      faults.push(`${tid}.1 has ${rows.length} judgements of ${records.length} records`);
    for (const [i, { seq, hash }] of records.entries()) {
      const row = rows[i];
      const stage = rightlyPriced(records[i]) ? 'matched' : 'quarantined';
      if (row?.seq !== seq || row.hash !== hash || row.stage !== stage)
        faults.push(`${tid}.1.${seq} was judged as ${row?.seq} ${row?.stage} ${row?.code ?? ''}, not ${stage}`);
    }
    return faults;
  });
}

export function rightlyPriced(record: SignedRecord | undefined): boolean {
  return record?.payload?.type !== 'redeem' || record.payload.pts === RIGHT_PTS;
}
const RIGHT_PTS = 10;

/** Balances as the schema keeps them against the transfers themselves. */
async function ledgerFaults({ store }: HubParts): Promise<string[]> {
  const [balances, moves] = await store.engine.read(async (sql) => [
    await sql.all<Balance>('SELECT account, amount FROM balances WHERE county_id = :county'),
    await sql.all<Balance>(`SELECT account, CAST(sum(amount) AS BIGINT) AS amount FROM (
        SELECT credit AS account, amount FROM transfers WHERE county_id = :county
        UNION ALL SELECT debit AS account, -amount AS amount FROM transfers WHERE county_id = :county
      ) AS moves GROUP BY account`),
  ]);
  const faults: string[] = [];
  const sums = new Map(moves.map(({ account, amount }) => [account, amount] as const));
  let total = 0;
  for (const { account, amount } of balances) {
    total += amount;
    if (amount < 0 && !MAY_BE_NEGATIVE.has(account)) faults.push(`${account} holds ${amount}`);
    if ((sums.get(account) ?? 0) !== amount)
      faults.push(`${account} holds ${amount}, its transfers say ${sums.get(account)}`);
    sums.delete(account);
  }
  for (const account of sums.keys()) faults.push(`${account} has transfers and no balance`);
  if (total !== 0) faults.push(`all accounts together hold ${total}`);
  return faults;
}
interface Balance {
  readonly account: string;
  readonly amount: number;
}
const MAY_BE_NEGATIVE = new Set(['programme', 'reserve', 'loss']);

/** Each record moved its points once: by kind, as often and as much as the kiosks signed. */
async function movedFaults({ store }: HubParts, chains: readonly (readonly SignedRecord[])[]): Promise<string[]> {
  const expected = signedMoves(chains);
  const rows = await store.engine.read((sql) =>
    sql.all<{ kind: string; moves: number; pts: number }>(
      `SELECT kind, count(*) AS moves, CAST(sum(amount) AS BIGINT) AS pts FROM transfers
       WHERE county_id = :county AND kind IN ('redeem', 'void', 'hold', 'unhold') GROUP BY kind`,
    ),
  );
  const found = new Map(rows.map(({ kind, moves, pts }) => [kind, `${moves} of ${pts} points`] as const));
  return [...expected].flatMap(([kind, { moves, pts }]) => {
    const should = `${moves} of ${pts} points`;
    const is = found.get(kind) ?? '0 of 0 points';
    return is === should ? [] : [`there are ${is} of kind ${kind}; the kiosks signed ${should}`];
  });
}

function signedMoves(chains: readonly (readonly SignedRecord[])[]): Map<string, { moves: number; pts: number }> {
  const sums: Map<string, { moves: number; pts: number }> = new Map();
  const add = (kind: string, pts: number) => {
    const sum = sums.get(kind) ?? { moves: 0, pts: 0 };
    sums.set(kind, { moves: sum.moves + 1, pts: sum.pts + pts });
  };
  for (const records of chains) {
    for (const record of records) {
      const { payload } = record;
      if (payload?.type === 'redeem') add(rightlyPriced(record) ? 'redeem' : 'hold', payload.pts);
      if (payload?.type === 'void') add(rightlyPriced(records[payload.ref - 1]) ? 'void' : 'unhold', payload.pts);
    }
  }
  return sums;
}

/** `hub export` and `verify` as people run them; answers what verify printed where it has findings. */
export async function verifyFaults({ dir, configOn }: Pick<FleetCounty, 'dir' | 'configOn'>): Promise<string[]> {
  const run = (program: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [join(ROOT, 'dist', program), ...args], { maxBuffer: 64 * 1_048_576 });
  const out = join(dir, 'export');
  await run('hub/main.js', 'export', '--config', configOn(1), '--out', out);
  return run('hub/export/verify-main.js', out).then(
    () => [],
    ({ stdout, stderr }: { stdout?: string; stderr?: string }) => [`verify: ${stdout ?? ''}${stderr ?? ''}`],
  );
}
