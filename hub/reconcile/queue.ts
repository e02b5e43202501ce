import type { Books } from '../ledger/books.ts';
import type { ExceptionRow } from '../ledger/tables.ts';
import { type ActOutcome, cannot } from '../operators/acts.ts';
import { EXCEPTION_KINDS, type ExceptionKind } from './exceptions.ts';

/** People at the queue of exceptions: one takes it, notes what was found, and closes what can only be explained. */

interface Doing {
  readonly by: string;
  readonly at: number;
}
const NO_EXCEPTION = cannot('no-exception', 'There is no such exception.', 'Reload the list of exceptions.');
const CLOSED = cannot('closed', 'This exception is closed.', 'Reload the list of exceptions.');

/** `owner` null gives it back to the queue. Whoever takes it takes it from whoever had it; the trail says so. */
export async function own(
  books: Books,
  exception: string,
  owner: string | null,
  { by, at }: Doing,
): Promise<ActOutcome> {
  const found = await openOne(books, exception);
  if ('ok' in found) return found;
  if (found.owner !== owner) {
    await books.put('exceptions', [{ ...found, owner }]);
    const act = owner === null ? 'release-exception' : 'take-exception';
    await books.audit({ at, user: by, act, subject: exception, detail: { before: found.owner } });
  }
  return { ok: true, says: owner === null ? 'It is back in the queue.' : 'It is yours.' };
}

/** Notes are only ever added; also to a closed exception. */
export async function addNote(
  books: Books,
  exception: string,
  note: { readonly id: string; readonly text: string },
  { by, at }: Doing,
): Promise<ActOutcome> {
  if ((await books.get('exceptions', { exception })) === undefined) return NO_EXCEPTION;
  await books.add('notes', [{ note: note.id, exception, at, notedBy: by, text: note.text }]);
  await books.audit({ at, user: by, act: 'note-exception', subject: exception, detail: { note: note.id } });
  return { ok: true, says: 'Noted.' };
}

/** Only of the kinds that nothing can settle: what has to be mended closes when it is mended. */
export async function closeExplained(
  books: Books,
  exception: string,
  note: { readonly id: string; readonly text: string },
  doing: Doing,
): Promise<ActOutcome> {
  const found = await openOne(books, exception);
  if ('ok' in found) return found;
  if (!EXCEPTION_KINDS[found.kind as ExceptionKind].byHand) {
    const says = 'This closes by itself when what is wrong is mended.';
    return cannot('closes-by-itself', says, EXCEPTION_KINDS[found.kind as ExceptionKind].whatToDo);
  }
  await addNote(books, exception, note, doing);
  await books.put('exceptions', [{ ...found, closedAt: doing.at, closedBy: doing.by }]);
  return { ok: true, says: 'Closed.' };
}

async function openOne(books: Books, exception: string): Promise<ExceptionRow | ActOutcome> {
  const row = await books.get('exceptions', { exception });
  if (row === undefined) return NO_EXCEPTION;
  return row.closedAt === null ? row : CLOSED;
}
