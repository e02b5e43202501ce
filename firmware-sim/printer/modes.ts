import type { CommandName } from './command-set.ts';
import { TERMINATED_BYTES_MAX } from './limits.ts';

/** Multiples of the font's width and height, 1–8. */
export interface Scale {
  readonly x: number;
  readonly y: number;
}

/** Everything ESC @ resets. Distances are dots at 203 dpi (1/8 mm). */
export interface Modes {
  readonly align: 'left' | 'centre' | 'right';
  readonly font: 'A' | 'B';
  readonly scale: Scale;
  readonly chineseScale: Scale;
  readonly bold: boolean;
  readonly doubleStrike: boolean;
  readonly italic: boolean;
  readonly inverse: boolean;
  readonly underlineDots: number;
  readonly chineseUnderlineDots: number;
  readonly lineSpacingDots: number;
  readonly spacingDots: number;
  readonly chineseSpacingDots: { readonly left: number; readonly right: number };
  readonly leftMarginDots: number;
  /** Undefined: all that the margin leaves. */
  readonly areaWidthDots: number | undefined;
  readonly tabStops: readonly number[];
  readonly codePage: number;
  readonly nationalSet: number;
}

const ONE: Scale = { x: 1, y: 1 };
const DEFAULT_LINE_SPACING_DOTS = 30;

export const INITIAL_MODES: Modes = {
  align: 'left',
  font: 'A',
  scale: ONE,
  chineseScale: ONE,
  bold: false,
  doubleStrike: false,
  italic: false,
  inverse: false,
  underlineDots: 0,
  chineseUnderlineDots: 0,
  lineSpacingDots: DEFAULT_LINE_SPACING_DOTS,
  spacingDots: 0,
  chineseSpacingDots: { left: 0, right: 0 },
  leftMarginDots: 0,
  areaWidthDots: undefined,
  tabStops: [8, 16, 24, 32, 40],
  codePage: 0,
  nationalSet: 0,
};

type Change = (modes: Modes, n: number, second: number) => Partial<Modes>;

const odd = (n: number): boolean => (n & 1) === 1;
/** Parameters may be numbers or ASCII digits: 1 and '1' are the same choice. */
const digit = (n: number): number => (n >= 48 && n <= 57 ? n - 48 : n);

function chosenScale(n: number): { scale: Scale; chineseScale: Scale } {
  const scale = { x: Math.min(((n >> 4) & 7) + 1, 8), y: Math.min((n & 7) + 1, 8) };
  return { scale, chineseScale: scale };
}

/** ESC ! n on a printer for the Chinese market: size and underline hold for both kinds of character. */
function printMode(n: number): Partial<Modes> {
  const scale = { x: n & 0x20 ? 2 : 1, y: n & 0x10 ? 2 : 1 };
  const underlineDots = n & 0x80 ? 1 : 0;
  return {
    scale,
    chineseScale: scale,
    font: odd(n) ? 'B' : 'A',
    bold: (n & 8) !== 0,
    underlineDots,
    chineseUnderlineDots: underlineDots,
  };
}

function underline(n: number): Partial<Modes> {
  const dots = digit(n);
  return dots <= 2 ? { underlineDots: dots, chineseUnderlineDots: dots } : {};
}

const MODE_COMMANDS: Partial<Record<CommandName, Change>> = {
  'ESC !': (_modes, n) => printMode(n),
  'ESC E': (_modes, n) => ({ bold: odd(n) }),
  'ESC G': (_modes, n) => ({ doubleStrike: odd(n) }),
  'ESC -': (_modes, n) => underline(n),
  'ESC 4': () => ({ italic: true }),
  'ESC 5': () => ({ italic: false }),
  'ESC M': (_modes, n) => ({ font: digit(n) === 0 ? 'A' : 'B' }),
  'ESC 2': () => ({ lineSpacingDots: DEFAULT_LINE_SPACING_DOTS }),
  'ESC 3': (_modes, n) => ({ lineSpacingDots: n }),
  'ESC SP': (_modes, n) => ({ spacingDots: n }),
  'ESC R': (_modes, n) => ({ nationalSet: n }),
  'ESC t': (_modes, n) => ({ codePage: n }),
  'GS !': (_modes, n) => chosenScale(n),
  'GS B': (_modes, n) => ({ inverse: odd(n) }),
  'FS !': (_modes, n) => ({
    chineseScale: { x: n & 4 ? 2 : 1, y: n & 8 ? 2 : 1 },
    chineseUnderlineDots: n & 0x80 ? 1 : 0,
  }),
  'FS W': (_modes, n) => ({ chineseScale: odd(n) ? { x: 2, y: 2 } : ONE }),
  'FS -': (_modes, n) => (digit(n) <= 2 ? { chineseUnderlineDots: digit(n) } : {}),
  'FS S': (_modes, left, right) => ({ chineseSpacingDots: { left, right } }),
};

const ALIGNS = ['left', 'centre', 'right'] as const;

/** Obeyed at the beginning of a line only: on a half-filled line a real printer ignores them. */
const LINE_START_COMMANDS: Partial<Record<CommandName, Change>> = {
  'ESC a': (modes, n) => ({ align: ALIGNS[digit(n)] ?? modes.align }),
  'GS L': (_modes, low, high) => ({ leftMarginDots: low + high * 256 }),
  'GS W': (_modes, low, high) => ({ areaWidthDots: low + high * 256 }),
};

/** The modes after a command that only changes modes; undefined for a command of another sort. */
export function changedModes(
  modes: Modes,
  name: CommandName,
  parameters: Uint8Array,
  atLineStart: boolean,
): Modes | undefined {
  if (name === 'ESC D') return { ...modes, tabStops: tabStops(parameters) };
  const change = MODE_COMMANDS[name] ?? LINE_START_COMMANDS[name];
  if (!change) return undefined;
  if (LINE_START_COMMANDS[name] && !atLineStart) return modes;
  return { ...modes, ...change(modes, parameters[0] ?? 0, parameters[1] ?? 0) };
}

/** ESC D: columns in ascending order; the first that does not ascend ends the list. */
function tabStops(parameters: Uint8Array): number[] {
  const stops: number[] = [];
  for (const column of parameters.subarray(0, TERMINATED_BYTES_MAX)) {
    if (column <= (stops.at(-1) ?? 0)) break;
    stops.push(column);
  }
  return stops;
}
