import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * The chip's own cryptography, written from the published notes (RFC 4493; NXP AN10922, AN12343) and from nothing of the
 * reader's: two that share a mistake would understand each other.
 */

const IV0 = Buffer.alloc(16);
const MASK_128 = (1n << 128n) - 1n;

export const draw = (bytes: number): Buffer => randomBytes(bytes);

export function encipher(key: Buffer, text: Buffer, iv: Buffer = IV0): Buffer {
  const aes = createCipheriv('aes-128-cbc', key, iv);
  aes.setAutoPadding(false);
  return Buffer.concat([aes.update(text), aes.final()]);
}

export function decipher(key: Buffer, text: Buffer): Buffer {
  const aes = createDecipheriv('aes-128-cbc', key, IV0);
  aes.setAutoPadding(false);
  return Buffer.concat([aes.update(text), aes.final()]);
}

/** `leastBytes`: AN10922 pads to 32 bytes what CMAC would leave shorter. */
export function mac16(key: Buffer, text: Buffer, leastBytes = 16): Buffer {
  const twice = (n: bigint): bigint => ((n << 1n) & MASK_128) ^ (n >> 127n === 1n ? 0x87n : 0n);
  const k1 = twice(numberOf(encipher(key, IV0)));
  const size = Math.max(leastBytes, Math.ceil(text.length / 16) * 16);
  const padding = size === text.length ? Buffer.alloc(0) : Buffer.alloc(size - text.length);
  if (padding.length > 0) padding[0] = 0x80;
  const padded = Buffer.concat([text, padding]);
  const tail = numberOf(padded.subarray(-16)) ^ (padding.length === 0 ? k1 : twice(k1));
  const whole = Buffer.concat([padded.subarray(0, -16), Buffer.from(tail.toString(16).padStart(32, '0'), 'hex')]);
  return encipher(key, whole).subarray(-16);
}

export function mac8(key: Buffer, text: Buffer): Buffer {
  const whole = mac16(key, text);
  return Buffer.from([1, 3, 5, 7, 9, 11, 13, 15].map((at) => whole.readUInt8(at)));
}

/** The key of one card: AN10922 over its UID, the application and the system's name. */
export function keyOfCard(villageKey: Buffer, uid: Buffer, rest: Buffer): Buffer {
  return mac16(villageKey, Buffer.concat([Buffer.from([1]), uid, rest]), 32);
}

/** `label`: A5 5A for the key that enciphers, 5A A5 for the one that MACs. */
export function sessionKey(key: Buffer, label: string, rndA: Buffer, rndB: Buffer): Buffer {
  const mixed = Buffer.from(rndA.subarray(2, 8));
  for (let at = 0; at < 6; at += 1) mixed[at] = mixed.readUInt8(at) ^ rndB.readUInt8(at);
  const head = Buffer.from(`${label}00010080`, 'hex');
  return mac16(key, Buffer.concat([head, rndA.subarray(0, 2), mixed, rndB.subarray(6), rndA.subarray(8)]));
}

/** Rotated left by a byte. */
export function turned(block: Buffer): Buffer {
  return Buffer.concat([block.subarray(1), block.subarray(0, 1)]);
}

/** Zeros up to whole blocks. */
export function filled(text: Buffer): Buffer {
  return Buffer.concat([text, Buffer.alloc((16 - (text.length % 16)) % 16)]);
}

function numberOf(block: Buffer): bigint {
  return BigInt(`0x${block.toString('hex')}`);
}
