import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ptyMissing } from '../../firmware-sim/pty/index.ts';

/** What tests of serial devices share: a folder for their sockets, and what they say where no pty can be had. */

export const noPty = ptyMissing();

/** Once in each file of such tests: on CI a missing pty is a failure, elsewhere it is said. */
export function saysWhatIsMissing(device: string): void {
  if (noPty !== null) console.warn(`SKIPPED: ${noPty} The ${device} is not tested on its wire.`);
  test(`on CI the ${device} is tested on its wire`, () => {
    if (process.env.CI === 'true') expect(noPty).toBeNull();
  });
}

/** Closed behind each test, the last first. */
export const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tallystick-pty-'));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'socket');
}

const WITHIN_MS = 10_000;
const LOOK_MS = 15;

export async function until<T>(read: () => T, holds: (value: T) => boolean): Promise<T> {
  const endMs = performance.now() + WITHIN_MS;
  for (;;) {
    const now = read();
    if (holds(now)) return now;
    if (performance.now() > endMs) throw new Error(`still ${JSON.stringify(now)}`);
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
