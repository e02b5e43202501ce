import type { Books } from '../ledger/books.ts';
import type { ProposalRow } from '../ledger/tables.ts';

/**
 * What takes two people: one proposes, another approves, and the act happens in the transaction of the approval. The
 * store refuses an approval by the maker, and transfers of such kinds without an approved proposal.
 */

/** What came of an act: a sentence for the one who approved, or why it cannot be now. */
export type ActOutcome =
  | { readonly ok: true; readonly says: string; readonly judge?: readonly { tid: string; ep: number }[] }
  | { readonly ok: false; readonly code: string; readonly says: string; readonly whatToDo: string };

export interface Performing {
  readonly act: string;
  readonly at: number;
  readonly by: string;
}
export type Performer<Detail> = (books: Books, detail: Detail, doing: Performing) => Promise<ActOutcome>;

export function cannot(code: string, says: string, whatToDo: string): ActOutcome {
  return { ok: false, code, says, whatToDo };
}

export async function propose(
  books: Books,
  act: string,
  what: { readonly kind: string; readonly subject: string; readonly detail: unknown },
  maker: string,
  at: number,
): Promise<void> {
  const { kind, subject, detail } = what;
  await books.add('proposals', [
    {
      ...{ act, kind, subject, detailJson: JSON.stringify(detail), maker, madeAt: at },
      ...{ checker: null, decidedAt: null, state: 'proposed' },
    },
  ]);
  await books.audit({ at, user: maker, act: `propose-${kind}`, subject, detail: { act } });
}

/** Approves and performs. Where the act cannot be, the proposal stays open; the caller must roll back on `ok: false`. */
export async function approve(
  books: Books,
  act: string,
  checker: string,
  at: number,
  performers: Readonly<Record<string, Performer<never>>>,
): Promise<ActOutcome> {
  const proposal = await books.get('proposals', { act });
  if (proposal === undefined || proposal.state !== 'proposed') {
    return cannot('not-open', 'This proposal is not open any more.', 'Reload the list of proposals.');
  }
  if (proposal.maker === checker) {
    return cannot('same-person', 'You proposed this, so somebody else must approve it.', 'Ask another operator.');
  }
  const perform = performers[proposal.kind];
  if (perform === undefined) throw new Error(`no performer for ${proposal.kind}`);
  // First approved, then performed: the store lets its transfers through only behind an approval.
  await books.put('proposals', [{ ...proposal, checker, decidedAt: at, state: 'approved' }]);
  const detail = JSON.parse(proposal.detailJson) as never;
  const outcome = await perform(books, detail, { act, at, by: checker });
  if (!outcome.ok) throw new ActRefused(outcome);
  await books.audit({ at, user: checker, act: `approve-${proposal.kind}`, subject: proposal.subject, detail: { act } });
  return outcome;
}

/** Rolls the approval back with its act. */
export class ActRefused extends Error {
  readonly outcome: Extract<ActOutcome, { ok: false }>;
  constructor(outcome: Extract<ActOutcome, { ok: false }>) {
    super(outcome.says);
    this.name = 'ActRefused';
    this.outcome = outcome;
  }
}

/** Refused by another, or withdrawn by its maker: nothing happened, and the line stays. */
export async function decline(books: Books, act: string, by: string, at: number): Promise<ActOutcome> {
  const proposal: ProposalRow | undefined = await books.get('proposals', { act });
  if (proposal === undefined || proposal.state !== 'proposed') {
    return cannot('not-open', 'This proposal is not open any more.', 'Reload the list of proposals.');
  }
  const state = proposal.maker === by ? 'withdrawn' : 'refused';
  await books.put('proposals', [{ ...proposal, checker: by, decidedAt: at, state }]);
  await books.audit({ at, user: by, act: `${state}-${proposal.kind}`, subject: proposal.subject, detail: { act } });
  return { ok: true, says: state === 'withdrawn' ? 'Withdrawn.' : 'Refused.' };
}
