import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

describe('strict JSON', () => {
  it.each([
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice, same value', '{"a":1,"a":1}'],
    ['a key twice, once escaped', '{"pts":1,"\\u0070ts":2}'],
    ['a key twice, deep inside', '{"x":[{"y":{"a":1,"b":2,"a":3}}]}'],
    ['a key twice after a nested object', '{"a":{"b":1},"a":2}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['a negative number', '{"a":-1}'],
    ['minus zero', '{"a":-0}'],
    ['a fraction', '{"a":1.5}'],
    ['a whole fraction', '{"a":1.0}'],
    ['an exponent', '{"a":1e3}'],
    ['a capital exponent', '[1E0]'],
    ['2^53', '{"a":9007199254740992}'],
    ['a number that parsers round', '[9007199254740993]'],
    ['a huge number', '[1e999]'],
    ['not JSON', '{a:1}'],
    ['nothing', ''],
    ['two values', '{}{}'],
    ['a byte order mark', '\uFEFF{}'],
    ['33 levels of arrays', nested('[', ']', 34)],
    ['6,000 levels of arrays, as a record could hold', nested('[', ']', 6_000)],
    ['6,000 levels with white space', ` ${nested('[', ']', 6_000)}`],
    ['4 million levels, as a sync body could hold', nested('[', ']', 4_000_000)],
    ['levels of objects', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
  ])('refuses %s', (_what, text) => {
    expect(parseStrictJson(text)).toBeNull();
  });

  it.each([
    ['2^53 - 1', '{"a":9007199254740991}', { a: Number.MAX_SAFE_INTEGER }],
    ['zero', '[0]', [0]],
    ['foreign white space', ' {\r\n\t"b" : [ 1 , 2 ] }\n', { b: [1, 2] }],
    ['an escaped letter', '{"\\u0061":"\\u5f20"}', { a: '张' }],
    ['keys in an order JSON.stringify would change', '{"10":1,"2":2}', { 2: 2, 10: 1 }],
    ['numbers and braces inside strings', '{ "a":"-1.0e3 {\\"a\\":1} \\\\" }', { a: '-1.0e3 {"a":1} \\' }],
    ['the same key in two objects', '[{"a":1}, {"a":1}]', [{ a: 1 }, { a: 1 }]],
    ['the words', '[true, false, null]', [true, false, null]],
  ])('takes %s', (_what, text, value) => {
    expect(parseStrictJson(text)).toEqual(value);
  });

  it('a long string of escapes stops nothing', () => {
    expect(parseStrictJson(` "${'\\n'.repeat(2_000_000)}"`)).toHaveLength(2_000_000);
  });

  it('answers never with anything but what JSON.parse reads, and never throws', () => {
    const text = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.string({ maxLength: 60 }),
      fc.array(fc.constantFrom('{', '}', '[', ']', '"a"', ':', ',', '1', '-0', '1.0', ' '), { maxLength: 12 }),
    );
    fc.assert(
      fc.property(text, (input) => {
        const json = Array.isArray(input) ? input.join('') : input;
        const value = parseStrictJson(json);
        if (value !== null) expect(value).toEqual(JSON.parse(json));
      }),
      { numRuns: 500 },
    );
  });
});
