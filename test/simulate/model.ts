import { kindOfAccount } from '../../hub/ledger/accounts.ts';
import type { RowOf } from '../../hub/ledger/tables.ts';
import type { Transfer } from '../../hub/ledger/transfers.ts';
import type { MemoryState } from '../../hub/store/memory/memory-books.ts';
import { spendable } from '../../protocol/allowance/counters.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { Committed } from './hub-node.ts';
import type { KioskNode } from './kiosk-node.ts';

/**
 * What must be true, kept in integers beside the system and checked after every step: the invariants of docs/protocol.md.
 * It knows what really happened (which goods left, which credits were ever posted), which no part of the system does.
 */
export class Violation extends Error {}

const key = (tid: string, ep: number, rest: string | number) => `${tid}.${ep}.${rest}`;

export interface Truth {
  readonly kiosks: () => readonly KioskNode[];
  readonly state: () => MemoryState;
}

export function createModel(truth: Truth) {
  let balances: Map<string, number> = new Map();
  let transfers: Map<string, Transfer> = new Map();
  let judgedSeq: Map<string, number> = new Map();
  /** Credits of the resident that ever were, by id: a restored hub may post one again, which is no second one. */
  const posted: Map<string, { acct: string; pts: number }> = new Map();
  /** Everything else that raised or lowered what an account may have had, ever. */
  const given: Map<string, number> = new Map();
  const counted: Set<string> = new Set();
  /** What took points away, by transfer: a hub that forgot it gave them back. */
  const taken: Map<string, { acct: string; pts: number }[]> = new Map();
  const prints: Set<string> = new Set();
  /** Every record any kiosk really signed, by hash. */
  const genuine: Map<string, SignedRecord> = new Map();
  const forkedFor: Set<string> = new Set();
  const voids: Map<string, number> = new Map();
  /** Chains where the kiosk's sums and the ledger may differ: lent points, voids of nothing, holes. */
  const irregular: Set<string> = new Set();
  /** By allowance account: what people moved into it, or an `end` swept out of it. */
  const moved: Map<string, number> = new Map();
  const touched: Set<string> = new Set();
  let restoring = false;
  /** After an early end of a restore nobody knows any more what the unheard kiosks hold. */
  let blind = false;

  function fail(rule: string, says: string): never {
    throw new Violation(`${rule}: ${says}`);
  }

  /** Invariant 2, and at most one original on paper. */
  function printed(kiosk: KioskNode, record: SignedRecord): void {
    const held = kiosk.store.record(record.ep, record.seq);
    if (held?.hash !== record.hash)
      fail('2', `${key(record.tid, record.ep, record.seq)} was printed and is not durable`);
    const mark = kiosk.running?.fence.mark();
    if (mark === null || mark === undefined || mark.ep !== record.ep || mark.seq < record.seq) {
      fail('2', `${key(record.tid, record.ep, record.seq)} was printed before its fence`);
    }
    if (prints.has(record.hash)) fail('2', `${record.hash} has two originals`);
    prints.add(record.hash);
  }

  function committed({ transfers: posts, rows }: Committed): void {
    for (const transfer of posts) move(transfer);
    for (const row of (rows.get('counties') ?? []) as RowOf<'counties'>[]) restoring = row.restoring === 1;
    for (const row of (rows.get('records') ?? []) as RowOf<'records'>[]) stored(row);
    for (const row of (rows.get('judgements') ?? []) as RowOf<'judgements'>[]) judged(row);
    for (const row of (rows.get('allowances') ?? []) as RowOf<'allowances'>[]) touched.add(row.acct);
  }

  /** Invariants 3, 4, 7: the ledger once more, from its transfers alone. */
  function move(t: Transfer): void {
    if (transfers.has(t.id)) {
      const before = transfers.get(t.id);
      if (before?.amount !== t.amount || before.debit !== t.debit || before.credit !== t.credit) {
        fail('3', `transfer ${t.id} twice, with other content`);
      }
      return;
    }
    if (t.amount <= 0) fail('7', `transfer ${t.id} of ${t.amount}`);
    transfers.set(t.id, t);
    for (const [account, by] of [[t.debit, -t.amount] as const, [t.credit, t.amount] as const]) {
      const amount = (balances.get(account) ?? 0) + by;
      balances.set(account, amount);
      const kind = kindOfAccount(account);
      if (amount < 0 && ['account', 'pending', 'allowance', 'suspense'].includes(kind)) {
        fail('4', `${account} falls to ${amount} by ${t.id}`);
      }
      const acct = account.split(':')[1];
      if (acct !== undefined && (kind === 'account' || kind === 'allowance')) touched.add(acct);
    }
    noteMoved(t);
    count(t);
  }

  function noteMoved(t: Transfer): void {
    const add = (account: string, pts: number) => void moved.set(account, (moved.get(account) ?? 0) + pts);
    if (t.kind === 'reject' || t.kind === 'refund') add(t.credit, t.amount);
    if (t.kind === 'sweep' || (t.kind === 'repay' && /\.a[0-9]+$/.test(t.id))) add(t.debit, -t.amount);
    const [, tid, ep] = /^suspense:([^:]+):([^:]+)/.exec(t.credit) ?? [];
    if (t.kind === 'hold' && t.debit === 'loss') irregular.add(`${tid}.${ep}`);
    if (t.id.startsWith('void-hole:') || (t.id.startsWith('hold:k') && /\.a[0-9]+$/.test(t.id)))
      irregular.add(t.id.split(':')[1]?.split('.').slice(0, 2).join('.') ?? '');
  }

  /** What residents may ever have had: a transfer that a restored hub posts again counts once. */
  function count(t: Transfer): void {
    const acct = (account: string) => account.split(':')[1] ?? '';
    const add = (who: string, pts: number): void => {
      given.set(who, (given.get(who) ?? 0) + pts);
      if (pts < 0) taken.set(t.id, [...(taken.get(t.id) ?? []), { acct: who, pts }]);
    };
    if (counted.has(t.id)) return;
    counted.add(t.id);
    switch (t.kind) {
      case 'post':
        posted.set(t.ref, { acct: acct(t.credit), pts: t.amount });
        return add(acct(t.credit), t.amount);
      case 'cover':
        return add(acct(t.credit), t.amount);
      case 'lend':
        return add(acct(t.credit), t.amount);
      case 'repay':
      case 'repay-loan':
        return add(acct(t.debit), -t.amount);
      case 'expire':
        return add(acct(t.debit), -t.amount);
      case 'reverse':
        if (kindOfAccount(t.debit) === 'account') add(acct(t.debit), -t.amount);
        return;
      case 'move':
        add(acct(t.debit), -t.amount);
        return add(acct(t.credit), t.amount);
      case 'refund':
      case 'reject':
        // Goods that came back, or never left: what was spent is the resident's again.
        if (kindOfAccount(t.credit) === 'account') add(acct(t.credit), t.amount);
        return;
      default:
        return;
    }
  }

  /** What expired, was reversed or moved after the backup is in its account again, until it is done again. */
  function forgetTaken(): void {
    for (const [id, parts] of taken) {
      if (transfers.has(id)) continue;
      for (const { acct, pts } of parts) given.set(acct, (given.get(acct) ?? 0) - pts);
      taken.delete(id);
      counted.delete(id);
    }
  }

  /** Invariant 9: what is a fork freezes in its own transaction; what only looks like one does not. */
  function stored(row: RowOf<'records'>): void {
    if (row.seq === null) {
      if (genuine.get(row.hash)?.tid === row.tid) fail('12', `a genuine record was kept as junk`);
      return;
    }
    if (genuine.get(row.hash)?.jws !== row.jws)
      fail('9', `bytes nobody signed became record ${key(row.tid, row.ep, row.seq)}`);
    const list = truth
      .state()
      .tables.get('records')
      ?.list('bySeq', { tid: row.tid, ep: row.ep }, { from: row.seq, to: row.seq });
    if ((list?.length ?? 0) > 1) forkedFor.add(`${row.tid}.${row.ep}`);
  }

  function judged(row: RowOf<'judgements'>): void {
    const chain = `${row.tid}.${row.ep}`;
    const before = judgedSeq.get(chain) ?? 0;
    if (row.seq > before) {
      if (row.seq !== before + 1 && !holeOver(row.tid, row.ep, before + 1, row.seq - 1)) {
        fail('10', `${chain} was judged from ${before} to ${row.seq}`);
      }
      judgedSeq.set(chain, row.seq);
    }
    const record = genuine.get(row.hash);
    if (record === undefined) fail('8', `${key(row.tid, row.ep, row.seq)} was judged and nobody signed it`);
    if (row.stage === 'matched' && row.type === 'redeem') matched(row, record);
    if (row.stage === 'matched' && row.type === 'void') voided(row, record);
    if (row.code !== null && row.type !== 'redeem') irregular.add(chain);
  }

  /** Invariant 3: a redeem is undone once. A row is put again when something about it changes. */
  function voided(row: RowOf<'judgements'>, { payload }: SignedRecord): void {
    if (payload?.type !== 'void') return;
    const ref = key(row.tid, row.ep, payload.ref);
    const by = voids.get(ref);
    if (by !== undefined && by !== row.seq) fail('3', `${ref} was voided by ${by} and ${row.seq}`);
    voids.set(ref, row.seq);
  }

  function holeOver(tid: string, ep: number, from: number, to: number): boolean {
    const holes = truth.state().tables.get('holes')?.list('ofChain', { tid, ep }) ?? [];
    return holes.some((hole) => (hole.fromSeq as number) <= from && to <= (hole.toSeq as number));
  }

  /** Invariant 8: a price that was published, and an allowance that covers it. */
  function matched(row: RowOf<'judgements'>, record: SignedRecord): void {
    const { payload } = record;
    if (payload?.type !== 'redeem') return;
    const where = key(row.tid, row.ep, row.seq);
    if (row.g === null || row.s === null || row.v === null || row.r === null)
      fail('8', `${where} without an allowance`);
    else if (row.s - row.v + row.r > row.g) fail('8', `${where} matched beyond what was granted`);
    const sum = payload.lines.reduce((total, line) => total + line.qty * line.pts, 0);
    if (sum !== payload.pts) fail('8', `${where} matched with a wrong sum`);
  }

  /** After every step. */
  function check(): void {
    for (const chain of forkedFor) {
      const [tid = '', ep = ''] = chain.split('.');
      const row = truth
        .state()
        .tables.get('epochs')
        ?.get({ tid, ep: Number(ep) }) as RowOf<'epochs'> | undefined;
      if (row?.state === 'open') fail('9', `${chain} is forked and not frozen`);
    }
    forkedFor.clear();
    for (const acct of touched) if (!restoring && !blind) checkAccount(acct);
    touched.clear();
  }

  /** Invariants 5 and 6 for one account, over every kiosk that was not rolled back. */
  function checkAccount(acct: string): void {
    let may = balances.get(`account:${acct}`) ?? 0;
    for (const kiosk of truth.kiosks()) {
      for (const { ep, tid } of kiosk.store.epochs()) {
        const own = kiosk.store.allowance(ep, acct);
        if (own === null || kiosk.tainted || kiosk.store.last(ep)?.payload.type === 'end') continue;
        const row = truth.state().tables.get('allowances')?.get({ tid, ep, acct }) as RowOf<'allowances'> | undefined;
        const where = `${acct} at ${tid}.${ep}`;
        if (spendable(own) < 0 || own.V > own.S) fail('5', `${where}: the kiosk spent beyond its allowance`);
        if (own.G > (row?.g ?? 0)) fail('5', `${where}: the kiosk holds ${own.G}, the hub granted ${row?.g ?? 0}`);
        if (row !== undefined && (row.s > own.S || row.v > own.V || row.r > own.R))
          fail('5', `${where}: the hub runs ahead`);
        may += own.G - own.R;
        if (row !== undefined) ledgerAgrees(row);
      }
    }
    const had = given.get(acct) ?? 0;
    if (may > had) fail('6', `${acct} may have ${may} points and was given ${had}`);
  }

  /** What the ledger holds of an allowance is what the kiosk may still spend of it, as far as the hub has heard. */
  function ledgerAgrees(row: RowOf<'allowances'>): void {
    const chain = `${row.tid}.${row.ep}`;
    if (irregular.has(chain) || row.said !== null) return;
    const account = `allowance:${row.acct}:${row.tid}:${row.ep}`;
    const wanted = row.g - row.r - (row.s - row.v) + (moved.get(account) ?? 0);
    const held = balances.get(account) ?? 0;
    if (held !== wanted) fail('5', `${account} holds ${held}, its kiosk may spend ${wanted}`);
  }

  return {
    printed,
    committed,
    check,
    signed: (record: SignedRecord) => void genuine.set(record.hash, record),
    touch: (acct: string) => void touched.add(acct),
    balance: (account: string) => balances.get(account) ?? 0,
    isBlind: () => blind,
    goBlind: () => {
      blind = true;
    },
    /** The hub came back from a backup: what it says now is what that held. */
    hubRestored(): void {
      const state = truth.state();
      balances = new Map(state.balances);
      transfers = new Map(state.transfers);
      forgetTaken();
      voids.clear();
      moved.clear();
      for (const t of transfers.values()) noteMoved(t);
      judgedSeq = new Map();
      for (const row of state.tables.get('epochs')?.list('all', {}) ?? []) {
        judgedSeq.set(`${row.tid}.${row.ep}`, row.judgedSeq as number);
      }
      restoring = true;
    },
    fail,
  };
}
