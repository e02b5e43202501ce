import type { Hashing, Signer, Verifying } from '../protocol/crypto.ts';
import { createActs } from './acts.ts';
import { createDesk } from './desk.ts';
import { createEnrolment } from './fleet/enrolment.ts';
import { createNudges } from './fleet/nudges.ts';
import { tellingBalances } from './fleet/told-balances.ts';
import type { ReadEnvelope } from './ingest/envelope.ts';
import { createJudging } from './ingest/judging.ts';
import { createMarker } from './ingest/judging-marks.ts';
import { createSync } from './ingest/sync.ts';
import { createJobs } from './jobs.ts';
import type { BookStore } from './ledger/books.ts';
import type { judge } from './ledger/judge.ts';
import type { EpochRow } from './ledger/tables.ts';
import type { Seal } from './programme/seal.ts';

/** The hub without its HTTP: what a listening hub, the simulator and the conformance suite all run. */
export interface CoreDeps {
  readonly books: BookStore;
  readonly seal: Seal;
  readonly crypto: Hashing & Verifying;
  readonly hub: Signer;
  readonly receiptBase: string;
  readonly pollMs: number;
  readonly nowMs: () => number;
  readonly randomBytes: (n: number) => Uint8Array;
  readonly readEnvelope?: ReadEnvelope;
  /** The rules of judging; the simulator puts broken ones here to see them found. */
  readonly judge?: typeof judge;
  readonly keepCopy?: (row: EpochRow) => void;
  readonly onFault: (what: string, error: unknown) => void;
}

export function createCore(deps: CoreDeps) {
  const { seal, crypto, hub, nowMs, randomBytes, onFault } = deps;
  const store = tellingBalances(deps.books);
  const mark = createMarker({ seal, hashing: crypto });
  const judging = createJudging({ store, nowMs, mark, ...(deps.judge ? { judge: deps.judge } : {}) });
  const enrolment = createEnrolment({
    ...{ store, seal, crypto, hub, nowMs, randomBytes },
    ...(deps.keepCopy ? { keepCopy: deps.keepCopy } : {}),
  });
  const sync = createSync({
    ...{ store, judging, crypto, hub, nowMs, onFault, pollMs: deps.pollMs },
    ...(deps.readEnvelope ? { readEnvelope: deps.readEnvelope } : {}),
    downlink: { seal, hashing: crypto, hub, nowMs, receiptBase: deps.receiptBase },
    hubKeys: { keys: new Map([[hub.kid, hub.publicKey]]), verifying: crypto },
  });
  const nudges = createNudges({ store, verifying: crypto, nowMs, onFault });
  const acts = createActs({ store, judging, nowMs, randomBytes });
  const desk = createDesk({ store, seal, nowMs, randomBytes });
  const jobs = createJobs({ store, nowMs, onFault });
  return {
    ...{ judging, enrolment, acts, desk, jobs, nudges },
    async sync(...request: Parameters<typeof sync>): ReturnType<typeof sync> {
      const outcome = await sync(...request);
      if (outcome.ok) nudges.answered(outcome.response);
      return outcome;
    },
    /** All keys ever enrolled for a tid, by epoch. */
    async keysOf(tid: string): Promise<ReadonlyMap<number, Uint8Array>> {
      const rows = await store.read((books) => books.list('epochs', 'ofTerminal', { tid }));
      return new Map(
        rows.flatMap((row) => (row.enrolmentJws === null || row.publicKey === null ? [] : [[row.ep, row.publicKey]])),
      );
    },
    /** Why judging of that chain waits, or stopped; null when it does not. */
    async waitsCode(tid: string, ep: number): Promise<string | null> {
      const row = await store.read((books) => books.get('epochs', { tid, ep }));
      return row?.waitsCode ?? (row?.forkedSeq != null ? 'forked' : null);
    },
  };
}
