import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFromChild, readToChild } from './child-messages.ts';
import { isSamSlot } from './pcsc-slot.ts';
import type { ReaderEvent } from './port.ts';
import { restartDelayMs } from './restart-backoff.ts';
import { pcscReader } from './supervisor.ts';

test.each([
  [0, 0, 0],
  [0, 0.99, 99],
  [3, 0.5, 400],
  [40, 0.99, 14_850],
])('after %i failures and random %d: %i ms', (failures, random, delayMs) => {
  expect(restartDelayMs(failures, random)).toBe(delayMs);
});

test.each([
  ['ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 01 00', true],
  ['ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00', false],
  ['Samsung Contactless 00 00', false],
])('%s is a SAM slot: %s', (name, expected) => {
  expect(isSamSlot(name)).toBe(expected);
});

const presenceId = 'dc392f02-3eaa-4659-b8d4-3714b3dd85c3';
test.each([
  { type: 'beat' },
  { type: 'status', state: 'ready', reason: null },
  { type: 'card', presenceId, card: { kind: 'uid', uid: '04a1b2c3' }, ageMs: 3.5 },
  { type: 'card-refused', presenceId, reason: 'torn' },
  { type: 'removed', presenceId },
])('$type passes', (message) => {
  expect(readFromChild(message)).toEqual(message);
});

test.each([
  [null],
  ['beat'],
  [{ type: 'status', state: 'happy', reason: null }],
  [{ type: 'status', state: 'ready', reason: 'A Sentence' }],
  [{ type: 'card', presenceId, card: { kind: 'uid', uid: '04A1B2C3' }, ageMs: 3 }],
  [{ type: 'card', presenceId, card: { kind: 'uid', uid: '04a1b2' }, ageMs: 3 }],
  [{ type: 'card', presenceId, card: { kind: 'desfire', uid: '04a1b2c3' }, ageMs: 3 }],
  [{ type: 'card', presenceId, card: { kind: 'uid', uid: '04a1b2c3' }, ageMs: -1 }],
  [{ type: 'card', presenceId, card: { kind: 'uid', uid: '04a1b2c3' }, ageMs: Number.NaN }],
  [{ type: 'card-refused', presenceId, reason: 'ugly' }],
  [{ type: 'removed', presenceId: 7 }],
])('%j is no message of the card process', (message) => {
  expect(readFromChild(message)).toBe(null);
});

test('only stop is a message of the supervisor', () => {
  expect(readToChild({ type: 'stop' })).toEqual({ type: 'stop' });
  expect(readToChild({ type: 'beat' })).toBe(null);
});

test('a child that ends at once is started again with a growing wait; stop ends that', async () => {
  const childPath = join(mkdtempSync(join(tmpdir(), 'tallystick-child-')), 'ends.mjs');
  writeFileSync(childPath, 'process.exit(1)');
  const randoms: number[] = [];
  const reader = pcscReader({ childPath, random: () => randoms.push(1) && 0 });
  const told: ReaderEvent[] = [];
  reader.onEvent((event) => told.push(event));
  reader.start();
  await expect.poll(() => randoms.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(3);
  expect(told).toContainEqual({ type: 'status', status: { state: 'fault', reason: 'child-ended' } });
  await reader.stop();
  const after = randoms.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(randoms.length).toBe(after);
  expect(reader.childPid()).toBe(null);
});

test('a prefix that cannot be started is a fault, not a crash', async () => {
  const reader = pcscReader({ childPath: '/nowhere.mjs', enter: ['/no/such/program'] });
  reader.start();
  await expect.poll(() => reader.status().reason).toBe('child-ended');
  await reader.stop();
});
