import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { NO_LIMITS } from '../../protocol/sync/messages.ts';
import { createTill, type Till, type Written } from '../../terminal/agent/till.ts';
import { journalPath, type TerminalConfig } from '../../terminal/config.ts';
import { seedOf } from '../../terminal/device-keys.ts';
import { type Book, createBook } from '../../terminal/journal/book.ts';
import { createFence } from '../../terminal/journal/fence.ts';
import { fenceFile } from '../../terminal/journal/fence-file.ts';
import { hubKeysOf } from '../../terminal/journal/hub-keys.ts';
import { createJournal } from '../../terminal/journal/journal.ts';
import type { JournalStore } from '../../terminal/journal/port.ts';
import { openJournal, sqliteStore } from '../../terminal/journal/sqlite-store.ts';

/**
 * A month without the hub, lived in seconds: a stopped kiosk's own journal is written on by its own till, a sale and its undoing
 * in turn and a close each evening, until so many records stand unsent. One commit for all of it, which no kiosk has.
 */
export function liveAlone(folder: string, records: number): { readonly seq: number; readonly head: string } {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as TerminalConfig;
  const data = resolve(folder, config.data);
  const db = openJournal(journalPath(config, folder));
  const store = sqliteStore(db);
  const epoch = store.epochs().at(-1);
  if (epoch === undefined) throw new Error(`${folder} is no enrolled kiosk`);
  const storage = fenceFile(resolve(folder, config.fence));
  const clock = { at: Date.now() - DAYS * DAY_MS };
  const hubKeys = () => hubKeysOf(store, epoch);
  const book = createBook({ store, epoch, verifying: nodeVerifying, hubKeys });
  const journal = createJournal({
    ...{ store, epoch, hashing: nodeHashing, boot: 'alone', monotonicMs: () => 1 },
    signer: nodeSigner(`${epoch.tid}.${epoch.ep}`, seedOf(data, epoch)),
    fence: { mark: () => null, raise: () => undefined },
  });
  const till = createTill({
    ...{ store, journal, book: { ...book, policy: () => withoutLimits(book) }, version: 'alone' },
    ...{ nowAt: () => clock.at, saleStop: () => null, offline: () => true },
  });
  store.transact(() => liveDays(till, book, store, clock, records));
  // All of them came out on paper.
  db.prepare(`UPDATE print_jobs SET state = 'confirmed'`).run();
  const { seq, head } = journal.head();
  createFence(storage, nodeHashing).raise({ ep: epoch.ep, seq, head });
  storage.close();
  db.close();
  return { seq, head };
}

const DAYS = 30;
const DAY_MS = 86_400_000;

function withoutLimits(book: Book) {
  const policy = book.policy();
  return policy === null ? null : { ...policy, limits: NO_LIMITS };
}

function liveDays(till: Till, book: Book, store: JournalStore, clock: { at: number }, records: number): void {
  const [item] = [...(book.catalogue()?.items ?? [])].sort((a, b) => a.pts - b.pts);
  const ep = store.epochs().at(-1)?.ep ?? 0;
  const accounts = store
    .allowances(ep)
    .filter((row) => item !== undefined && row.G - row.S + row.V - row.R >= item.pts);
  if (item === undefined || accounts.length === 0)
    throw new Error('this kiosk has nothing to sell, or nobody to sell to');
  const line = { sku: item.sku, rev: item.rev, qty: 1, pts: item.pts };
  const slip = (beforePts: number, afterPts: number) => ({ name: '张*芳', last4: '6105', beforePts, afterPts });
  const pairs = Math.floor((records - DAYS) / 2);
  for (let n = 0; n < pairs; n++) {
    const { acct } = accounts[n % accounts.length] ?? { acct: '' };
    clock.at += Math.floor((DAYS * DAY_MS) / (pairs + 1));
    const token = `1.${'A'.repeat(22)}`;
    const sold = done(till.redeem({ acct, token, lines: [line], pinChecked: false }, slip));
    done(till.void(sold, 'mistake', 'clerk'));
    if (n % Math.ceil(pairs / DAYS) === 0) done(till.close(true));
  }
}

function done(written: Written): number {
  if (!written.ok) throw new Error(`the till refused: ${written.code}`);
  return written.record.seq;
}
