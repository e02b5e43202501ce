import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../protocol/node/key-file.ts';
import { emptyEpoch } from './fleet/enrolment.ts';
import type { Books } from './ledger/books.ts';
import type { EpochRow } from './ledger/tables.ts';

/**
 * Enrolments stand where the backups are before any device learns of its own (docs/protocol.md): a hub restored from
 * yesterday then knows each kiosk that may hold points, also one that was enrolled today.
 */
export interface EnrolmentCopies {
  /** Durable when it returns. The same again changes nothing. */
  keep(row: EpochRow): void;
  all(): EpochRow[];
}

const FIELDS = [
  ...(['tid', 'ep', 'shop', 'village', 'codeHash', 'codeExpiresAt', 'issuedBy', 'publicKey'] as const),
  ...(['fingerprint', 'confirmedBy', 'pepperSealed', 'enrolmentJws', 'enrolmentHash'] as const),
];
const BYTES = new Set<string>(['codeHash', 'publicKey', 'pepperSealed']);

export function enrolmentCopies(folder: string): EnrolmentCopies {
  return {
    keep(row) {
      const file = join(folder, `${row.tid}.${row.ep}.json`);
      const text = JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, written(row[name])])));
      if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
      writeDurably(file, Buffer.from(text), 0o600);
    },
    all() {
      if (!existsSync(folder)) return [];
      const names = readdirSync(folder).filter((name) => /^[a-z0-9-]{1,32}\.[0-9]+\.json$/.test(name));
      return names.map((name) => readRow(readFileSync(join(folder, name), 'utf8')));
    },
  };
}

function written(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value;
}

function readRow(text: string): EpochRow {
  const value = JSON.parse(text) as Record<string, unknown>;
  const fields = FIELDS.map((name) => {
    const field = value[name] ?? null;
    return [name, BYTES.has(name) && field !== null ? new Uint8Array(Buffer.from(String(field), 'base64url')) : field];
  });
  const row = { ...emptyEpoch('', 0, '', ''), ...Object.fromEntries(fields) } as EpochRow;
  // Open, and not reported: a restored hub waits for it like for any other.
  return { ...row, state: 'open' };
}

/** Enrols again whom the backup does not know. Answers who that was. */
export async function takeCopies(books: Books, rows: readonly EpochRow[], at: number): Promise<string[]> {
  const taken: string[] = [];
  for (const row of [...rows].sort((a, b) => a.tid.localeCompare(b.tid) || a.ep - b.ep)) {
    const { tid, ep, shop } = row;
    const known = await books.get('epochs', { tid, ep });
    if (known !== undefined && known.enrolmentJws !== null) continue;
    if ((await books.get('terminals', { tid })) === undefined)
      await books.add('terminals', [{ tid, shop, lastSyncAt: null, healthJson: null }]);
    const earlier = (await books.list('epochs', 'ofTerminal', { tid })).filter((each) => each.ep < ep);
    const ended = earlier.filter((each) => each.state === 'open' || each.state === 'frozen');
    await books.put(
      'epochs',
      ended.map((each): EpochRow => ({ ...each, state: 'ended' })),
    );
    await books.put('epochs', [row]);
    const residents = await books.list('residents', 'ofVillage', { village: row.village });
    await books.put(
      'dues',
      residents.map(({ village, acct }) => ({ village, acct })),
    );
    await books.audit({ at, user: 'restore', act: 'enrolment-taken-back', subject: tid, detail: { ep } });
    taken.push(`${tid}.${ep}`);
  }
  return taken;
}
