import type { CardApplet } from './applet.ts';
import { uidCard } from './uid-card.ts';

/** What a reader builds for an ISO/IEC 14443-4 card that says nothing of itself: PC/SC part 3, 3.1.3.2.3.2. */
const ATR = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
const PSEUDO_CLASS = 0xff;
const FILE_NOT_FOUND = Uint8Array.of(0x6a, 0x82);

/** An ISO/IEC 14443-4 card without an application by any name. Its reader tells its UID all the same, when asked. */
export function processorCard(uid: string): CardApplet {
  const ofReader = uidCard(uid);
  return { atr: ATR, process: (apdu) => (apdu[0] === PSEUDO_CLASS ? ofReader.process(apdu) : FILE_NOT_FOUND) };
}
