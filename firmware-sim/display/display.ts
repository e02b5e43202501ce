import { ptySocket } from '../pty/index.ts';
import { BLANK_GLASS, type Glass, takeByte } from './glass.ts';

/** A customer display on a serial cable: 2 lines of 20 columns, and what can go wrong with its plug. */

export const DISPLAY_FAULTS = ['peer-death', 'stall'] as const;
export type DisplayFaultName = (typeof DISPLAY_FAULTS)[number];

export interface SimulatedDisplay {
  readonly path: string;
  /** What stands there, without the blanks at the ends. */
  lines(): readonly [string, string];
  /** Commands it does not know, and lines that do not fit. */
  errors(): readonly string[];
  setFault(name: DisplayFaultName, on: boolean): Promise<void>;
  faults(): readonly { readonly name: DisplayFaultName; readonly on: boolean }[];
  close(): Promise<void>;
}

export async function startDisplay(path: string): Promise<SimulatedDisplay> {
  const on: Set<DisplayFaultName> = new Set();
  let glass: Glass = BLANK_GLASS;
  const socket = ptySocket(path, (bytes) => {
    for (const byte of bytes) glass = takeByte(glass, byte);
  });
  await socket.plug();
  return {
    path,
    lines: () => [glass.upper.trimEnd(), glass.lower.trimEnd()],
    errors: () => glass.errors,
    async setFault(name, isOn) {
      if (isOn) on.add(name);
      else on.delete(name);
      if (name === 'stall') socket.pty()?.stall(isOn);
      if (name !== 'peer-death') return;
      // Without power it shows nothing, and what it was told is forgotten.
      glass = BLANK_GLASS;
      await (isOn ? socket.unplug() : socket.plug());
    },
    faults: () => DISPLAY_FAULTS.map((name) => ({ name, on: on.has(name) })),
    close: () => socket.unplug(),
  };
}
