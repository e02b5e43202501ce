/** The card reader's port: what a driver promises, and what the kiosk may rely on. */

export type ReaderState = 'absent' | 'opening' | 'ready' | 'busy' | 'fault';
export interface ReaderStatus {
  readonly state: ReaderState;
  /** Why, in a code that `health.ts` has words for; null while all is well. */
  readonly reason: string | null;
}
/** What the reader is, and how it has fared since the agent started. */
export interface ReaderHealth extends ReaderStatus {
  /** How often it was opened anew after it was lost. */
  readonly restarts: number;
  /** The reason of the latest trouble, also when it is over. */
  readonly lastFault: string | null;
}

/** Who lies on the reader. */
export interface ReadCard {
  /** `uid`: it proves nothing, anyone can copy it. `desfire`: the card has shown this kiosk that it has its key. */
  readonly kind: 'uid' | 'desfire';
  /** Lower-case hex of 4, 7 or 10 bytes (ISO/IEC 14443-3, 6.5.4); a DESFire's has 7. */
  readonly uid: string;
}

/**
 * Why a card is no identity. `random-uid`: a phone or a privacy card, new with each tap. `zero-uid`: a resident ID card
 * or a broken chip. `torn`: taken away too early. `mute`: it lies there and does not answer, or another program holds it.
 * `two-cards`: a second one came while the first lay there, so neither can be meant. `doubled-uid`: two that lay there at
 * once have one UID, so one of them is a copy. Of cards that authenticate: `wrong-key` has another key than the card of its
 * UID has here, a clone or another village's; `old-key` has one that was rolled; `unknown-key` one that this kiosk has not
 * got; `bad-mac` says something whose MAC is not right.
 */
export const CARD_REFUSALS = [
  'random-uid',
  'zero-uid',
  'doubled-uid',
  'unsupported-card',
  'torn',
  'mute',
  'two-cards',
  'wrong-key',
  'old-key',
  'unknown-key',
  'bad-mac',
] as const;
export type CardRefusal = (typeof CARD_REFUSALS)[number];

/** Of what is signed: its SHA-256. */
export const DIGEST_BYTES = 32;

/**
 * What became of a request for a card's signature. `torn`: it left, or fell silent, and nobody knows whether it signed; ask
 * again with the same bytes when it lies there again. `refused`: nothing was signed, by a look at the card's file. `bad-mac`: what it said is not believed;
 * ask again. `gone`: that stay is over, and it was not asked.
 */
export type Signature =
  /** `tmc`: how many it has signed, this one too. `tmv`: the TransactionMAC, 8 bytes in lower-case hex. */
  | { readonly outcome: 'signed'; readonly tmc: number; readonly tmv: string }
  | { readonly outcome: 'torn' | 'refused' | 'bad-mac' | 'gone' };
export type CardSigner = (digest: Uint8Array) => Promise<Signature>;

/**
 * `presenceId` names one stay of a card on the reader and is never used twice. Each stay begins with exactly one `card`
 * or `card-refused` and ends with exactly one `removed`. A driver that starts again ends the stay it lost and begins
 * another for a card that still lies there: the same tap may come more than once, so commands must be safe to repeat. A
 * `mute` card's stay goes on over such a start, for it may be what froze the driver. After `two-cards` and `doubled-uid`
 * nothing is told until the reader is empty.
 */
export type ReaderEvent =
  | {
      readonly type: 'card';
      readonly presenceId: string;
      readonly card: ReadCard;
      /** Monotonic milliseconds (`performance.now()` of this process) when the driver saw the card, before it read it. */
      readonly atMs: number;
    }
  | { readonly type: 'card-refused'; readonly presenceId: string; readonly reason: CardRefusal }
  | { readonly type: 'removed'; readonly presenceId: string }
  | { readonly type: 'status'; readonly status: ReaderStatus };

export interface ReaderPort {
  /** Begins to look for the reader; never throws, all trouble is a status. A second call does nothing. */
  start(): void;
  /** Lets go of the reader; after it resolves no event comes. Bounded, and safe to call twice. */
  stop(): Promise<void>;
  status(): ReaderHealth;
  /**
   * Asks the card of that stay for its signature of `digest` (32 bytes). Asked again with the same bytes, at this stay or a
   * later one, it answers the same signature and signs no second time, as long as it has signed nothing else in between.
   * Bounded by the reader's own deadlines.
   */
  sign(presenceId: string, digest: Uint8Array): Promise<Signature>;
  /** Called in order, after `status()` has changed; returns how to stop it. */
  onEvent(listener: (event: ReaderEvent) => void): () => void;
}
