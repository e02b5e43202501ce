import type Database from 'better-sqlite3';
import { slipsOf } from '../support/kill-loop.ts';
import type { OutboxSender } from '../support/outbox-sender.ts';
import { reading } from '../support/reading.ts';
import { KIOSK, SALE_PTS } from './county.ts';
import type { Told } from './sales.ts';

/** What was acknowledged against what is there, read beside the programs that started on what the cut left. */

export interface Custody {
  /** Records that somebody was told of and that are not there byte for byte: each once, with where it is missed first. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** All else that a cut may not do. */
  readonly faults: readonly string[];
}
export interface Asked {
  readonly journalPath: string;
  readonly hubPath: string;
  readonly told: Told;
  readonly paper: string;
  readonly senders: readonly OutboxSender[];
}

export function custodyOf({ journalPath, hubPath, told, paper, senders }: Asked): Custody {
  const missed: Map<string, string> = new Map();
  const miss = (number: string, says: string) => missed.has(number) || missed.set(number, `${number} ${says}`);
  const [doubled, faults]: [string[], string[]] = [[], []];
  // The hub first: what it has of the kiosk must be in a journal that is read later.
  const hub = readHub(hubPath);
  const journal = readJournal(journalPath);
  const here = (seq: number) => journal.records.has(seq);
  for (const seq of told.done) if (!here(seq)) miss(`${KIOSK}.1.${seq}`, 'was done on the screen, not in the journal');
  for (const [number, { originals }] of slipsOf(paper)) {
    if (!here(Number(number.split('.').at(-1)))) miss(number, 'is on paper, not in the journal');
    if (originals > 1) doubled.push(`${number} has ${originals} originals on paper`);
  }
  for (const { tid, seq, jws } of hub.records) {
    const kept = tid !== KIOSK || journal.records.get(seq) === jws;
    if (!kept) miss(`${tid}.1.${seq}`, 'is at the hub, and in the journal it is another or none');
  }
  const stored: Map<string, string> = new Map(hub.records.map(({ tid, seq, jws }) => [`${tid}.1.${seq}`, jws]));
  for (let seq = 1; seq <= told.hubSeq; seq++) {
    if (!stored.has(`${KIOSK}.1.${seq}`)) miss(`${KIOSK}.1.${seq}`, 'was answered by the hub, which has it not');
  }
  for (const { tid, acked, records } of senders) {
    for (const { seq, jws } of records().slice(0, acked())) {
      const number = `${tid}.1.${seq}`;
      if (stored.get(number) !== jws) miss(number, 'was answered by the hub, which has it not');
    }
  }
  if (stored.size !== hub.records.length)
    doubled.push(`the hub has ${hub.records.length} rows of ${stored.size} records`);
  if (journal.redeems > told.touched) doubled.push(`${journal.redeems} redeems of ${told.touched} touches of confirm`);
  if (journal.spentPts !== journal.redeems * SALE_PTS)
    faults.push(`the kiosk counts ${journal.spentPts} points spent in ${journal.redeems} redeems of ${SALE_PTS}`);
  faults.push(...journal.damage, ...hub.damage);
  return { lost: [...missed.values()], doubled, faults };
}

interface HubRow {
  readonly tid: string;
  readonly seq: number;
  readonly jws: string;
}

function readHub(path: string) {
  return reading(path, (db) => ({
    records: db.prepare('SELECT tid, seq, jws FROM records ORDER BY tid, seq').all() as HubRow[],
    damage: damageOf(db, path),
  }));
}

function readJournal(path: string) {
  return reading(path, (db) => {
    const rows = db.prepare('SELECT seq, jws, type FROM records ORDER BY seq').all() as (HubRow & { type: string })[];
    return {
      records: new Map(rows.map(({ seq, jws }) => [seq, jws] as const)),
      redeems: rows.filter(({ type }) => type === 'redeem').length,
      spentPts: db.prepare('SELECT coalesce(sum(s - v), 0) FROM allowances').pluck().get() as number,
      damage: damageOf(db, path),
    };
  });
}

function damageOf(db: Database.Database, path: string): string[] {
  const said = db.pragma('quick_check', { simple: true });
  return said === 'ok' ? [] : [`${path}: ${said}`];
}

/** When all was sent and judged: each redemption moved its points once at the hub, and its books are level. */
export function pointsFaults({ journalPath, hubPath }: Asked): string[] {
  const { redeems } = readJournal(journalPath);
  return reading(hubPath, (db) => {
    const faults: string[] = [];
    const sold = db
      .prepare(`SELECT count(*) FROM judgements WHERE type = 'redeem' AND stage = 'matched'`)
      .pluck()
      .get();
    const ofKiosk = db
      .prepare(`SELECT count(*) FROM judgements WHERE type = 'redeem' AND stage = 'matched' AND tid = ?`)
      .pluck()
      .get(KIOSK);
    const moved = db.prepare(`SELECT count(*) AS n, sum(amount) AS pts FROM transfers WHERE kind = 'redeem'`).get();
    const { n, pts } = moved as { n: number; pts: number | null };
    if (ofKiosk !== redeems) faults.push(`the hub matched ${ofKiosk} redeems of the kiosk's ${redeems}`);
    if (n !== sold || (pts ?? 0) !== n * SALE_PTS)
      faults.push(`${n} transfers moved ${pts} points for ${sold} redeems`);
    const sum = db.prepare('SELECT coalesce(sum(amount), 0) FROM balances').pluck().get();
    if (sum !== 0) faults.push(`all accounts together hold ${sum}`);
    return faults;
  });
}
