import { commit, type DesfireChip, lastSignature, SIGNED_BYTES, SIGNED_FILE, TMAC_FILE } from './chip.ts';
import { encipher, filled, mac8, sessionKey } from './chip-crypto.ts';

/** A card between AuthenticateEV2First and the end of that session: every command and every answer carries a MAC. */

export const STATUS = {
  ok: 0x00,
  integrityError: 0x1e,
  illegalCommand: 0x1c,
  noSuchKey: 0x40,
  lengthError: 0x7e,
  permissionDenied: 0x9d,
  parameterError: 0x9e,
  applicationNotFound: 0xa0,
  authenticationError: 0xae,
  more: 0xaf,
} as const;

export const COMMAND = {
  getCardUid: 0x51,
  readData: 0xad,
  writeData: 0x8d,
  commitTransaction: 0xc7,
} as const;
/** File number, offset and length. */
const HEADER_BYTES = 7;
const RETURN_TMAC = 0x01;

export interface Said {
  readonly status: number;
  readonly data: Buffer;
}
export interface Session {
  /** A status other than ok ends the session, and with it whatever was not committed. */
  take(command: number, data: Buffer): Said;
}

export function openSession(chip: DesfireChip, ti: Buffer, rndA: Buffer, rndB: Buffer): Session {
  const encKey = sessionKey(chip.readKey, 'a55a', rndA, rndB);
  const macKey = sessionKey(chip.readKey, '5aa5', rndA, rndB);
  let counter = 0;
  let written: Buffer | null = null;
  let input = Buffer.alloc(0);

  const macOf = (first: number, body: Buffer): Buffer => {
    const head = Buffer.from([first, counter & 0xff, counter >> 8]);
    return mac8(macKey, Buffer.concat([head, ti, body]));
  };
  /** What the TransactionMAC counts of a command on a file: header and data, each filled up with zeros. */
  const count = (command: number, header: Buffer, data: Buffer): void => {
    input = Buffer.concat([input, filled(Buffer.concat([Buffer.from([command]), header])), filled(data)]);
  };
  const enciphered = (text: Buffer): Buffer => {
    const seed = Buffer.concat([
      Buffer.from('5aa5', 'hex'),
      ti,
      Buffer.from([counter & 0xff, counter >> 8]),
      Buffer.alloc(8),
    ]);
    const padded = filled(Buffer.concat([text, Buffer.from([0x80])]));
    return encipher(encKey, padded, encipher(encKey, seed));
  };
  const perform = (command: number, body: Buffer): Buffer | number => {
    const header = body.subarray(0, HEADER_BYTES);
    const rest = body.subarray(HEADER_BYTES);
    switch (command) {
      case COMMAND.getCardUid:
        return body.length === 0 ? enciphered(chip.uid) : STATUS.lengthError;
      case COMMAND.readData: {
        if (rest.length > 0) return STATUS.lengthError;
        if (isWhole(header, TMAC_FILE, 12)) return lastSignature(chip);
        if (!isWhole(header, SIGNED_FILE, SIGNED_BYTES)) return STATUS.permissionDenied;
        count(command, header, chip.signedFile);
        return chip.signedFile;
      }
      case COMMAND.writeData:
        if (!isWhole(header, SIGNED_FILE, SIGNED_BYTES)) return STATUS.permissionDenied;
        if (rest.length !== SIGNED_BYTES) return STATUS.lengthError;
        count(command, header, rest);
        written = Buffer.from(rest);
        return Buffer.alloc(0);
      case COMMAND.commitTransaction:
        if (body.length !== 1 || body[0] !== RETURN_TMAC) return STATUS.parameterError;
        commit(chip, written ?? chip.signedFile, input);
        written = null;
        input = Buffer.alloc(0);
        return lastSignature(chip);
      default:
        return STATUS.illegalCommand;
    }
  };

  return {
    take(command, data) {
      const body = data.subarray(0, -8);
      if (data.length < 8 || !macOf(command, body).equals(data.subarray(-8))) {
        return { status: STATUS.integrityError, data: Buffer.alloc(0) };
      }
      counter += 1;
      const done = perform(command, body);
      if (typeof done === 'number') return { status: done, data: Buffer.alloc(0) };
      return { status: STATUS.ok, data: Buffer.concat([done, macOf(STATUS.ok, done)]) };
    },
  };
}

/** Our files are read and written whole. */
function isWhole(header: Buffer, file: number, bytes: number): boolean {
  return header.equals(Buffer.from([file, 0, 0, 0, bytes, 0, 0]));
}
