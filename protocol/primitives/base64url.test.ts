import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  base64urlBehind,
  base64urlBehindPlain,
  fromBase64url,
  fromBase64urlPlain,
  toBase64url,
  toBase64urlPlain,
} from './base64url.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const WAYS = [
  { where: 'in Node', fromBase64url, toBase64url },
  { where: 'in a browser', fromBase64url: fromBase64urlPlain, toBase64url: toBase64urlPlain },
];

it.each([0, 1, 2, 3, 49_151, 49_152, 49_153, 98_304, 170_000, 500_001])(
  '%i bytes behind a head, as in one piece',
  (length) => {
    const bytes = new Uint8Array(length + 2).map((_, i) => (i * 31) % 253).subarray(1, length + 1);
    const whole = Buffer.from(`head.${Buffer.from(bytes).toString('base64url')}`);
    expect(Buffer.from(base64urlBehind('head.', bytes)).equals(whole)).toBe(true);
    expect(Buffer.from(base64urlBehindPlain('head.', bytes)).equals(whole)).toBe(true);
  },
);

describe.each(WAYS)('base64url $where', ({ fromBase64url, toBase64url }) => {
  it('is what Node writes, and reads back to the same bytes, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = toBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64url(text)).toEqual(bytes);
      }),
    );
  });

  it('takes no text that it would not have written itself', () => {
    const character = fc.constantFrom(...ALPHABET, '=', '+', '/', ' ', '\n', 'é', '\u0000');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 40 }), (characters) => {
        const text = characters.join('');
        const bytes = fromBase64url(text);
        if (bytes !== null) expect(toBase64url(bytes)).toBe(text);
      }),
    );
  });

  it('refuses every other last character that lax decoders read as the same bytes', () => {
    for (const bytes of [Uint8Array.of(0x5a), Uint8Array.of(0x5a, 0xc3), new Uint8Array(64).fill(0xa7)]) {
      const text = toBase64url(bytes);
      const spellings = [...ALPHABET]
        .map((last) => text.slice(0, -1) + last)
        .filter((other) => other !== text && Buffer.from(other, 'base64url').equals(bytes));
      expect(spellings.length).toBeGreaterThanOrEqual(3);
      for (const other of spellings) expect(fromBase64url(other), other).toBeNull();
    }
  });

  it.each([
    ['padding', 'Wg=='],
    ['one padding character', 'WsM='],
    ['a length that cannot be', 'AAAAA'],
    ['plain base64', '+/8A'],
    ['a space', 'Ws M'],
    ['a newline at the end', 'WsOn\n'],
    ['a character outside ASCII', 'WsOĀ'],
  ])('refuses %s', (_what, text) => {
    expect(fromBase64url(text)).toBeNull();
  });

  it('writes eight megabytes, the largest sync body, in a moment', () => {
    const bytes = new Uint8Array(8 * 1_048_576).map((_, i) => i % 251);
    const start = performance.now();
    const text = toBase64url(bytes);
    expect(performance.now() - start).toBeLessThan(700);
    expect(text).toBe(Buffer.from(bytes).toString('base64url'));
  });
});
