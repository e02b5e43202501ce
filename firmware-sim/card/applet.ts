import type { DesfireChip } from './desfire/chip.ts';
import type { DesfireFault } from './desfire/fault.ts';

/** A simulated card as its chip: what it says when powered, and what it answers. The wire is `lay-card.ts`. */
export interface CardApplet {
  /** Answer to reset, as the reader would build it for this card (PC/SC part 3, 3.1.3.2.3). */
  readonly atr: Uint8Array;
  /** Response APDU with its status word; `mute` answers nothing, ever; `tear` takes the card away in mid-command. */
  process(apdu: Uint8Array): Uint8Array | 'mute' | 'tear';
  /** When the hand takes it away by itself: once it has been powered and spoken to by name, or once it has answered. */
  readonly leaves?: 'after-atr' | 'after-answer' | undefined;
  /** The field is gone, or came back: what it keeps while it is powered is lost. */
  reset?(): void;
}

export type CardFault =
  /** Lies there, is powered, and answers no command. */
  | 'mute'
  /** Answers a command with nothing at all, as a torn card may look to the host. */
  | 'empty-answer'
  /** Is taken away before its first command. */
  | 'torn-before'
  /** Is taken away in the midst of its first command. */
  | 'torn'
  /** Is taken away as soon as it has answered. */
  | 'torn-after';

/** A card of the simulator by its kind; each kind has an applet of its own. */
export type SimulatedCard = PlainCard | AuthenticatingCard;

export interface PlainCard {
  /** `uid`: a storage card that knows nothing else. `processor`: a phone or a bank card, without an application of ours. */
  readonly kind: 'uid' | 'processor';
  /** Lower-case hex, 4, 7 or 10 bytes. */
  readonly uid: string;
  readonly fault?: CardFault;
}

/** A DESFire of our system. Its chip goes on from one tap to the next: what it has signed stays signed. */
export interface AuthenticatingCard {
  readonly kind: 'desfire';
  readonly chip: DesfireChip;
  readonly fault?: CardFault | DesfireFault;
}

/** Lets an applet fail on its first command and every one after it; what only a chip can do wrong it does by itself. */
export function withFault(applet: CardApplet, fault: CardFault | DesfireFault | undefined): CardApplet {
  switch (fault) {
    case 'mute':
      return { atr: applet.atr, process: () => 'mute' };
    case 'torn-before':
      return { ...applet, leaves: 'after-atr' };
    case 'torn-after':
      return { ...applet, leaves: 'after-answer' };
    case 'torn':
      return { atr: applet.atr, process: () => 'tear' };
    case 'empty-answer':
      return { atr: applet.atr, process: () => new Uint8Array(0) };
    default:
      return applet;
  }
}
