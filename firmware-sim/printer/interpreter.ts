import { type CharacterSetting, characterOf } from './character.ts';
import type { CommandName } from './command-set.ts';
import type { Command } from './framing.ts';
import type { Effect, InterpreterState, Step } from './interpreter-state.ts';
import { initialInterpreter } from './interpreter-state.ts';
import { type Area, areaOf, EMPTY_LINE, moved, printedLine, putCharacter, putPicture, tabbed } from './line.ts';
import { changedModes } from './modes.ts';
import { bitImagePicture, rasterPicture } from './picture.ts';
import { changedQr, isQrPrint, printedPicture, printedQr } from './qr-commands.ts';

/** What the printer does on one command: the new state and its effects, in order. */
export function interpret(state: InterpreterState, command: Command): Step {
  switch (command.kind) {
    case 'character':
      return character(state, command.bytes, command.chinese);
    case 'control':
      return control(state, command.code);
    case 'command':
      return namedCommand(state, command.name, command.parameters);
    case 'unknown':
      return unknown(state, command.bytes);
  }
}

const still = (state: InterpreterState): Step => ({ state, effects: [] });

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

function unknown(state: InterpreterState, bytes: Uint8Array): Step {
  return { state, effects: [{ kind: 'unknown', hex: hexOf(bytes) }] };
}

function character(state: InterpreterState, bytes: Uint8Array, chinese: boolean): Step {
  const { modes, fourByteFont } = state;
  const setting: CharacterSetting = { codePage: modes.codePage, nationalSet: modes.nationalSet, fourByteFont };
  const text = characterOf(bytes, chinese, setting);
  const { line, printed } = putCharacter(state.line, modes, areaFor(state), text, chinese);
  return { state: { ...state, line }, effects: printed.map((row) => ({ kind: 'row', row })) };
}

const areaFor = (state: InterpreterState): Area => areaOf(state.modes, state.printableDots);

/** Prints the line, however empty, and begins the next. */
function lineFeed(state: InterpreterState): Step {
  const row = printedLine(state.line, state.modes, areaFor(state));
  return { state: { ...state, line: EMPTY_LINE }, effects: [{ kind: 'row', row }] };
}

const LF = 0x0a;
const HT = 0x09;
/** Swallowed without a trace: NUL padding, CR while automatic line feed is off, VT, FF and CAN outside page mode. */
const IGNORED_CONTROLS = new Set([0x00, 0x0b, 0x0c, 0x0d, 0x18]);

function control(state: InterpreterState, code: number): Step {
  if (code === LF) return lineFeed(state);
  if (code === HT) return still({ ...state, line: tabbed(state.line, state.modes, areaFor(state)) });
  return IGNORED_CONTROLS.has(code) ? still(state) : unknown(state, Uint8Array.of(code));
}

function namedCommand(state: InterpreterState, name: CommandName, parameters: Uint8Array): Step {
  const atLineStart = state.line.pieces.length === 0 && state.line.cursorDots === 0;
  const modes = changedModes(state.modes, name, parameters, atLineStart);
  if (modes) return still({ ...state, modes });
  const n = parameters[0] ?? 0;
  switch (name) {
    case 'ESC @':
      return still(initialInterpreter(state.printableDots, state.fourByteFont));
    case 'ESC d':
    case 'ESC J':
      return feed(state, name === 'ESC d' ? n * state.modes.lineSpacingDots : n, name === 'ESC d' && n > 0);
    case 'ESC $':
    case 'ESC \\':
      return still({ ...state, line: moved(state.line, areaFor(state), position(state, name, parameters)) });
    case 'ESC *':
      return bitImage(state, parameters);
    case 'GS v':
      return printedPicture(state, rasterPicture(parameters), 'GS v 0', atLineStart);
    case 'GS (':
      return extended(state, parameters, atLineStart);
    case 'GS k':
      return barcode(state, parameters);
    case 'GS V':
      return cut(state, parameters, atLineStart);
    case 'ESC i':
    case 'ESC m':
      return cut(state, parameters, atLineStart);
    default:
      return answered(state, name, n);
  }
}

/** ESC d n, ESC J n: prints the line, then moves the paper. `wholeLines`: the printed line's own spacing is the first of n. */
function feed(state: InterpreterState, distanceDots: number, wholeLines: boolean): Step {
  const empty = state.line.pieces.length === 0;
  const printed = empty ? still({ ...state, line: EMPTY_LINE }) : lineFeed(state);
  const ownDots = !empty && wholeLines ? state.modes.lineSpacingDots : 0;
  const heightDots = Math.max(0, distanceDots - ownDots);
  const rest: Effect[] = heightDots > 0 ? [{ kind: 'row', row: { kind: 'feed', heightDots } }] : [];
  return { state: printed.state, effects: [...printed.effects, ...rest] };
}

function position(state: InterpreterState, name: 'ESC $' | 'ESC \\', parameters: Uint8Array): number {
  const distance = (parameters[0] ?? 0) + (parameters[1] ?? 0) * 256;
  if (name === 'ESC $') return distance;
  return state.line.cursorDots + (distance > 0x7fff ? distance - 0x1_0000 : distance);
}

function bitImage(state: InterpreterState, parameters: Uint8Array): Step {
  const picture = bitImagePicture(parameters);
  return picture ? still({ ...state, line: putPicture(state.line, areaFor(state), picture) }) : still(state);
}

/** Bars are not drawn; a named box takes their place, so that nobody takes the barcode for printed. */
function barcode(state: InterpreterState, parameters: Uint8Array): Step {
  const content = Buffer.from(parameters.subarray((parameters[0] ?? 0) <= 6 ? 1 : 2)).toString('latin1');
  const text = `barcode ${content.replace(/\p{Cc}/gu, '')}`;
  return { state, effects: [{ kind: 'row', row: { kind: 'notice', text, heightDots: 60 } }] };
}

/** GS V: obeyed on an empty line only (Epson), so a forgotten line feed shows as a slip that was never cut. */
function cut(state: InterpreterState, parameters: Uint8Array, atLineStart: boolean): Step {
  if (!atLineStart)
    return { state, effects: [{ kind: 'note', text: 'cut ignored: the line before it has no line feed' }] };
  const feedDots = parameters[1] ?? 0;
  const row: Effect[] = feedDots > 0 ? [{ kind: 'row', row: { kind: 'feed', heightDots: feedDots } }] : [];
  return { state, effects: [...row, { kind: 'cut' }] };
}

/** GS ( x pL pH …. A (test print), D, E, K, M, N set the machine up and print nothing: stepped over. */
function extended(state: InterpreterState, parameters: Uint8Array, atLineStart: boolean): Step {
  const [group, , , fn, m] = parameters;
  const body = parameters.subarray(3);
  if (group === 0x6b) {
    if (isQrPrint(body)) return printedQr(state, atLineStart);
    const qr = changedQr(state.qr, body);
    if (qr) return still({ ...state, qr });
  }
  if (group === 0x48 && fn === 48 && m === 48 && body.length === 6)
    return { state, effects: [{ kind: 'acknowledge', id: body.subarray(2) }] };
  const silent = [0x41, 0x44, 0x45, 0x4b, 0x4d, 0x4e].includes(group ?? 0);
  return silent ? still(state) : unknown(state, Uint8Array.of(0x1d, 0x28, ...parameters.subarray(0, 5)));
}

/** Queued questions, and what is left: commands that are swallowed with their argument. */
function answered(state: InterpreterState, name: CommandName, n: number): Step {
  if (name === 'GS a') return { state, effects: [{ kind: 'statusBack', mask: n }] };
  if (name === 'GS r') return { state, effects: [{ kind: 'answerStatus', n }] };
  if (name === 'ESC v') return { state, effects: [{ kind: 'answerStatus', n: 1 }] };
  if (name === 'GS I') return { state, effects: [{ kind: 'answerIdentity', n }] };
  return still(state);
}
