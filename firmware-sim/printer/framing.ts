import { type CommandName, isIntroducer, knownCommand } from './command-set.ts';
import { type HeldBytes, hold, join, NOTHING_HELD } from './held-bytes.ts';

/** One thing the printer is told, cut out of the byte stream. `atByte` counts from power-on. */
export type Command = { readonly atByte: number } & (
  | { readonly kind: 'character'; readonly bytes: Uint8Array; readonly chinese: boolean }
  | { readonly kind: 'control'; readonly code: number }
  | { readonly kind: 'command'; readonly name: CommandName; readonly parameters: Uint8Array }
  | { readonly kind: 'unknown'; readonly bytes: Uint8Array }
);

export interface FramingState {
  readonly held: HeldBytes;
  /** No command can be complete before so many bytes are held. */
  readonly neededBytes: number;
  /** Chinese mode (FS & / FS .): decides whether 0x81–0xFE begin a longer code. On at power-on, as on printers sold in China. */
  readonly chinese: boolean;
  readonly atByte: number;
}

export const INITIAL_FRAMING: FramingState = { held: NOTHING_HELD, neededBytes: 1, chinese: true, atByte: 0 };

type Body<T> = T extends unknown ? Omit<T, 'atByte'> : never;
/** A command and its length, or how many bytes must be there before it can be told. */
type Frame = { readonly size: number; readonly command: Body<Command> } | { readonly needed: number };

/**
 * Cuts bytes, however they were split on the wire, into commands. What is unfinished is held: at most one command, whose size the
 * command set bounds.
 */
export function frame(state: FramingState, bytes: Uint8Array): { state: FramingState; effects: Command[] } {
  const held = hold(state.held, bytes);
  if (held.length < state.neededBytes) return { state: { ...state, held }, effects: [] };
  const all = join(held);
  const effects: Command[] = [];
  let chinese = state.chinese;
  let neededBytes = 1;
  let at = 0;
  while (at < all.length) {
    const next = nextFrame(all.subarray(at), chinese);
    if ('needed' in next) {
      neededBytes = next.needed;
      break;
    }
    effects.push({ ...next.command, atByte: state.atByte + at });
    chinese = chineseAfter(chinese, next.command);
    at += next.size;
  }
  const rest = at < all.length ? hold(NOTHING_HELD, Uint8Array.from(all.subarray(at))) : NOTHING_HELD;
  return { state: { held: rest, neededBytes, chinese, atByte: state.atByte + at }, effects };
}

function nextFrame(bytes: Uint8Array, chinese: boolean): Frame {
  const first = bytes[0] ?? 0;
  if (isIntroducer(first)) return commandFrame(bytes, first);
  if (first < 0x20 || first === 0x7f) return { size: 1, command: { kind: 'control', code: first } };
  if (!chinese || first < 0x81 || first === 0xff) return characterFrame(bytes, 1, false);
  return chineseFrame(bytes);
}

/** GB18030-2022: two bytes when the second is 0x40–0xFE, four when it is a digit. */
function chineseFrame(bytes: Uint8Array): Frame {
  const [, second, third, fourth] = bytes;
  if (second === undefined) return { needed: 2 };
  if (second >= 0x40 && second !== 0x7f && second !== 0xff) return characterFrame(bytes, 2, true);
  // A broken code costs one byte only: the byte after it may be a line feed or a command.
  if (second < 0x30 || second > 0x39) return characterFrame(bytes, 1, true);
  if (third === undefined) return { needed: 3 };
  if (third < 0x81 || third === 0xff) return characterFrame(bytes, 1, true);
  if (fourth === undefined) return { needed: 4 };
  return characterFrame(bytes, fourth >= 0x30 && fourth <= 0x39 ? 4 : 1, true);
}

function characterFrame(bytes: Uint8Array, size: number, chinese: boolean): Frame {
  return { size, command: { kind: 'character', bytes: Uint8Array.from(bytes.subarray(0, size)), chinese } };
}

function commandFrame(bytes: Uint8Array, first: number): Frame {
  const second = bytes[1];
  if (second === undefined) return { needed: 2 };
  const known = knownCommand(first, second);
  // Before a control byte only the introducer goes: in ESC ESC @ the second ESC begins a command that is meant.
  if (!known) return unknownFrame(bytes, second < 0x20 ? 1 : 2);
  const parameters = bytes.subarray(2);
  const count = known.rule(parameters);
  if (typeof count !== 'number') return unknownFrame(bytes, 2 + count.refuse);
  if (count > parameters.length) return { needed: 2 + count };
  const own = Uint8Array.from(parameters.subarray(0, count));
  return { size: 2 + count, command: { kind: 'command', name: known.name, parameters: own } };
}

function unknownFrame(bytes: Uint8Array, size: number): Frame {
  return { size, command: { kind: 'unknown', bytes: Uint8Array.from(bytes.subarray(0, size)) } };
}

function chineseAfter(chinese: boolean, command: Body<Command>): boolean {
  if (command.kind !== 'command') return chinese;
  if (command.name === 'FS &' || command.name === 'ESC @') return true;
  return command.name === 'FS .' ? false : chinese;
}
