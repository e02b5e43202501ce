import { createCore } from '../../hub/core.ts';
import { emptyEpoch } from '../../hub/fleet/enrolment.ts';
import { arrivalOf, storeBatch } from '../../hub/ingest/custody.ts';
import { readRecords } from '../../hub/ingest/envelope.ts';
import { ledgerAccount } from '../../hub/ledger/accounts.ts';
import type { BookStore } from '../../hub/ledger/books.ts';
import { transfer } from '../../hub/ledger/transfers.ts';
import { createSeal } from '../../hub/programme/seal.ts';
import { memoryBooks } from '../../hub/store/memory/memory-books.ts';
import { signCompact } from '../../protocol/jws/compact.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { GENESIS, type Signed } from './fake-terminal.ts';

/** A hub's books in memory with one village, one kiosk, two accounts: for stories about points. */

export const crypto = { ...nodeHashing, ...nodeVerifying };
export const DAY_MS = 86_400_000;
export const hubSigner = nodeSigner('hub.1', new Uint8Array(32).fill(7));

export async function booksFixture(store: BookStore = memoryBooks()) {
  const clock = { ms: 1_000_000 };
  let salt = 0;
  const faults: string[] = [];
  const core = createCore({
    ...{ books: store, seal: createSeal(new Uint8Array(32)), crypto, hub: hubSigner, receiptBase: 'https://hub' },
    ...{ pollMs: 1_000, nowMs: () => clock.ms, randomBytes: (n: number) => new Uint8Array(n).fill(++salt) },
    onFault: (what, error) => faults.push(`${what}: ${String(error)}`),
  });
  await store.write(async (books) => {
    await books.add('counties', [
      {
        ...{ id: 'c', name: '县', nameEn: 'C', timeZone: 'UTC', inc: 'inc-1', downlinkVersion: 0, restoring: 0 },
        ...{ policyJson: '{"capPts":100,"pinAbovePts":50,"objectionDays":7,"lifeDays":365}', policyVersion: 1 },
        ...{ catalogueJws: null, catalogueVersion: 0, hotlistVersion: 0 },
      },
    ]);
    const place = { village: 'v1', name: '村', nameEn: 'V' };
    await books.add('villages', [{ ...place, pepperVersion: 1, pepperSealed: new Uint8Array(1) }]);
    await books.add('shops', [{ ...place, shop: 's1', phone: '' }]);
    await books.add('items', [{ sku: 'rice', rev: 1, pts: 10, name: 'rice', reimburseFen: 0, fromAt: 0 }]);
    const person = { village: 'v1', name: '人', initials: 'r', preferencesJson: null, leftAt: null };
    await books.add('residents', [
      { acct: 'a1', rosterVersion: await books.nextVersion(), ...person },
      { acct: 'a2', rosterVersion: await books.nextVersion(), ...person },
    ]);
  });
  const balance = async (account: string) => (await store.read((books) => books.balances([account])))[0] ?? 0;
  return {
    ...{ store, core, clock, faults, balance },
    /** An open epoch whose chain begins at GENESIS. */
    async kiosk(tid = 'k1', ep = 1) {
      await store.write(async (books) => {
        await books.put('terminals', [{ tid, shop: 's1', lastSyncAt: null, healthJson: null }]);
        const codeHash = new Uint8Array([tid.charCodeAt(1), ep]);
        const opened = { ...emptyEpoch(tid, ep, 's1', 'v1'), codeHash, issuedBy: 'ann', state: 'open' as const };
        await books.add('epochs', [{ ...opened, enrolmentHash: GENESIS, reportedInc: 'inc-1' }]);
      });
      return kiosk(tid, ep, store, core, clock);
    },
    /** Points in the account, and `granted` of them in the kiosk's keeping. */
    async give(acct: string, pts: number, granted = 0, tid = 'k1', ep = 1) {
      const { programme, pending, account, allowance } = ledgerAccount;
      const id = `${acct}.${++salt}`;
      await store.write(async (books) => {
        const earned = transfer('earn', `earn:${id}`, programme, pending(acct), pts, id);
        await books.post([earned, transfer('post', `post:${id}`, pending(acct), account(acct), pts, id)], clock.ms);
        if (granted === 0) return;
        const row = await books.get('allowances', { tid, ep, acct });
        const g = (row?.g ?? 0) + granted;
        const move = transfer('grant', `grant:${id}`, account(acct), allowance(acct, tid, ep), granted, `${tid}.${ep}`);
        await books.post([move], clock.ms);
        const fresh = { tid, ep, acct, s: 0, v: 0, r: 0, said: null, covered: 0, atSeq: 0, keep: null };
        await books.put('allowances', [{ ...(row ?? { ...fresh, grantJws: null, grantVersion: 0 }), g }]);
      });
    },
    stages: (tid = 'k1', ep = 1) =>
      store.read(async (books) =>
        (await books.list('judgements', 'ofChain', { tid, ep })).map((row) => row.code ?? row.stage),
      ),
    epoch: (tid = 'k1', ep = 1) => store.read((books) => books.get('epochs', { tid, ep })),
    /** Two people do it. */
    async twoPeople(
      ...args: Parameters<typeof core.acts.propose> extends [infer K, infer S, infer D, string] ? [K, S, D] : never
    ) {
      const act = await core.acts.propose(args[0] as never, args[1] as never, args[2] as never, 'ann');
      return core.acts.approve(act, 'ben');
    },
    open: () =>
      store.read(async (books) => {
        const rows = await books.list('exceptions', 'ofTerminal', { tid: 'k1' });
        return rows.filter((row) => row.closedAt === null).map((row) => row.kind);
      }),
    async sum() {
      const accounts = ['programme', 'reserve', 'loss', 'expired', 'shop:s1'];
      return Object.fromEntries(await Promise.all(accounts.map(async (name) => [name, await balance(name)] as const)));
    },
  };
}
export type BooksFixture = Awaited<ReturnType<typeof booksFixture>>;

type Core = ReturnType<typeof createCore>;

/** An honest chain; any field can be overwritten to make it dishonest. */
function kiosk(tid: string, ep: number, store: BookStore, core: Core, clock: { ms: number }) {
  const signer = nodeSigner(`${tid}.${ep}`, nodeHashing.sha256(utf8(`${tid}.${ep}`)));
  const sums: Map<string, { S: number; V: number; R: number }> = new Map();
  const sales: Map<number, { acct: string; pts: number; qty: number }> = new Map();
  let seq = 0;
  let head = GENESIS;
  let tot = 0;
  let from = 1;
  let day = { redeemed: { count: 0, pts: 0 }, voided: { count: 0, pts: 0 }, units: 0 };
  const of = (acct: string) => sums.get(acct) ?? { S: 0, V: 0, R: 0 };

  function write(fields: Record<string, unknown>, patch: Record<string, unknown> = {}): Signed {
    seq += 1;
    const common = { v: 1, tid, ep, seq, prev: head, at: clock.ms + seq, up: seq, boot: 'b', day: '2026-03-01', tot };
    const payload = { ...common, ...fields, ...patch };
    const jws = signCompact('tally-record', utf8(JSON.stringify(payload)), signer);
    head = hashOf(jws, nodeHashing);
    return { jws, hash: head, seq };
  }
  return {
    write,
    open: () => write({ type: 'open', reason: 'enrol', sw: '0' }),
    redeem(acct: string, qty = 1, patch: Record<string, unknown> = {}): Signed {
      const pts = qty * 10;
      const now = { ...of(acct), S: of(acct).S + pts };
      sums.set(acct, now);
      tot += pts;
      day = {
        ...day,
        redeemed: { count: day.redeemed.count + 1, pts: day.redeemed.pts + pts },
        units: day.units + qty,
      };
      const lines = [{ sku: 'rice', rev: 1, qty, pts: 10 }];
      const auth = { level: 'uid', pin: false, hotlist: 0 };
      const record = write({ type: 'redeem', acct, card: `1.${'A'.repeat(22)}`, lines, pts, ...now, auth, tot }, patch);
      sales.set(record.seq, { acct, pts, qty });
      return record;
    },
    void(ref: number, patch: Record<string, unknown> = {}): Signed {
      const { acct, pts, qty } = sales.get(ref) ?? { acct: 'a1', pts: 10, qty: 1 };
      const now = { ...of(acct), V: of(acct).V + pts };
      sums.set(acct, now);
      tot -= pts;
      day = { ...day, voided: { count: day.voided.count + 1, pts: day.voided.pts + pts }, units: day.units - qty };
      return write({ type: 'void', ref, acct, pts, ...now, reason: 'mistake', tot }, patch);
    },
    giveBack(acct: string, pts: number): Signed {
      const now = { ...of(acct), R: of(acct).R + pts };
      sums.set(acct, now);
      return write({ type: 'return', acct, pts, ...now });
    },
    close(patch: Record<string, unknown> = {}): Signed {
      const { redeemed, voided, units } = day;
      const byItem = units === 0 ? {} : { rice: { count: units, pts: units * 10 } };
      const fields = { type: 'close', from, to: seq, redeemed, voided, byItem, auto: false, unresolved: [] };
      day = { redeemed: { count: 0, pts: 0 }, voided: { count: 0, pts: 0 }, units: 0 };
      const record = write(fields, patch);
      from = record.seq + 1;
      return record;
    },
    end: () => write({ type: 'end' }),
    /** The records arrive and are judged. */
    async send(...records: readonly Signed[]): Promise<void> {
      const list = records.map((record) => record.jws);
      const read = readRecords(list, tid, new Map([[ep, signer.publicKey]]), crypto);
      const arrivals = read.map((each) => arrivalOf({ tid, ep }, each));
      const stored = await store.custody(tid, (books) => storeBatch(books, { tid, ep, arrivals, at: clock.ms }));
      for (const each of stored.toJudge) await core.judging.judgeChain(tid, each);
    },
  };
}
