import { RASTER_HEIGHT_DOTS_MAX, RASTER_WIDTH_BYTES_MAX, TERMINATED_BYTES_MAX } from './limits.ts';

/**
 * How many parameter bytes a command has, given those that have arrived: a larger number than have arrived means "wait for so many,
 * then ask again"; `refuse` drops that many and treats the command as unknown.
 */
export type ParameterRule = (arrived: Uint8Array) => number | { readonly refuse: number };

const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;

/** `GS ( fn pL pH …`: every function says its own length, so that even an unknown one can be stepped over. */
const counted: ParameterRule = (arrived) => (arrived.length < 3 ? 3 : 3 + word(arrived, 1));

const untilNul: ParameterRule = (arrived) => {
  // Only so many bytes are searched: the verdict may not depend on how much else came in the same packet.
  const end = arrived.subarray(0, TERMINATED_BYTES_MAX).indexOf(0);
  if (end >= 0) return end + 1;
  return arrived.length >= TERMINATED_BYTES_MAX ? { refuse: 0 } : arrived.length + 1;
};

/** `GS v 0 m xL xH yL yH d…`: x bytes by y dots. */
const raster: ParameterRule = (arrived) => {
  if (arrived.length < 6) return 6;
  const widthBytes = word(arrived, 2);
  const heightDots = word(arrived, 4);
  const possible = arrived[0] === 0x30 && [0, 1, 2, 3, 48, 49, 50, 51].includes(arrived[1] ?? -1);
  // A size no printer accepts is noise or a lost byte: believing it would swallow every later job as picture data.
  if (!possible || widthBytes > RASTER_WIDTH_BYTES_MAX || heightDots > RASTER_HEIGHT_DOTS_MAX) return { refuse: 6 };
  return 6 + widthBytes * heightDots;
};

/** `ESC * m nL nH d…`: n columns of 1 or 3 bytes. */
const bitImage: ParameterRule = (arrived) => {
  if (arrived.length < 3) return 3;
  const bytesPerColumn = { 0: 1, 1: 1, 32: 3, 33: 3 }[arrived[0] ?? -1];
  const columns = word(arrived, 1);
  if (bytesPerColumn === undefined || columns > RASTER_WIDTH_BYTES_MAX * 8) return { refuse: 3 };
  return 3 + columns * bytesPerColumn;
};

/** `GS k`: m 0–6 ends with NUL, m from 65 on is followed by its length. */
const barcode: ParameterRule = (arrived) => {
  const [system, length] = arrived;
  if (system === undefined) return 1;
  if (system <= 6) {
    const rest = untilNul(arrived.subarray(1));
    return typeof rest === 'number' ? 1 + rest : rest;
  }
  if (system < 65 || system > 79) return { refuse: 1 };
  return length === undefined ? 2 : 2 + length;
};

/** `GS V m [n]`: only the modes that feed first carry n. */
const cut: ParameterRule = (arrived) => {
  const mode = arrived[0];
  if (mode === undefined) return 1;
  if ([0, 1, 48, 49].includes(mode)) return 1;
  return [65, 66, 97, 98, 103, 104].includes(mode) ? 2 : { refuse: 1 };
};

/** `DLE EOT n [a]`: the ink and interface functions have a second parameter. */
const realtimeStatus: ParameterRule = ([n]) => (n === undefined ? 1 : [7, 8, 18].includes(n) ? 2 : 1);

/** `DLE DC4 fn …`: pulse, power off, buzzer, status, clear buffers. */
const realtimeRequest: ParameterRule = ([fn]) => {
  if (fn === undefined) return 1;
  return { 1: 3, 2: 3, 3: 6, 7: 2, 8: 8 }[fn] ?? { refuse: 1 };
};

/**
 * The commands this printer knows, each with its count of parameter bytes or a rule for it (Epson ESC/POS reference; FS commands
 * from the Chinese models). Those `npm escpos` emits and such printers only swallow are here too, with their argument.
 */
export const COMMAND_SET = {
  'ESC @': 0,
  'ESC !': 1,
  'ESC E': 1,
  'ESC G': 1,
  'ESC -': 1,
  'ESC 4': 0,
  'ESC 5': 0,
  'ESC a': 1,
  'ESC M': 1,
  'ESC 2': 0,
  'ESC 3': 1,
  'ESC d': 1,
  'ESC J': 1,
  'ESC $': 2,
  'ESC \\': 2,
  'ESC D': untilNul,
  'ESC SP': 1,
  'ESC R': 1,
  'ESC t': 1,
  'ESC *': bitImage,
  'ESC p': 3,
  'ESC B': 2,
  'ESC i': 0,
  'ESC m': 0,
  'ESC v': 0,
  'ESC =': 1,
  'ESC ?': 1,
  'ESC %': 1,
  'ESC U': 1,
  'ESC V': 1,
  'ESC {': 1,
  'ESC c': 2,
  'ESC r': 1,
  'ESC O': 1,
  'ESC l': 1,
  'ESC Q': 1,
  'GS !': 1,
  'GS B': 1,
  'GS L': 2,
  'GS W': 2,
  'GS P': 2,
  'GS V': cut,
  'GS v': raster,
  'GS (': counted,
  'GS a': 1,
  'GS r': 1,
  'GS I': 1,
  'GS k': barcode,
  'GS h': 1,
  'GS w': 1,
  'GS H': 1,
  'GS f': 1,
  'GS b': 1,
  'FS &': 0,
  'FS .': 0,
  'FS !': 1,
  'FS -': 1,
  'FS S': 2,
  'FS W': 1,
  'FS C': 1,
  'DLE EOT': realtimeStatus,
  'DLE ENQ': 1,
  'DLE DC4': realtimeRequest,
} as const satisfies Record<string, number | ParameterRule>;

export type CommandName = keyof typeof COMMAND_SET;

const INTRODUCERS: Record<string, number> = { DLE: 0x10, ESC: 0x1b, FS: 0x1c, GS: 0x1d };
const NAMED_SECONDS: Record<string, number> = { SP: 0x20, EOT: 0x04, ENQ: 0x05, DC4: 0x14 };

interface KnownCommand {
  readonly name: CommandName;
  readonly rule: ParameterRule;
}

const BY_PREFIX = new Map<number, KnownCommand>();
for (const [name, size] of Object.entries(COMMAND_SET) as [CommandName, number | ParameterRule][]) {
  const [first = '', second = ''] = name.split(' ');
  const secondByte = NAMED_SECONDS[second] ?? second.charCodeAt(0);
  const rule = typeof size === 'number' ? () => size : size;
  BY_PREFIX.set((INTRODUCERS[first] ?? 0) * 256 + secondByte, { name, rule });
}

/** True for the bytes that begin a command: DLE, ESC, FS, GS. */
export function isIntroducer(byte: number): boolean {
  return byte === 0x10 || byte === 0x1b || byte === 0x1c || byte === 0x1d;
}

/** The command that begins with these two bytes, if the printer knows it. */
export function knownCommand(first: number, second: number): KnownCommand | undefined {
  return BY_PREFIX.get(first * 256 + second);
}
