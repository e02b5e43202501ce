import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { readTrusted } from '../../protocol/records/record.ts';
import { slipsOf } from '../support/kill-loop.ts';
import { reading } from '../support/reading.ts';
import type { JournalRow, Seen, SeenKiosk } from './level.ts';
import type { Seller } from './seller.ts';
import type { SoakStand } from './stand.ts';

/** Reads what each side holds, beside the programs or behind them. */
export function readSeen(stand: Pick<SoakStand, 'hubPath' | 'county'>, sellers: readonly Seller[]): Seen {
  // The hub first: what it has must be in a journal that is read later.
  const hub = reading(stand.hubPath, readHub);
  const credited = stand.county.residents.map(
    ({ acct, credits }) => [acct, credits.reduce((sum, { pts }) => sum + pts, 0)] as const,
  );
  return { hub, kiosks: sellers.map(readKiosk), credited: new Map(credited) };
}

function readHub(db: Database.Database): Seen['hub'] {
  const pairs = (sql: string) => new Map(db.prepare(sql).raw().all() as [string, number][]);
  const number = `tid || '.' || ep || '.' || seq AS number`;
  return {
    records: db.prepare(`SELECT ${number}, jws FROM records ORDER BY arrival`).all() as Seen['hub']['records'],
    judgements: db.prepare(`SELECT ${number}, hash, stage FROM judgements`).all() as Seen['hub']['judgements'],
    balances: pairs('SELECT account, amount FROM balances'),
    shelves: pairs(`SELECT shop || '.' || sku, qty FROM shelves`),
    transfers: Object.fromEntries(pairs('SELECT kind, count(*) FROM transfers GROUP BY kind')),
  };
}

function readKiosk({ kiosk, done, touched }: Seller): SeenKiosk {
  const { layout, shop } = kiosk;
  return reading(join(layout.dir, 'data', 'journal.sqlite'), (db) => {
    const rows = db.prepare('SELECT ep, seq, jws, hash FROM records ORDER BY ep, seq').all() as JournalRow[];
    const spendable = db.prepare('SELECT acct, g - s + v - r FROM allowances').raw().all() as [string, number][];
    return {
      ...{ tid: layout.tid, shop, done, touched: touched(), slips: slipsOf(kiosk.paper()) },
      records: rows.map((row) => ({ ...row, payload: readTrusted(row.jws, row.hash).payload })),
      jobs: db.prepare('SELECT ep, seq, copy, state FROM print_jobs').all() as SeenKiosk['jobs'],
      spendable: new Map(spendable),
    };
  });
}
