import type { Socket } from 'node:net';
import type { ApduAnswer } from './apdu.ts';

/** vpcd's control bytes, spoken by the reader (vsmartcard, virtualsmartcard/src/vpcd/vpcd.h). Only `getAtr` is answered. */
const POWER_ON = 0x01;
const GET_ATR = 0x04;

/** The reader's end of vpcd's wire to one card: 2-byte big-endian length, then the body; one answer at a time. */
export interface VpcdLink {
  powerOn(): void;
  /** The ATR, or why there is none. */
  atr(): Promise<ApduAnswer>;
  transmit(apdu: Uint8Array): Promise<ApduAnswer>;
}

/** `answerMs` is the deadline of one answer. A wire that closes meanwhile answers `torn`. */
export function vpcdLink(socket: Socket, answerMs: number): VpcdLink {
  // Less than one frame of 65,537 bytes is ever held: what nobody asked for is dropped below.
  let held: Uint8Array = new Uint8Array(0);
  let waiting: ((answer: ApduAnswer) => void) | null = null;
  const settle = (answer: ApduAnswer): void => {
    const asked = waiting;
    waiting = null;
    asked?.(answer);
  };
  socket.on('data', (chunk) => {
    if (waiting === null) return;
    held = Buffer.concat([held, chunk]);
    const end = held.length < 2 ? 2 : 2 + (held[0] ?? 0) * 256 + (held[1] ?? 0);
    if (held.length < 2 || held.length < end) return;
    const body = held.subarray(2, end);
    held = new Uint8Array(0);
    settle(body);
  });
  socket.on('close', () => settle('torn'));
  const ask = (body: Uint8Array): Promise<ApduAnswer> => {
    if (socket.destroyed) return Promise.resolve('torn');
    if (waiting !== null) throw new Error('One APDU at a time.');
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle('mute'), answerMs);
      waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      socket.write(framed(body));
    });
  };
  return {
    powerOn: () => void socket.write(framed(Uint8Array.of(POWER_ON))),
    atr: () => ask(Uint8Array.of(GET_ATR)),
    transmit: ask,
  };
}

function framed(body: Uint8Array): Uint8Array {
  return Uint8Array.of(body.length >> 8, body.length & 0xff, ...body);
}
