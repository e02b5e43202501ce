import { type IdCard, textOf } from './id-card.ts';

/** What a certified unit answers, by the SAM_V protocol: one command frame in, one answer frame out. Bytes may come split. */

const PREAMBLE = [0xaa, 0xaa, 0xaa, 0x96, 0x69] as const;
const COMMAND_BYTES = 10;
const PHOTO_BYTES = 1_024;

export interface Unit {
  /** Answer frames to what came, in order. */
  take(bytes: Uint8Array): Uint8Array[];
  lay(card: IdCard | null): void;
}
export interface UnitOptions {
  /** Many units answer select with zeros in place of the chip's serial. */
  readonly givesSerial: boolean;
  /** Many units do not find a card again that they have read, until it is lifted. */
  readonly findsAgain: boolean;
}

export function unit({ givesSerial, findsAgain }: UnitOptions): Unit {
  let held: number[] = [];
  let card: IdCard | null = null;
  let selected = false;
  let done = false;

  function answerTo(command: number, parameter: number): Uint8Array {
    switch (command * 256 + parameter) {
      case 0x2001:
        selected = false;
        return card === null || done ? frame(0x80) : frame(0x9f, [0, 0, 0, 0]);
      case 0x2002:
        if (card === null) return frame(0x81);
        selected = true;
        if (givesSerial) done = !findsAgain;
        return frame(0x90, givesSerial ? [...Buffer.from(card.serial, 'hex')] : Array<number>(8).fill(0));
      case 0x3001:
        if (card === null || !selected) return frame(0x41);
        done = !findsAgain;
        return frame(0x90, [1, 0, 4, 0, ...textOf(card), ...Array<number>(PHOTO_BYTES).fill(0x5a)]);
      default:
        return frame(0x21);
    }
  }

  return {
    take(bytes) {
      held.push(...bytes);
      const answers: Uint8Array[] = [];
      while (held.length >= COMMAND_BYTES) {
        const whole = PREAMBLE.every((byte, at) => held[at] === byte) && held[5] === 0 && held[6] === 3;
        if (!whole) held = held.slice(1);
        else {
          const [, , , , , , , command = 0, parameter = 0, check = 0] = held;
          answers.push((3 ^ command ^ parameter) === check ? answerTo(command, parameter) : frame(0x10));
          held = held.slice(COMMAND_BYTES);
        }
      }
      return answers;
    },
    lay(laid) {
      card = laid;
      selected = false;
      done = false;
    },
  };
}

function frame(status: number, data: readonly number[] = []): Uint8Array {
  const length = 3 + data.length + 1;
  const content = [length >> 8, length & 0xff, 0, 0, status, ...data];
  return Uint8Array.of(
    ...PREAMBLE,
    ...content,
    content.reduce((sum, byte) => sum ^ byte, 0),
  );
}
