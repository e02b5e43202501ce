import { expect, it } from 'vitest';
import { commit, lastSignature, personalised } from './chip.ts';
import { decipher, encipher, keyOfCard, mac8, mac16, sessionKey } from './chip-crypto.ts';

/** The chip's cryptography on published vectors; with the reader's it is compared nowhere but on the wire. */

const hex = (text: string) => Buffer.from(text, 'hex');

it.each([
  ['', 'bb1d6929e95937287fa37d129b756746'],
  ['6bc1bee22e409f96e93d7e117393172a', '070a16b46b4d4144f79bdd9dd04a287c'],
  [
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411',
    'dfa66747de9ae63030ca32611497c827',
  ],
])('CMAC of RFC 4493: %s', (text, mac) => {
  expect(mac16(hex('2b7e151628aed2a6abf7158809cf4f3c'), hex(text)).toString('hex')).toBe(mac);
});

it('the diversified key of AN10922, the session’s keys of AN12196, and its short MAC', () => {
  const rest = hex('3042f54e585020416275');
  const key = keyOfCard(hex('00112233445566778899aabbccddeeff'), hex('04782e21801d80'), rest);
  expect(key.toString('hex')).toBe('a8dd63a3b89d54b37ca802473fda9175');
  const drawn = [hex('13c5db8a5930439fc3def9a4c675360f'), hex('b9e2fc789b64bf237cccaa20ec7e6e48')] as const;
  const zero = Buffer.alloc(16);
  expect(sessionKey(zero, 'a55a', ...drawn).toString('hex')).toBe('1309c877509e5a215007ff0ed19ca564');
  expect(sessionKey(zero, '5aa5', ...drawn).toString('hex')).toBe('4c6626f5e72ea694202139295c7a7fc7');
  expect(mac8(hex('8248134a386e86eb7faf54a52e536cb6'), hex('f500007a21085e02')).toString('hex')).toBe(
    '6597a457c8cd442c',
  );
  expect(decipher(zero, encipher(zero, Buffer.alloc(32, 7)))).toEqual(Buffer.alloc(32, 7));
});

it('a commit counts, signs and keeps, all at once', () => {
  const given = { uid: '04112233445566', villageKey: '00'.repeat(16), keyVersion: 1 };
  const chip = personalised({ ...given, tmacKey: 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf' });
  const written = hex('c0'.repeat(32));
  commit(chip, written, Buffer.concat([hex('8d010000002000000000000000000000'), written]));
  // Computed with Python's package `cryptography`.
  expect(lastSignature(chip).toString('hex')).toBe('0100000047c1fdb189de0005');
  expect(chip.signedFile).toEqual(written);
});
