/** The port of a certified reader of resident ID cards: what a driver promises, and what the kiosk may rely on. */

export type IdReaderState = 'absent' | 'opening' | 'ready' | 'fault';
export interface IdReaderStatus {
  readonly state: IdReaderState;
  /** Why, in a code of `serial-line.ts`; `no-answer`: the port is there and the unit is silent; null while all is well. */
  readonly reason: string | null;
}

/** All that leaves the driver of an ID card. Never a name, never a number. */
export interface ReadIdCard {
  readonly kind: 'id-card';
  /**
   * Lower-case hex: the chip's serial (8 bytes); or, from a unit that gives none, 10 bytes of a digest of the card's number.
   * As personal as any UID: it becomes a token at once, and goes no further.
   */
  readonly uid: string;
}

/**
 * `presenceId` names one stay of a card on the unit and is never used twice. Each stay begins with exactly one `card` or
 * `card-refused` and ends with exactly one `removed`. `torn`: it was lifted before it was read, or cannot be read.
 */
export type IdReaderEvent =
  | {
      readonly type: 'card';
      readonly presenceId: string;
      readonly card: ReadIdCard;
      /** Monotonic milliseconds when the unit found the card. */
      readonly atMs: number;
    }
  | { readonly type: 'card-refused'; readonly presenceId: string; readonly reason: 'torn' }
  | { readonly type: 'removed'; readonly presenceId: string }
  | { readonly type: 'status'; readonly status: IdReaderStatus };

export interface IdReaderPort {
  start(): void;
  /** After it resolves no event comes. Bounded, and safe to call twice. */
  stop(): Promise<void>;
  status(): IdReaderStatus;
  /** Called in order, after `status()` has changed; returns how to stop it. */
  onEvent(listener: (event: IdReaderEvent) => void): () => void;
}
