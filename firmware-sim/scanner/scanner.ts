import { type PtySocket, ptySocket } from '../pty/index.ts';

/** A barcode scanner in COM mode, as its cable sees it: each pull of the trigger is one line. */

/** What its line can do, by the names of the faults. */
export const SCANNER_FAULTS = ['peer-death', 'stall', 'noise', 'half-frames', 'double-scan'] as const;
export type ScannerFaultName = (typeof SCANNER_FAULTS)[number];

export interface SimulatedScanner {
  readonly path: string;
  scan(code: string): void;
  /** Bytes as they are, without the end of a line. */
  sendRaw(text: string): void;
  setFault(name: ScannerFaultName, on: boolean): Promise<void>;
  faults(): readonly { readonly name: ScannerFaultName; readonly on: boolean }[];
  close(): Promise<void>;
}

/** Longer than a driver waits for the rest of a line. */
const HALF_AFTER_MS = 60;
/** A bad cable and a motor beside it; no line end among them, or the noise would be lines of its own. */
const NOISE = Uint8Array.of(0xff, 0x00, 0x9c, 0x81, 0x7f, 0xe3);

export async function startScanner(path: string): Promise<SimulatedScanner> {
  const on: Set<ScannerFaultName> = new Set();
  const socket: PtySocket = ptySocket(path, () => undefined);
  const halves: Set<NodeJS.Timeout> = new Set();
  await socket.plug();

  function scan(code: string): void {
    const line = Buffer.from(`${code}\r\n`, 'latin1');
    if (on.has('noise')) socket.send(NOISE);
    if (!on.has('half-frames')) return socket.send(on.has('double-scan') ? Buffer.concat([line, line]) : line);
    const middle = Math.floor(code.length / 2);
    socket.send(line.subarray(0, middle));
    const rest = setTimeout(() => {
      halves.delete(rest);
      socket.send(line.subarray(middle));
    }, HALF_AFTER_MS);
    halves.add(rest);
  }

  return {
    path,
    scan,
    sendRaw: (text) => socket.send(Buffer.from(text, 'latin1')),
    async setFault(name, isOn) {
      if (isOn) on.add(name);
      else on.delete(name);
      if (name === 'stall') socket.pty()?.stall(isOn);
      if (name === 'peer-death') await (isOn ? socket.unplug() : socket.plug());
    },
    faults: () => SCANNER_FAULTS.map((name) => ({ name, on: on.has(name) })),
    async close() {
      for (const rest of halves) clearTimeout(rest);
      await socket.unplug();
    },
  };
}
