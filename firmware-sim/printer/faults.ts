/** The faults that can be played, and what each does. `params` and their defaults stand beside the name. */
export const PRINTER_FAULTS = {
  /** Nothing listens: connections are refused, open ones are reset. */
  'printer-refuses': {},
  /** Connections are accepted; nothing is read and nothing is ever said, not even a status change. */
  'printer-black-hole': {},
  /** Each connection is reset (RST) once so many of its bytes have been taken in, counted from when the fault was set. */
  'printer-resets': { afterBytes: 100 },
  /** Nothing is read, but status changes are still reported: only the host's sending stalls. */
  'printer-never-reads': {},
  /** One byte is taken from the wire each `intervalMs`. */
  'printer-slow': { intervalMs: 1_000 },
  'paper-near-end': {},
  /** Out at once, or after so many more lines; the rest waits in the buffer and prints when paper is back. */
  'paper-out': { afterLines: 0 },
  'cover-open': {},
  /** Jammed at once, or (`atNextCut` 1) at the next cut, which then is not made until the fault is cleared. */
  'cutter-error': { atNextCut: 0 },
  /** Connections, receive buffer, half-filled line and modes are gone; the paper stays. */
  'power-off': {},
  'ack-lost': {},
  'ack-late': { ms: 3_000 },
  'ack-doubled': {},
  /** Answers with the id of the job before (four zeros, if there was none). */
  'ack-stale': {},
  /** While one host is connected, nothing listens for another. */
  'second-connection-refused': {},
} as const satisfies Record<string, Readonly<Record<string, number>>>;

export type PrinterFaultName = keyof typeof PRINTER_FAULTS;

const isFaultName = (name: string): name is PrinterFaultName => Object.hasOwn(PRINTER_FAULTS, name);

/** The faults that are on, with their numbers. */
export class FaultBoard {
  readonly #on = new Map<PrinterFaultName, Record<string, unknown>>();

  /** Throws, in a sentence, on an unknown name or a parameter that is not a whole number from 0 up. */
  set(name: string, on: boolean, params: Record<string, unknown> = {}): void {
    if (!isFaultName(name))
      throw new Error(`The printer has no fault "${name}". It has: ${Object.keys(PRINTER_FAULTS).join(', ')}.`);
    if (!on) {
      this.#on.delete(name);
      return;
    }
    const known: Readonly<Record<string, number>> = PRINTER_FAULTS[name];
    for (const [key, value] of Object.entries(params)) {
      if (!Object.hasOwn(known, key)) throw new Error(`The fault "${name}" has no parameter "${key}".`);
      const number = typeof value === 'boolean' ? Number(value) : value;
      if (!Number.isInteger(number) || Number(number) < 0)
        throw new Error(`The parameter "${key}" of the fault "${name}" must be a whole number from 0 up.`);
    }
    this.#on.set(name, { ...params });
  }

  has(name: PrinterFaultName): boolean {
    return this.#on.has(name);
  }

  /** The parameter as set, or its default from PRINTER_FAULTS. */
  number(name: PrinterFaultName, key: string): number {
    const defaults: Readonly<Record<string, number>> = PRINTER_FAULTS[name];
    return Number(this.#on.get(name)?.[key] ?? defaults[key] ?? 0);
  }

  list(): { name: PrinterFaultName; on: boolean; params: Record<string, unknown> }[] {
    const names = Object.keys(PRINTER_FAULTS).filter(isFaultName);
    return names.map((name) => ({ name, on: this.has(name), params: { ...this.#on.get(name) } }));
  }
}
