import type { Transmit } from '../apdu.ts';

/** DESFire's native commands in their ISO/IEC 7816-4 wrapping: `90 command 00 00 [length data] 00`, answered by `… 91 status`. */

export const COMMAND = {
  selectApplication: 0x5a,
  getKeyVersion: 0x64,
  authenticateEv2First: 0x71,
  more: 0xaf,
  getCardUid: 0x51,
  readData: 0xad,
  writeData: 0x8d,
  commitTransaction: 0xc7,
} as const;

export const STATUS = { ok: 0x00, integrityError: 0x1e, authenticationError: 0xae, more: 0xaf } as const;

const CLASS = 0x90;
const ANSWER_CLASS = 0x91;

export interface NativeAnswer {
  readonly status: number;
  readonly data: Uint8Array;
}
/** `foreign`: an answer that no DESFire gives. */
export type NativeFault = 'mute' | 'torn' | 'foreign';

export async function ask(transmit: Transmit, command: number, data: Uint8Array): Promise<NativeAnswer | NativeFault> {
  const length = data.length === 0 ? [] : [data.length, ...data];
  const answer = await transmit(Uint8Array.of(CLASS, command, 0, 0, ...length, 0));
  if (typeof answer === 'string') return answer;
  // A card torn away mid-APDU may come back as success with no bytes.
  if (answer.length < 2) return 'torn';
  if (answer.at(-2) !== ANSWER_CLASS) return 'foreign';
  return { status: answer.at(-1) ?? 0, data: answer.subarray(0, -2) };
}
