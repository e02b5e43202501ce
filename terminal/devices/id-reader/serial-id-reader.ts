import { randomUUID } from 'node:crypto';
import type { Hashing } from '../../../protocol/crypto.ts';
import { serialLine } from '../serial/serial-line.ts';
import { FIND, READ, readFind, readSelect, readText, SELECT } from './commands.ts';
import { type Answer, type FrameState, NO_FRAME, takeBytes } from './frames.ts';
import type { IdReaderEvent, IdReaderPort, IdReaderStatus, ReadIdCard } from './port.ts';
import { left, NOBODY, type Round, type Stay, takeRound } from './stay.ts';

export interface SerialIdReaderOptions {
  readonly path: string;
  /** 115,200 on nearly all units. */
  readonly baudRate: number;
  readonly hashing: Hashing;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly answerMs?: number;
  readonly random?: () => number;
}

const ROUND_EVERY_MS = 300;
/** Reading takes a unit 0.7 s, finding some 50 ms. */
const ANSWER_MS = 2_000;
/** Rounds without any answer until the unit counts as silent. */
const MUTE_ROUNDS = 2;

/** A certified ID reader on a serial port: asked in rounds, as it says nothing by itself. */
export function serialIdReader(options: SerialIdReaderOptions): IdReaderPort {
  const { hashing, nowMs, answerMs = ANSWER_MS } = options;
  const listeners = new Set<(event: IdReaderEvent) => void>();
  let status: IdReaderStatus = { state: 'absent', reason: null };
  let frames: FrameState = NO_FRAME;
  let asked: ((answer: Answer) => void) | null = null;
  let stay: Stay = NOBODY;
  let timer: NodeJS.Timeout | undefined;
  let mute = 0;
  /** Grows with each line: a round of an earlier one tells nothing any more. */
  let lines = 0;

  const tell = (event: IdReaderEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  const become = (next: IdReaderStatus): void => {
    if (next.state === status.state && next.reason === status.reason) return;
    status = next;
    tell({ type: 'status', status });
  };
  const line = serialLine({
    ...options,
    onBytes(bytes) {
      const before = frames;
      const taken = takeBytes(before, bytes);
      frames = taken.state;
      // Text and photo of a card may have stood in them.
      before.fill(0);
      bytes.fill(0);
      for (const answer of taken.answers) {
        asked?.(answer);
        answer.data.fill(0);
      }
    },
    onStatus(next) {
      letGo();
      become(next);
      if (next.state === 'ready') void rounds(lines);
    },
  });

  /** Forgets what was under way; the stay ends. */
  function letGo(): void {
    lines += 1;
    clearTimeout(timer);
    forget();
    mute = 0;
    const ended = left(stay);
    stay = NOBODY;
    for (const event of ended) tell(event);
  }

  function forget(): void {
    frames.fill(0);
    frames = NO_FRAME;
  }

  /** Asks one thing. Null: no answer to it in time. `read` gives null for an answer to an earlier question. */
  function ask<T>(command: Uint8Array, read: (answer: Answer) => T | null): Promise<T | null> {
    forget();
    return new Promise((resolve) => {
      const hear = (answer: Answer): void => {
        const value = read(answer);
        if (value !== null) settle(value);
      };
      const settle = (value: T | null): void => {
        clearTimeout(late);
        if (asked === hear) asked = null;
        resolve(value);
      };
      const late = setTimeout(() => settle(null), answerMs);
      asked = hear;
      void line.write(command).then((through) => {
        if (!through) settle(null);
      });
    });
  }

  async function rounds(mine: number): Promise<void> {
    const round = await oneRound();
    if (mine !== lines) return;
    mute = round === null ? mute + 1 : 0;
    if (round === null && mute === MUTE_ROUNDS) {
      for (const event of left(stay)) tell(event);
      stay = NOBODY;
      become({ state: 'fault', reason: 'no-answer' });
    }
    if (round !== null) {
      become({ state: 'ready', reason: null });
      const taken = takeRound(stay, round, randomUUID);
      stay = taken.stay;
      for (const event of taken.told) tell(event);
    }
    if (mine === lines) timer = setTimeout(() => void rounds(mine), ROUND_EVERY_MS);
  }

  /** Null: the unit is silent. */
  async function oneRound(): Promise<Round | null> {
    const atMs = nowMs();
    const found = await ask(FIND, readFind);
    if (found === null) return null;
    if (found === 'none') return { type: 'none' };
    const selected = await ask(SELECT, readSelect);
    if (selected === null || selected === 'failed') return { type: 'failed' };
    if (selected.serial !== null) return cardOf(selected.serial, atMs);
    if (stay.presenceId !== null) return { type: 'same' };
    // Only here, where the unit has no serial to give, is the text asked for at all.
    const text = await ask(READ, (answer) => readText(answer, hashing));
    return text === null || text === 'failed' ? { type: 'failed' } : cardOf(text.uid, atMs);
  }

  return {
    start: line.start,
    async stop() {
      letGo();
      await line.stop();
      become({ state: 'absent', reason: null });
    },
    status: () => status,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function cardOf(uid: string, atMs: number): Round {
  const card: ReadIdCard = { kind: 'id-card', uid };
  return { type: 'card', card, atMs };
}
