import type { CardRefusal, CardSigner, ReadCard } from './port.ts';

/** What a card answered: the whole response APDU, or that it stayed silent past the deadline, or left meanwhile. */
export type ApduAnswer = Uint8Array | 'mute' | 'torn';
export type Transmit = (apdu: Uint8Array) => Promise<ApduAnswer>;

export type Identified =
  /** `sign`: where this kind of card can; good as long as the card lies there. */
  | { readonly ok: true; readonly card: ReadCard; readonly sign?: CardSigner }
  | { readonly ok: false; readonly reason: CardRefusal };
