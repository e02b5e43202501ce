import { toBase64url } from '../protocol/primitives/base64url.ts';
import { cover, endEpoch, freeze, revokeEpoch, unfreeze } from './fleet/dead-epochs.ts';
import { endRestore } from './fleet/restore.ts';
import type { Judging } from './ingest/judging.ts';
import type { BookStore, Books } from './ledger/books.ts';
import { type ActOutcome, ActRefused, approve, decline, type Performer, propose } from './operators/acts.ts';
import { chargeReversal, expireDue, moveAccount, reverseCredit } from './programme/corrections.ts';
import { makeBatch } from './programme/credit-batch.ts';
import { approveCredit, makeCredit, type NewCredit, postDue, withdrawCredit } from './programme/credits.ts';
import { readPolicy } from './programme/policy.ts';
import { setActivity } from './programme/requests.ts';
import { acceptHole, decideForked, finalClose, overrule } from './reconcile/chains.ts';
import { refund, reject, release } from './reconcile/holds.ts';

/** Everything operators do to the books, each in one transaction; what it unblocks is judged right after. */

/** Acts that take two people, by name. */
export const PERFORMERS = {
  ...{ cover, 'end-epoch': endEpoch, 'revoke-epoch': revokeEpoch, unfreeze, 'end-restore': endRestore },
  ...{ release, reject, refund, 'accept-hole': acceptHole, overrule, 'decide-forked': decideForked },
  ...{
    'final-close': finalClose,
    'reverse-credit': reverseCredit,
    'charge-reversal': chargeReversal,
    move: moveAccount,
    'credit-batch': makeBatch,
    'set-activity': setActivity,
  },
} as const;
export type ActKind = keyof typeof PERFORMERS;
export type ActDetail<K extends ActKind> = Parameters<(typeof PERFORMERS)[K]>[1];

export interface ActsDeps {
  readonly store: BookStore;
  readonly judging: Judging;
  readonly nowMs: () => number;
  readonly randomBytes: (n: number) => Uint8Array;
}

export function createActs({ store, judging, nowMs, randomBytes }: ActsDeps) {
  const performers = PERFORMERS as unknown as Readonly<Record<string, Performer<never>>>;

  async function policyOf(books: Books) {
    const county = await books.get('counties', {});
    if (county === undefined) throw new Error('this store holds no county');
    return readPolicy(county.policyJson);
  }

  return {
    /** Answers the proposal's id. */
    async propose<K extends ActKind>(kind: K, subject: string, detail: ActDetail<K>, maker: string): Promise<string> {
      const act = toBase64url(randomBytes(9));
      await store.write((books) => propose(books, act, { kind, subject, detail }, maker, nowMs()));
      return act;
    },
    /** Approves and performs, or changes nothing and says why. */
    async approve(act: string, checker: string): Promise<ActOutcome> {
      try {
        const outcome = await store.write((books) => approve(books, act, checker, nowMs(), performers));
        if (outcome.ok) for (const { tid, ep } of outcome.judge ?? []) await judging.judgeChain(tid, ep);
        return outcome;
      } catch (error) {
        if (error instanceof ActRefused) return error.outcome;
        throw error;
      }
    },
    decline: (act: string, by: string) => store.write((books) => decline(books, act, by, nowMs())),
    freeze: (tid: string, ep: number, by: string) => store.write((books) => freeze(books, { tid, ep }, by, nowMs())),
    makeCredit: (credit: NewCredit, by: string) => store.write((books) => makeCredit(books, credit, by, nowMs())),
    approveCredit: (credit: string, by: string) =>
      store.write(async (books) => approveCredit(books, credit, by, nowMs(), await policyOf(books))),
    withdrawCredit: (credit: string, by: string) => store.write((books) => withdrawCredit(books, credit, by, nowMs())),
    /** What is due by the calendar: credits that waited out their objections. Answers how many were posted. */
    postDue: () => store.write(async (books) => postDue(books, nowMs(), await policyOf(books))),
    expireDue: (acct: string) => store.write((books) => expireDue(books, acct, nowMs())),
  };
}

export type Acts = ReturnType<typeof createActs>;
