/** The receipt printer's port: what a driver promises, and what the kiosk may rely on. */

/** `degraded`: prints, but cannot say how its paper is, or never says that it printed. People see it. */
export type PrinterState = 'absent' | 'opening' | 'ready' | 'degraded' | 'busy' | 'fault';

/** What this unit was seen to do when it was connected, whatever it claims to be. */
export interface PrinterCapabilities {
  /** It answers `DLE EOT`, even while it cannot print. */
  readonly realtimeStatus: boolean;
  /** It tells of a change by itself (`GS a`). */
  readonly automaticStatus: boolean;
  /** It answers `GS r` in its place among what it prints. */
  readonly orderedStatus: boolean;
  /** It repeats the id of a job after printing it (`GS ( H` function 48). */
  readonly processId: boolean;
}

export interface PrinterStatus {
  readonly state: PrinterState;
  readonly paper: 'ok' | 'near-end' | 'out' | 'unknown';
  readonly cover: 'closed' | 'open' | 'unknown';
  /** Why, in a code: `refused`, `no-answer`, `stalled`, `cutter`, `cover-open`, `paper-out`, `no-sensor`, … */
  readonly reason: string | null;
  /** Null while it is not known: nothing is connected, or it is still being asked. */
  readonly capabilities: PrinterCapabilities | null;
}

/**
 * How a job ended. `not-started`: not one byte left, it may be tried again as it is. `confirmed`: the printer said after
 * printing that it printed. `unknown`: bytes left and nobody knows what came out, so it is never repeated by itself.
 */
export type PrintOutcome = 'not-started' | 'confirmed' | 'unknown';

export interface PrinterPort {
  /**
   * `cutShortBytes`: where the program before this one may have ended in the midst of a slip, so many bytes at most of a
   * picture that the printer still waits for. What hangs from it is then cut off before anything else; else 0 or left out.
   */
  start(cutShortBytes?: number): void;
  stop(): Promise<void>;
  status(): PrinterStatus;
  /** Called after each change of status; returns how to stop it. */
  onStatus(listener: (status: PrinterStatus) => void): () => void;
  /**
   * One job at a time; a second one while busy is `not-started`. Always settles, within a bounded time.
   * `confirmedLate`: called at most once, where the outcome was `unknown` and the printer's word on this very job came
   * after all.
   */
  print(bytes: Uint8Array, confirmedLate?: () => void): Promise<PrintOutcome>;
}
