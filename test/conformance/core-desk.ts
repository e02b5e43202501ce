import type { createCore } from '../../hub/core.ts';
import type { BookStore } from '../../hub/ledger/books.ts';
import type { CountyFile } from '../../hub/programme/county-file.ts';
import { type PreparedCounty, prepareCounty } from '../../hub/programme/import.ts';
import type { Seal } from '../../hub/programme/seal.ts';
import type { Signer } from '../../protocol/crypto.ts';
import { seeded } from '../support/seeded.ts';
import type { Hub, Said } from './adapter.ts';

/** What people and kiosks ask of a hub that runs in this process: its core, whatever books it keeps. */

type Core = ReturnType<typeof createCore>;
type Desk = Pick<
  Hub,
  | 'issueCode'
  | 'enrol'
  | 'confirm'
  | 'sync'
  | 'propose'
  | 'approve'
  | 'forgeApproval'
  | 'makeCredit'
  | 'approveCredit'
  | 'calendar'
  | 'shown'
>;

/** In the middle of a working day: nothing closes by itself while a story is told. */
export const START_MS = Date.UTC(2027, 0, 15, 2);

/** Begins at START_MS and goes on with this machine's; `jump` moves it. */
export function storyClock() {
  const began = Date.now();
  let jumpedMs = 0;
  return {
    nowMs: () => START_MS + jumpedMs + Date.now() - began,
    shiftMs: () => START_MS + jumpedMs - began,
    jump(byMs: number) {
      jumpedMs += byMs;
    },
  };
}

export function coreDesk(core: () => Core, books: () => BookStore): Desk {
  return {
    async issueCode(tid, shop, by) {
      const issued = await core().enrolment.issue(tid, shop, by);
      if (!issued.ok) throw new Error(`no code for ${tid}: ${issued.code}`);
      return issued.value;
    },
    async enrol(request) {
      const answer = await core().enrolment.request(request);
      return answer.ok ? answer.value : { state: 'refused', says: answer.code };
    },
    async confirm(tid, fingerprint, by) {
      const outcome = await core().enrolment.confirm(tid, 1, fingerprint, by);
      return outcome.ok ? { ok: true } : { ...outcome, says: outcome.code };
    },
    async sync(tid, body, signature) {
      try {
        const outcome = await core().sync(tid, body, signature);
        return outcome.ok ? outcome : { ok: false, says: outcome.code };
      } catch (error) {
        // A listening hub would answer 5xx, or not at all: to the kiosk it is the same.
        return { ok: false, says: String(error) };
      }
    },
    propose: (kind, detail, by) => core().acts.propose(kind as never, 'story', detail as never, by),
    approve: async (act, by) => told(await core().acts.approve(act, by)),
    forgeApproval: (act) => forged(books(), act),
    makeCredit: async ({ again = false, ...credit }, by) =>
      told(await core().acts.makeCredit({ ...credit, again, activity: 'sweep', reason: 'swept' }, by)),
    approveCredit: async (credit, by) => told(await core().acts.approveCredit(credit, by)),
    async calendar() {
      await core().jobs.runOnce();
    },
    shown: (tid) =>
      books().read(async (inner) => {
        const rows = await inner.list('exceptions', 'ofTerminal', { tid });
        return rows.filter((row) => row.closedAt === null).map((row) => row.kind);
      }),
  };
}

type Outcome = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly says: string };
const told = (outcome: Outcome): Said =>
  outcome.ok ? { ok: true } : { ok: false, code: outcome.code, says: outcome.says };

async function forged(books: BookStore, act: string): Promise<string> {
  return books
    .write(async (inner) => {
      const row = await inner.get('proposals', { act });
      if (row === undefined) throw new Error(`no proposal ${act}`);
      await inner.put('proposals', [{ ...row, checker: row.maker, decidedAt: 1, state: 'approved' }]);
    })
    .then(
      () => '',
      (error: Error) => error.message,
    );
}

/** Hashing passwords takes a while, so hubs with the same keys share one preparation. */
const prepared: Map<Seal, Promise<PreparedCounty>> = new Map();
export function preparedFor(file: CountyFile, seal: Seal, hub: Signer): Promise<PreparedCounty> {
  const random = seeded(1);
  const randomBytes = (n: number) => Uint8Array.from({ length: n }, () => Math.floor(random() * 256));
  const deps = { county: COUNTY_ID, seal, hub, randomBytes, onProgress: () => undefined };
  const known = prepared.get(seal) ?? prepareCounty(file, deps);
  prepared.set(seal, known);
  return known;
}
export const COUNTY_ID = 'conformance';
