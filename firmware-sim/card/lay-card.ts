import { connect, type Socket } from 'node:net';
import { type CardApplet, type SimulatedCard, withFault } from './applet.ts';
import { desfireCard } from './desfire/desfire-card.ts';
import { processorCard } from './processor-card.ts';
import { uidCard } from './uid-card.ts';
import { control, frame, frameCutter } from './wire.ts';

/** vpcd looks for a card every 400 ms, and once more after it lost one; past this nobody is going to take it. */
const TAKEN_WITHIN_MS = 3_000;
/** A reader that never closes its half of the wire must not keep the card in the hand. */
const REMOVED_WITHIN_MS = 500;

/** A card on a reader. */
export interface LaidCard {
  /** Takes the card away; resolves once the wire is closed. Safe to call twice. */
  remove(): Promise<void>;
  /** From now on it answers nothing, not even its ATR. */
  fallSilent(): void;
  /** True once the card is away, whoever ended it. */
  readonly closed: boolean;
}

/** Where vpcd, or the virtual reader that plays its part, listens. */
export interface ReaderAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Lays a card on the reader: connecting is "card in", closing is "card out". Resolves when the reader first speaks to
 * the card, so time held counts from there. Rejects with a sentence when nobody listens, or when nobody takes the card
 * within 3 s (another card lies there).
 */
export function layCard(card: SimulatedCard, { host, port }: ReaderAddress): Promise<LaidCard> {
  const applet = appletOf(card);
  const hand: Hand = { silent: false, powered: false };
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setNoDelay(true);
    const fail = (why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(`The card cannot be laid on the reader at ${host}:${port}: ${why}.`));
    };
    const timer = setTimeout(() => fail(`no reader took it within ${TAKEN_WITHIN_MS} ms`), TAKEN_WITHIN_MS);
    socket.once('error', (error) => fail(error.message));
    socket.once('close', () => fail('the reader turned it away'));
    socket.once('data', () => {
      clearTimeout(timer);
      // Both are one-shot on a settled promise from here on; a later reset of the wire is only the end of the stay.
      socket.on('error', () => socket.destroy());
      resolve(laid(socket, hand));
    });
    play(applet, socket, hand);
  });
}

/** What the hand and the reader have done to the card. */
interface Hand {
  silent: boolean;
  powered: boolean;
}

function appletOf(card: SimulatedCard): CardApplet {
  return withFault(plainApplet(card), card.fault);
}

function plainApplet(card: SimulatedCard): CardApplet {
  switch (card.kind) {
    case 'uid':
      return uidCard(card.uid);
    case 'processor':
      return processorCard(card.uid);
    case 'desfire':
      return desfireCard(card.chip, card.fault);
  }
}

function laid(socket: Socket, hand: Hand): LaidCard {
  let closed = false;
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => {
      closed = true;
      resolve();
    });
  });
  return {
    remove() {
      if (!closed) {
        socket.end();
        setTimeout(() => socket.destroy(), REMOVED_WITHIN_MS).unref();
      }
      return gone;
    },
    fallSilent() {
      hand.silent = true;
    },
    get closed() {
      return closed || socket.destroyed;
    },
  };
}

function play(applet: CardApplet, socket: Socket, hand: Hand): void {
  const cut = frameCutter();
  socket.on('data', (chunk) => {
    for (const body of cut(chunk)) {
      if (socket.destroyed || socket.writableEnded) return;
      if (!hand.silent) answer(applet, socket, body, hand);
    }
  });
}

function answer(applet: CardApplet, socket: Socket, body: Uint8Array, hand: Hand): void {
  if (body.length === 1) {
    // Power and reset are never answered on this wire.
    if (body[0] === control.powerOn) hand.powered = true;
    if (body[0] !== control.getAtr) return applet.reset?.();
    socket.write(frame(applet.atr));
    // vpcd asks the ATR to see whether a card is there at all; a card that leaves by then was never one.
    if (applet.leaves === 'after-atr' && hand.powered) socket.end();
    return;
  }
  const said = applet.process(body);
  if (said === 'tear') socket.destroy();
  else if (said !== 'mute') socket.write(frame(said));
  if (applet.leaves === 'after-answer') socket.end();
}
