import { parseRecordNumber } from '../../protocol/records/number.ts';
import type { Books } from '../ledger/books.ts';

/**
 * Exceptions: what an operator must explain. The same trouble is one exception, however often it is seen; it closes by
 * itself when what was missing arrives, and opens again when the trouble does.
 */

export type ExceptionKind = keyof typeof EXCEPTION_KINDS;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What it means, what to do, how long it may wait; `byHand`: nothing can settle it, a person closes it with a note. */
export const EXCEPTION_KINDS = {
  gap: {
    byHand: false,
    dueMs: 2 * DAY_MS,
    says: 'Records of this kiosk are missing.',
    whatToDo:
      'Let the kiosk sync, or fetch its records by stick. If they are gone for good, two people accept the hole.',
  },
  fork: {
    byHand: false,
    dueMs: 4 * HOUR_MS,
    says: 'Two records stand in one place of this kiosk’s chain: it was copied, or its key was.',
    whatToDo: 'Fetch the kiosk. Two people decide each record behind the fork.',
  },
  rollback: {
    byHand: false,
    dueMs: 4 * HOUR_MS,
    says: 'This kiosk came back with an older state.',
    whatToDo: 'Let it send all it has, then enrol it anew under the next epoch.',
  },
  'over-allowance': {
    byHand: false,
    dueMs: DAY_MS,
    says: 'The kiosk spent more than it was granted.',
    whatToDo: 'Look at the record; two people release or reject it.',
  },
  'wrong-price': {
    byHand: false,
    dueMs: 3 * DAY_MS,
    says: 'A price differs from the published catalogue.',
    whatToDo: 'Look at the record; two people release or reject it.',
  },
  'wrong-card-proof': {
    byHand: false,
    dueMs: 3 * DAY_MS,
    says: 'A card’s own proof does not hold.',
    whatToDo: 'Look at the card and the record; two people release or reject it.',
  },
  'wrong-chain': {
    byHand: false,
    dueMs: 4 * HOUR_MS,
    says: 'The kiosk’s records do not add up. It is frozen.',
    whatToDo: 'Fetch the kiosk; two people decide the held records, then replace it.',
  },
  'late-record': {
    byHand: true,
    dueMs: 3 * DAY_MS,
    says: 'A record came after its epoch had ended or its key was revoked.',
    whatToDo: 'Two people release or reject it.',
  },
  'void-of-nothing': {
    byHand: true,
    dueMs: 3 * DAY_MS,
    says: 'A void names a redemption that cannot be undone.',
    whatToDo: 'Compare the two records; no points moved.',
  },
  'close-mismatch': {
    byHand: false,
    dueMs: DAY_MS,
    says: 'A day close differs from the records here.',
    whatToDo: 'Compare the totals. The next matched close covers this one too.',
  },
  'unknown-revision': {
    byHand: true,
    dueMs: DAY_MS,
    says: 'Records name a catalogue revision that is not known here.',
    whatToDo: 'Publish it again, or two people put the record aside.',
  },
  'unknown-record': {
    byHand: false,
    dueMs: 7 * DAY_MS,
    says: 'A newer kiosk writes records this hub cannot judge.',
    whatToDo: 'Update the hub.',
  },
  limit: {
    byHand: true,
    dueMs: 7 * DAY_MS,
    says: 'A redemption goes beyond a limit of the policy.',
    whatToDo: 'Nothing was taken back. Look whether cards are being lent.',
  },
  'stock-difference': {
    byHand: false,
    dueMs: 7 * DAY_MS,
    says: 'A count in the shop differs from what the records say.',
    whatToDo: 'Count again, or record what went to waste.',
  },
  clock: {
    byHand: false,
    dueMs: 3 * DAY_MS,
    says: 'The kiosk’s clock is wrong.',
    whatToDo: 'Let it reach the hub; replace its battery.',
  },
  'long-unseen': {
    byHand: false,
    dueMs: DAY_MS,
    says: 'This kiosk has not been heard for long.',
    whatToDo: 'Call the shop; fetch its records by stick.',
  },
  'unknown-card': {
    byHand: true,
    dueMs: 7 * DAY_MS,
    says: 'A visitor’s card is known nowhere in the county.',
    whatToDo: 'Nothing, or register the card.',
  },
  'hub-restored': {
    byHand: false,
    dueMs: DAY_MS,
    says: 'This hub was restored from a backup.',
    whatToDo: 'Enter again what was lost; two people end the restore when every kiosk has reported.',
  },
  debt: {
    byHand: false,
    dueMs: 7 * DAY_MS,
    says: 'A credit of ours is to be reversed, and its points are not in the account.',
    whatToDo: 'It waits for what kiosks give back, or two people charge it to loss.',
  },
  'blocked-card': {
    byHand: true,
    dueMs: 3 * DAY_MS,
    says: 'A card that had been reported lost was used at a kiosk that did not know it yet.',
    whatToDo: 'The sale stands. Ask the household; where somebody else used the card, file a case for them.',
  },
} as const satisfies Record<string, { byHand: boolean; dueMs: number; says: string; whatToDo: string }>;

/** Opens it, or opens it again; one that is open stays as it is, with its owner and age. */
export async function openException(
  books: Books,
  kind: ExceptionKind,
  subject: string,
  at: number,
  detail: Readonly<Record<string, unknown>> = {},
  tid: string | null = null,
): Promise<void> {
  const exception = `${kind}:${subject}`;
  const known = await books.get('exceptions', { exception });
  if (known !== undefined && known.closedAt === null) return;
  await books.put('exceptions', [
    {
      ...{ exception, kind, subject, tid, openedAt: at, dueAt: at + EXCEPTION_KINDS[kind].dueMs },
      ...{ owner: known?.owner ?? null, closedAt: null, closedBy: null, detailJson: JSON.stringify(detail) },
    },
  ]);
}

/** What was missing has arrived: nobody needs to look any more. */
export async function settleException(books: Books, kind: ExceptionKind, subject: string, at: number): Promise<void> {
  const known = await books.get('exceptions', { exception: `${kind}:${subject}` });
  if (known === undefined || known.closedAt !== null) return;
  await books.put('exceptions', [{ ...known, closedAt: at, closedBy: 'itself' }]);
}

/**
 * Troubles of a whole chain that are over: its kiosk was replaced, or two people let it go on. A record whose points are
 * still held waits for its own decision.
 */
export async function settleOfChain(
  books: Books,
  { tid, ep }: { readonly tid: string; readonly ep: number },
  kinds: readonly ExceptionKind[],
  at: number,
): Promise<void> {
  const chain = `${tid}.${ep}`;
  for (const row of await books.list('exceptions', 'ofTerminal', { tid })) {
    const mine = row.subject === chain || row.subject.startsWith(`${chain}.`);
    if (!mine || row.closedAt !== null || !kinds.includes(row.kind as ExceptionKind)) continue;
    const seq = parseRecordNumber(row.subject)?.seq;
    const holds = seq === undefined ? [] : await books.list('holds', 'ofChain', { tid, ep }, { from: seq, to: seq });
    if (holds.some((hold) => hold.state === 'held')) continue;
    await settleException(books, row.kind as ExceptionKind, row.subject, at);
  }
}
