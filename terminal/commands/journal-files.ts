import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { settleFile } from '../../protocol/node/durable-files.ts';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { copyInUse } from '../../protocol/node/sqlite-copy.ts';
import { journalPath, type TerminalConfig } from '../config.ts';
import { checkJournal, type JournalFault } from '../journal/check-journal.ts';
import { openJournal, sqliteStore } from '../journal/sqlite-store.ts';
import { tailsOf } from '../journal/start-check-thread.ts';
import { holdPort } from './courier-desk.ts';

/**
 * `terminal backup` and `restore`: the journal, without the device's keys and without the fence, which are of one machine and
 * one moment. A journal that was put back sells nothing: it sends what it holds, and the next epoch begins behind it.
 */

const crypto = { ...nodeHashing, ...nodeVerifying };

/** Of a running agent's journal too. The copy is whole, checked and on the disk when it returns. */
export async function backupJournal(config: TerminalConfig, dir: string, to: string, say: (line: string) => void) {
  const path = journalPath(config, dir);
  if (!existsSync(path)) fail(EXIT.finding, `There is no journal at ${path}.`, 'Start and enrol the kiosk first.');
  const folder = resolve(to);
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `.journal-${process.pid}.sqlite`);
  try {
    let told = 0;
    await copyInUse(path, temporary, (done) => {
      const percent = Math.floor(100 * done);
      if (percent >= told + 25) say(`${percent} %`);
      told = Math.max(told, percent - (percent % 25));
    });
    const { name, records, wrong } = look(temporary);
    const file = join(folder, name);
    const again = wrong === null && existsSync(file);
    if (wrong !== null || again) removeAll(temporary);
    if (wrong !== null)
      fail(EXIT.finding, `The copy is no good: ${wrong}.`, 'Keep the kiosk as it is and call the county.');
    if (again) fail(EXIT.usage, `${file} is there already.`, 'Nothing was written since; or name another folder.');
    settleFile(temporary, file);
    return { file, records, says: `${records} records in ${file}. Keys and fence stay on the kiosk.` };
  } finally {
    removeAll(temporary);
  }
}

/** Only where no agent runs. What stood there is kept beside it, under another name. */
export async function restoreJournal(config: TerminalConfig, dir: string, from: string) {
  const file = resolve(from);
  if (!existsSync(file)) fail(EXIT.usage, `There is no ${file}.`, 'Name the file that `terminal backup` wrote.');
  const release = await holdPort(config.listenPort);
  if (release === null)
    fail(EXIT.environment, 'The kiosk’s agent is running.', 'Stop it first: a journal has one writer.');
  const path = journalPath(config, dir);
  const temporary = `${path}.restoring`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(file, temporary);
    const { records, wrong } = look(temporary);
    if (wrong !== null) {
      removeAll(temporary);
      fail(EXIT.finding, `${file} cannot be put back: ${wrong}.`, 'Take an older backup.');
    }
    markRestored(temporary);
    const kept = moveAside(path);
    settleFile(temporary, path);
    const before = kept === null ? '' : ` What stood here is kept as ${basename(kept)}.`;
    const next =
      'Start the kiosk: it sends what it holds and sells nothing. Then ask the county for its next epoch’s code.';
    return { records, kept, says: `${records} records put back.${before} ${next}` };
  } finally {
    removeAll(temporary);
    await release();
  }
}

/** From here on the outbox sends everything once more, and only a new epoch may sell. */
function markRestored(path: string): void {
  const db = openJournal(path);
  const store = sqliteStore(db);
  const ep = store.epochs().at(-1)?.ep;
  if (ep !== undefined) store.setFact(`rolled-back:${ep}`, 'shown');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}

/** `wrong`: in words, why this is no journal to keep or to put back; null where it is one. */
function look(path: string): { name: string; records: number; wrong: string | null } {
  const torn = checkJournal(path, [], nodeVerifying);
  if (torn !== null) return { name: '', records: 0, wrong: faultWords(torn) };
  const db = openJournal(path);
  try {
    const store = sqliteStore(db);
    const epoch = store.epochs().at(-1);
    if (epoch === undefined) return { name: '', records: 0, wrong: 'it belongs to no enrolled kiosk' };
    const records = db.prepare('SELECT count(*) FROM records').pluck().get() as number;
    const fault = checkJournal(
      path,
      tailsOf(store).map((tail) => ({ ...tail, after: 0 })),
      crypto,
    );
    const name = `${epoch.tid}.${epoch.ep}.${store.last(epoch.ep)?.seq ?? 0}.journal.sqlite`;
    return { name, records, wrong: fault === null ? null : faultWords(fault) };
  } finally {
    db.close();
  }
}

function removeAll(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true });
}

function moveAside(path: string): string | null {
  if (!existsSync(path)) return null;
  // What its log still holds goes into the file first, so that one file is all of it.
  try {
    const db = openJournal(path);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
  } catch {
    // Damaged: kept as it is, with its log.
  }
  let n = 1;
  while (existsSync(`${path}.before-restore-${n}`)) n += 1;
  const kept = `${path}.before-restore-${n}`;
  for (const end of ['', '-wal', '-shm']) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${kept}${end}`);
  return kept;
}

export function faultWords(fault: JournalFault): string {
  switch (fault.code) {
    case 'file':
      return `SQLite says “${fault.says}”`;
    case 'hash':
      return `record ${fault.ep}.${fault.seq} is not the one that was written`;
    case 'link':
      return `record ${fault.ep}.${fault.seq} does not follow the one before it`;
    case 'missing':
      return `record ${fault.ep}.${fault.seq}, which the hub holds, is not there`;
    case 'signature':
      return `record ${fault.ep}.${fault.seq} is not signed by this kiosk’s key`;
  }
}
