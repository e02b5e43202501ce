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
import { createJournal, type Journal } from '../../terminal/journal/journal.ts';
import type { JournalStore } from '../../terminal/journal/port.ts';
import { openJournal, sqliteStore } from '../../terminal/journal/sqlite-store.ts';

/** What a stopped kiosk's own rules write into its own journal. */
export interface StoppedKiosk {
  readonly till: Till;
  readonly book: Book;
  readonly store: JournalStore;
  readonly journal: Journal;
  readonly ep: number;
}

/** `work` writes; one commit for all of it, and the fence behind it. `folder` holds the kiosk's config file. */
export function onStoppedKiosk(
  folder: string,
  nowAt: () => number,
  work: (kiosk: StoppedKiosk) => void,
): { readonly seq: number; readonly head: string } {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as TerminalConfig;
  const data = resolve(folder, config.data);
  const db = openJournal(journalPath(config, folder));
  const store = sqliteStore(db);
  const epoch = store.epochs().at(-1);
  if (epoch === undefined) throw new Error(`${folder} is no enrolled kiosk`);
  const storage = fenceFile(resolve(folder, config.fence));
  const hubKeys = () => hubKeysOf(store, epoch);
  const book = createBook({ store, epoch, verifying: nodeVerifying, hubKeys });
  const journal = createJournal({
    ...{ store, epoch, hashing: nodeHashing, boot: 'alone', monotonicMs: () => 1 },
    signer: nodeSigner(`${epoch.tid}.${epoch.ep}`, seedOf(data, epoch)),
    fence: { mark: () => null, raise: () => undefined },
  });
  const till = createTill({
    ...{ store, journal, book: { ...book, policy: () => withoutLimits(book) }, version: 'alone' },
    ...{ nowAt, saleStop: () => null, offline: () => true },
  });
  store.transact(() => work({ till, book, store, journal, ep: epoch.ep }));
  // Whatever slips there were came out.
  db.prepare(`UPDATE print_jobs SET state = 'confirmed' WHERE state = 'queued'`).run();
  const { seq, head } = journal.head();
  createFence(storage, nodeHashing).raise({ ep: epoch.ep, seq, head });
  storage.close();
  db.close();
  return { seq, head };
}

function withoutLimits(book: Book) {
  const policy = book.policy();
  return policy === null ? null : { ...policy, limits: NO_LIMITS };
}

/** The record's number. */
export function written(result: Written): number {
  if (!result.ok) throw new Error(`the till refused: ${result.code}`);
  return result.record.seq;
}
