import type { Scanned } from './port.ts';

/** No code of goods is longer; an article number has 14 digits, one of our own at most 40 characters. */
export const MAX_CODE_CHARS = 64;

/** What a scan says, or why it is none; null where there is nothing at all. */
export function scanText(bytes: Uint8Array): Scanned | null {
  if (bytes.length > MAX_CODE_CHARS) return { ok: false, reason: 'too-long' };
  const text = String.fromCharCode(...bytes).replace(/^[\0 \t\r\n]+|[\0 \t\r\n]+$/g, '');
  if (text === '') return null;
  return /^[\x20-\x7e]+$/.test(text) ? { ok: true, code: text } : { ok: false, reason: 'not-text' };
}
