import type { Ev2Session } from '../../../../protocol/cards/ev2.ts';

/**
 * The village's read keys, as a port: a file holds them now, a SAM may one day. Whoever holds them plays the reader's part of
 * AuthenticateEV2First; only the session's keys come out. Answers are promised, for a SAM is a card too.
 */
export interface CardKeys {
  /** `uid`: for which the key is diversified. `old-key`: rolled since, and not accepted any more. */
  handshake(version: number, uid: Uint8Array): Handshake | 'old-key' | 'unknown-key';
}

export interface Handshake {
  /** To the card's first 16 bytes: the 32 that show that we have the key. */
  reply(step1: Uint8Array): Promise<Uint8Array>;
  /** Of the card's last 32 bytes: the session, or null where the card has not shown that it has the key. */
  open(step2: Uint8Array): Promise<Ev2Session | null>;
}
