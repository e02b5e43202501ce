import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { settleFile } from './durable-files.ts';
import { StoreRefusal } from './store-refusal.ts';

/** A file of 32 secret bytes, readable by its owner only. */

const KEY_BYTES = 32;

/** Reads the key, or makes it where `mayCreate` says that none was ever used. */
export function loadOrCreateKey(path: string, mayCreate: boolean): Uint8Array {
  if (existsSync(path)) {
    const key = readFileSync(path);
    if (key.length !== KEY_BYTES) throw new StoreRefusal(`${path} is not a key of ours.`, 'Restore it from your safe.');
    return new Uint8Array(key);
  }
  if (!mayCreate) {
    throw new StoreRefusal(
      `The key file ${path} is missing, but data made with it is here.`,
      'Put the key file back. Without it what it protects cannot be read; starting with a new key would lose it.',
    );
  }
  const key = randomBytes(KEY_BYTES);
  writeDurably(path, key, 0o600);
  return new Uint8Array(key);
}

/** Written whole or not at all, and still there after a power cut: file synced, then its name, then its folder. */
export function writeDurably(path: string, bytes: Uint8Array, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', mode);
  try {
    writeSync(file, bytes);
  } finally {
    closeSync(file);
  }
  settleFile(temporary, path);
}
