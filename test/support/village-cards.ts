import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthenticatingCard, type DesfireFault, personalised } from '../../firmware-sim/card/index.ts';

/** One village's cards that authenticate, and the kiosk's file of its keys: version 2 is in use, version 1 was rolled. */

export const CARD_UID = '04a1b2c3d4e5f6';
const KEYS: Readonly<Record<number, string>> = { 1: '11'.repeat(16), 2: '22'.repeat(16), 3: '33'.repeat(16) };
export const TMAC_KEY = '5a'.repeat(16);
export const KEY_FILE = {
  keys: [
    { version: 1, key: KEYS[1], accepted: false },
    { version: 2, key: KEYS[2], accepted: true },
  ],
};

export interface CardChoice {
  readonly uid?: string;
  /** Default 2, the one in use; 3 is one that the kiosk has not got. */
  readonly version?: number;
  /** A clone: all is as on the card, but the key that nobody can read out of it. */
  readonly villageKey?: string;
  readonly fault?: DesfireFault;
}

export function villageCard({ uid = CARD_UID, version = 2, villageKey, fault }: CardChoice = {}): AuthenticatingCard {
  const key = villageKey ?? KEYS[version] ?? '';
  const chip = personalised({ uid, villageKey: key, keyVersion: version, tmacKey: TMAC_KEY });
  return { kind: 'desfire', chip, ...(fault && { fault }) };
}

/** Written as an installer does: for its owner only. */
export function keyFile(text = JSON.stringify(KEY_FILE), mode = 0o600): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'tallystick-keys-'));
  const path = join(folder, 'card-keys.json');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}
