import { expect, test } from 'vitest';
import type { ApduAnswer } from './apdu.ts';
import { classifyAtr, identify } from './identify.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const STORAGE_A = hex('3b8f8001804f0ca000000306030001000000006a');

test.each([
  ['MIFARE 1K', '3b8f8001804f0ca000000306030001000000006a', 'storage-a'],
  ['Ultralight', '3b8f8001804f0ca0000003060300030000000068', 'storage-a'],
  ['Type B storage', '3b8f8001804f0ca0000003060700070000000068', 'other'],
  ['DESFire', '3b8180018080', 'desfire'],
  ['DESFire with one byte more', '3b818001808000', 'processor'],
  ['phone', '3b80800101', 'processor'],
  ['contact card', '3b6500002063cb6800', 'other'],
  ['nothing', '', 'other'],
])('%s is classified by its whole ATR', (_name, atr, kind) => {
  expect(classifyAtr(hex(atr))).toBe(kind);
});

test.each<[string, ApduAnswer, string]>([
  ['4 bytes', hex('04a1b2c39000'), '04a1b2c3'],
  ['7 bytes', hex('041122334455669000'), '04112233445566'],
  ['10 bytes', hex('041122334455667788999000'), '04112233445566778899'],
  ['7 bytes that begin with 08 are Fujitsu, not random', hex('081122334455669000'), '08112233445566'],
  ['random', hex('08a1b2c39000'), 'random-uid'],
  ['zero', hex('000000009000'), 'zero-uid'],
  ['half of a longer UID', hex('88a1b2c39000'), 'unsupported-card'],
  ['5 bytes', hex('04a1b2c3d49000'), 'unsupported-card'],
  ['refused', hex('6a81'), 'unsupported-card'],
  ['no bytes', hex(''), 'torn'],
  ['one byte', hex('90'), 'torn'],
  ['left', 'torn', 'torn'],
  ['silent', 'mute', 'mute'],
])('%s', async (_name, answer, expected) => {
  const asked: string[] = [];
  const transmit = async (apdu: Uint8Array): Promise<ApduAnswer> => {
    asked.push(Buffer.from(apdu).toString('hex'));
    return answer;
  };
  const found = await identify(STORAGE_A, transmit, null);
  expect(found.ok ? found.card.uid : found.reason).toBe(expected);
  expect(asked).toEqual(['ffca000000']);
});

test.each([
  ['phone', '3b80800101'],
  ['DESFire, where there are no keys', '3b8180018080'],
])('a card of another kind is not asked at all: %s', async (_, atr) => {
  const found = await identify(hex(atr), () => Promise.reject(new Error('asked')), null);
  expect(found).toEqual({ ok: false, reason: 'unsupported-card' });
});
