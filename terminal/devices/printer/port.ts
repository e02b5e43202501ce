/** The receipt printer's port: what a driver promises, and what the kiosk may rely on. */

export type PrinterState = 'absent' | 'opening' | 'ready' | 'busy' | 'fault';
export interface PrinterStatus {
  readonly state: PrinterState;
  readonly paper: 'ok' | 'near-end' | 'out' | 'unknown';
  readonly cover: 'closed' | 'open' | 'unknown';
  /** Why, in a code: `refused`, `no-answer`, `cutter`, … */
  readonly reason: string | null;
}

/**
 * How a job ended. `not-started`: not one byte left, it may be tried again as it is. `confirmed`: the printer said after
 * printing that it printed. `unknown`: bytes left and nobody knows what came out, so it is never repeated by itself.
 */
export type PrintOutcome = 'not-started' | 'confirmed' | 'unknown';

export interface PrinterPort {
  start(): void;
  stop(): Promise<void>;
  status(): PrinterStatus;
  /** Called after each change of status; returns how to stop it. */
  onStatus(listener: (status: PrinterStatus) => void): () => void;
  /** One job at a time; a second one while busy is `not-started`. */
  print(bytes: Uint8Array): Promise<PrintOutcome>;
}
