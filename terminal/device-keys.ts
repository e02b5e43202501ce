import { existsSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { enrolmentDocument } from '../protocol/documents/kinds.ts';
import { nodeSigner } from '../protocol/node/crypto.ts';
import { loadOrCreateKey } from '../protocol/node/key-file.ts';
import { StoreRefusal } from '../protocol/node/store-refusal.ts';
import { toBase64url } from '../protocol/primitives/base64url.ts';
import type { EpochRow } from './journal/port.ts';

/**
 * The device's keys, one an epoch, made here and never leaving. The first stands in `device.key`; one that waits for its
 * enrolment in `device-next.key`, and once enrolled under its epoch's number.
 */
const first = (data: string) => resolve(data, 'device.key');
const next = (data: string) => resolve(data, 'device-next.key');
const numbered = (data: string, ep: number) => resolve(data, `device-${ep}.key`);

/** The key to enrol with. `known`: an epoch stands already, whose key must not be used again. */
export function enrollingSeed(data: string, known: boolean): Uint8Array {
  return known ? loadOrCreateKey(next(data), true) : loadOrCreateKey(first(data), true);
}

/** The key that `epoch` was enrolled with. Throws StoreRefusal where it is not here. */
export function seedOf(data: string, epoch: EpochRow): Uint8Array {
  const own = numbered(data, epoch.ep);
  // A crash between the enrolment and the key's new name leaves it under the old one.
  if (!existsSync(own) && existsSync(next(data)) && fits(loadOrCreateKey(next(data), false), epoch))
    renameSync(next(data), own);
  const path = existsSync(own) ? own : first(data);
  const seed = loadOrCreateKey(path, false);
  if (fits(seed, epoch)) return seed;
  throw new StoreRefusal(
    `${path} is not the key that ${epoch.tid}.${epoch.ep} was enrolled with.`,
    'Put the right key file back, or ask the county for a new epoch.',
  );
}

function fits(seed: Uint8Array, epoch: EpochRow): boolean {
  const { publicKey } = nodeSigner(`${epoch.tid}.${epoch.ep}`, seed);
  return enrolmentDocument.readTrusted(epoch.enrolmentJws)?.key === toBase64url(publicKey);
}
