import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nodeHashing } from '../node/crypto.ts';
import { fromBase64url } from '../primitives/base64url.ts';
import { PIN_PATTERN, pinVerifier } from './pin.ts';
import { cardToken, type Pepper } from './token.ts';

/** A card's pseudonym: the same card is found again in its village, and nobody without the pepper finds anything. */

const pepper: Pepper = { version: 3, key: new Uint8Array(32).fill(7) };
const UID = '04a1b2c3d4e5f6';
const token = (change: { pepper?: Pepper; kind?: string; uid?: string } = {}) =>
  cardToken(change.pepper ?? pepper, change.kind ?? 'uid', change.uid ?? UID, nodeHashing);

describe('card token', () => {
  it('is the pepper’s version and 16 bytes of HMAC-SHA256(pepper, kind ‖ UID)', () => {
    const mac = createHmac('sha256', pepper.key).update('uid').update(UID, 'hex').digest();
    expect(token()).toBe(`3.${mac.subarray(0, 16).toString('base64url')}`);
    expect(token()).toMatch(/^[0-9]{1,6}\.[A-Za-z0-9_-]{22}$/);
    expect(fromBase64url(token().split('.')[1] ?? '')).toHaveLength(16);
  });

  it('does not hold the UID, in hex or as bytes', () => {
    const bytes = Buffer.from(token().split('.')[1] ?? '', 'base64url');
    expect(token().toLowerCase()).not.toContain(UID);
    expect(bytes.includes(Buffer.from(UID, 'hex'))).toBe(false);
  });

  it('is the same for the same card, however a reader writes its UID', () => {
    expect(token({ uid: UID.toUpperCase() })).toBe(token());
  });

  it.each([
    ['another village’s pepper', { pepper: { version: 3, key: new Uint8Array(32).fill(8) } }],
    ['a rolled pepper', { pepper: { version: 4, key: pepper.key } }],
    ['another kind of card', { kind: 'chip' }],
    ['another UID', { uid: '04a1b2c3d4e5f7' }],
    ['a UID cut short', { uid: '04a1b2c3' }],
  ])('differs by %s', (_what, change) => {
    expect(token(change)).not.toBe(token());
  });

  it.each(['04a', '04 a1', 'zz', '04:a1'])('takes no UID spelt %j', (uid) => {
    expect(() => token({ uid })).toThrow('not hex');
  });
});

describe('PIN verifier', () => {
  const scrypt = new Uint8Array(32).fill(1);

  it('is an HMAC by the terminal’s own pepper, so a list stolen from one kiosk fits no other', () => {
    const mine = new Uint8Array(32).fill(2);
    const mac = createHmac('sha256', mine).update(scrypt).digest('base64url');
    expect(pinVerifier(mine, scrypt, nodeHashing)).toBe(mac);
    expect(pinVerifier(new Uint8Array(32).fill(3), scrypt, nodeHashing)).not.toBe(mac);
    expect(pinVerifier(mine, new Uint8Array(32), nodeHashing)).not.toBe(mac);
  });

  it.each([
    ['1234', true],
    ['123456', true],
    ['123', false],
    ['1234567', false],
    ['12a4', false],
    ['１２３４', false],
    ['1234\n', false],
  ])('%j is a PIN: %s', (typed, isOne) => {
    expect(PIN_PATTERN.test(typed)).toBe(isOne);
  });
});
