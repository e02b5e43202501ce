import { toBase64url } from '../protocol/primitives/base64url.ts';
import type { BookStore, Books } from './ledger/books.ts';
import { hashPin } from './operators/passwords.ts';
import { blockCard, issueCard, type NewCard, replaceCard } from './programme/cards.ts';
import { readBatch } from './programme/credit-batch.ts';
import { refusedPin, setPin, unlockPin } from './programme/pins.ts';
import { type Answer, answerRequest } from './programme/requests.ts';
import type { Seal } from './programme/seal.ts';
import { addNote, closeExplained, own } from './reconcile/queue.ts';

/** What one person does at the console, each in one transaction that also writes the trail. Two-person acts: acts.ts. */
export interface DeskDeps {
  readonly store: BookStore;
  readonly seal: Seal;
  readonly nowMs: () => number;
  readonly randomBytes: (n: number) => Uint8Array;
}

export function createDesk({ store, seal, nowMs, randomBytes }: DeskDeps) {
  const doing = (by: string) => ({ by, at: nowMs() });
  const note = (text: string) => ({ id: toBase64url(randomBytes(9)), text });
  const write = <T>(work: (books: Books) => Promise<T>) => store.write(work);
  return {
    blockCard: (card: number, reason: string, by: string) => write((b) => blockCard(b, card, reason, doing(by))),
    replaceCard: (card: number, fresh: NewCard, reason: string, by: string) =>
      write((books) => replaceCard(books, card, fresh, reason, doing(by), seal)),
    issueCard: (acct: string, fresh: NewCard, by: string) =>
      write((books) => issueCard(books, acct, fresh, doing(by), seal)),
    /** `pin`: as the resident typed it; hashed before the books are opened, and kept nowhere. */
    async setPin(card: number, pin: string, by: string) {
      const refused = refusedPin(pin);
      if (refused !== null) return refused;
      const hashed = await hashPin(pin);
      const id = toBase64url(randomBytes(9));
      return write((books) => setPin(books, card, hashed, id, doing(by), seal));
    },
    unlockPin: (card: number, reason: string, by: string) =>
      write((books) => unlockPin(books, card, reason, doing(by))),
    readBatch: (csv: string) => store.read((books) => readBatch(books, csv)),
    answerRequest: (number: string, answer: Answer, by: string) =>
      write((books) => answerRequest(books, number, answer, doing(by))),
    own: (exception: string, owner: string | null, by: string) =>
      write((books) => own(books, exception, owner, doing(by))),
    addNote: (exception: string, text: string, by: string) => {
      const fresh = note(text);
      return write((books) => addNote(books, exception, fresh, doing(by)));
    },
    closeExplained: (exception: string, text: string, by: string) => {
      const fresh = note(text);
      return write((books) => closeExplained(books, exception, fresh, doing(by)));
    },
  };
}
export type Desk = ReturnType<typeof createDesk>;
