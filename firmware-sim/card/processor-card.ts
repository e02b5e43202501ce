import type { CardApplet } from './applet.ts';

/** What a reader builds for an ISO/IEC 14443-4 card that says nothing of itself: PC/SC part 3, 3.1.3.2.3.2. */
const ATR = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
const FILE_NOT_FOUND = Uint8Array.of(0x6a, 0x82);

/** An ISO/IEC 14443-4 card that has no application by any name it is asked for. */
export function processorCard(): CardApplet {
  return { atr: ATR, process: () => FILE_NOT_FOUND };
}
