/** The customer display's port: two lines that face the resident, beside the screen. Nothing personal stands on it. */

export type DisplayState = 'absent' | 'opening' | 'ready' | 'fault';
export interface DisplayStatus {
  readonly state: DisplayState;
  /** Why, in a code of `serial-line.ts`, or `not-configured`; null while all is well. */
  readonly reason: string | null;
}

export interface DisplayLines {
  readonly upper: string;
  readonly lower: string;
}

export interface DisplayPort {
  start(): void;
  /** Bounded, and safe to call twice. */
  stop(): Promise<void>;
  status(): DisplayStatus;
  /** Called after each change of status; returns how to stop it. */
  onStatus(listener: () => void): () => void;
  /**
   * What should stand there from now on; returns at once, whatever the display does. Only the newest is kept: what a slow
   * display has not shown by then is never shown. A display that comes back shows the newest.
   */
  show(lines: DisplayLines): void;
}
