import { filled, keyOfCard, mac8, mac16 } from './chip-crypto.ts';

/** What a DESFire card keeps without power: it lies in a pocket between two taps, and is the same card. */

/** Of our application (docs/devices.md), as the wire has it: the lowest byte first. */
export const AID = Buffer.from('f17a11', 'hex');
const SYSTEM_NAME = Buffer.from('tallystick');
export const READ_KEY_NO = 1;
/** A backup data file of 32 bytes, and the file of the TransactionMAC. */
export const SIGNED_FILE = 0x01;
export const TMAC_FILE = 0x0f;
export const SIGNED_BYTES = 32;

export interface DesfireChip {
  readonly uid: Buffer;
  readonly readKey: Buffer;
  readonly readKeyVersion: number;
  /** Of the county alone. */
  readonly tmacKey: Buffer;
  signedFile: Buffer;
  /** How often it has signed: the TransactionMAC's counter. */
  tmc: number;
  tmv: Buffer;
}

/** A card as the county hands it out. `uid`: 7 bytes in lower-case hex. Keys of 16 bytes in hex. */
export function personalised(given: {
  readonly uid: string;
  readonly villageKey: string;
  readonly keyVersion: number;
  readonly tmacKey: string;
}): DesfireChip {
  const uid = Buffer.from(given.uid, 'hex');
  return {
    uid,
    readKey: keyOfCard(Buffer.from(given.villageKey, 'hex'), uid, Buffer.concat([AID, SYSTEM_NAME])),
    readKeyVersion: given.keyVersion,
    tmacKey: Buffer.from(given.tmacKey, 'hex'),
    signedFile: Buffer.alloc(SIGNED_BYTES),
    tmc: 0,
    tmv: Buffer.alloc(8),
  };
}

/** CommitTransaction: all of it happens or nothing. `input`: the transaction's commands as the TransactionMAC counts them. */
export function commit(chip: DesfireChip, written: Buffer, input: Buffer): void {
  const tmc = chip.tmc + 1;
  const key = mac16(
    chip.tmacKey,
    filled(Buffer.concat([Buffer.from('5a00010080', 'hex'), counterBytes(tmc), chip.uid])),
  );
  chip.tmv = mac8(key, input);
  chip.tmc = tmc;
  chip.signedFile = written;
}

/** What the TransactionMAC's file holds: of the last transaction. */
export function lastSignature(chip: DesfireChip): Buffer {
  return Buffer.concat([counterBytes(chip.tmc), chip.tmv]);
}

function counterBytes(tmc: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(tmc);
  return bytes;
}
