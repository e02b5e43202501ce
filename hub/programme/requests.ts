import { parseRecordNumber } from '../../protocol/records/number.ts';
import type { Books } from '../ledger/books.ts';
import type { ActivityRow } from '../ledger/tables.ts';
import { type ActOutcome, cannot } from '../operators/acts.ts';
import type { Doing } from './cards.ts';
import { makeCredit } from './credits.ts';

/** What residents asked for at kiosks, and how it is answered: a claim by a credit or a no, a case in words. */

export interface Answer {
  readonly granted: boolean;
  /** What the resident reads. */
  readonly answer: string;
}

export async function answerRequest(
  books: Books,
  number: string,
  { granted, answer }: Answer,
  { by, at }: Doing,
): Promise<ActOutcome> {
  const row = await books.get('requests', { number });
  if (row === undefined) return cannot('no-request', 'There is no such request.', 'Reload the list of requests.');
  if (row.state !== 'open') return cannot('answered', 'This request is answered already.', 'Reload the list.');
  let says = 'Answered.';
  if (row.kind === 'claim' && granted) {
    const activity = await books.get('activities', { activity: row.code });
    if (activity?.state !== 'active') {
      return cannot('no-activity', `The activity ${row.code} is not active here.`, 'Set its points first, or refuse.');
    }
    const pts = activity.pts * row.units;
    const credit = { credit: `claim-${number}`, acct: row.acct, activity: row.code, reason: answer, pts };
    const made = await makeCredit(books, credit, by, at);
    if (!made.ok) return made;
    says = `A credit of ${pts} points is made; another person approves it.`;
  }
  await books.put('requests', [{ ...row, state: granted ? 'granted' : 'refused', answer }]);
  await books.audit({ at, user: by, act: `answer-${row.kind}`, subject: number, detail: { granted } });
  return { ok: true, says };
}

/** What points are given for, agreed by two people. A change holds for claims answered from now on. */
export async function setActivity(books: Books, activity: ActivityRow): Promise<ActOutcome> {
  await books.put('activities', [activity]);
  return { ok: true, says: `${activity.name}: ${activity.pts} points a ${activity.unit}.` };
}

/** A correction filed about a record: the record is marked beside its stage. Of somebody else's record it is not. */
export async function markDisputed(books: Books, acct: string, ref: string): Promise<void> {
  const id = parseRecordNumber(ref);
  const row = id === null ? undefined : await books.get('judgements', { tid: id.tid, ep: id.ep, seq: id.seq });
  if (row === undefined || row.acct !== acct || row.flags.includes('disputed')) return;
  await books.put('judgements', [{ ...row, flags: [...row.flags, 'disputed'] }]);
}
