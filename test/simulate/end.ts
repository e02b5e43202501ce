import type { RowOf } from '../../hub/ledger/tables.ts';
import type { Transfer } from '../../hub/ledger/transfers.ts';
import { readTrusted } from '../../protocol/records/record.ts';
import type { World } from './world.ts';

/** When everything has healed: nothing is missing, nothing moved that should not, and every sum agrees. */
export function checkEnd(world: World): void {
  nothingIsMissing(world);
  sumsAgree(world);
  closesAgree(world);
  holdsAgree(world);
}

/** Invariants 1 and 12: every record an honest kiosk still holds is at the hub, byte for byte, and judged. */
function nothingIsMissing({ kiosks, hub, model }: World): void {
  const records = hub.memory.state().tables.get('records');
  for (const kiosk of kiosks) {
    if (kiosk.lost || kiosk.running === null) continue;
    // An old copy has sent all it has once more: so a fork shows, and no sale that any copy holds is lost.
    const { outbox } = kiosk.running;
    if (outbox.rolledBack() ? !outbox.resent() : kiosk.tainted && outbox.unsent() > 0) continue;
    for (const { ep, tid } of kiosk.store.epochs()) {
      const holes = (hub.memory.state().tables.get('holes')?.list('ofChain', { tid, ep }) ??
        []) as unknown as RowOf<'holes'>[];
      for (const { seq, jws, hash } of kiosk.store.after(ep, 0, 10_000)) {
        // Two people said that these are gone: the hub asks for them no more.
        if (holes.some((hole) => hole.fromSeq <= seq && seq <= hole.toSeq)) continue;
        const kept = records?.get({ tid, ep, hash });
        if (kept?.jws !== jws) model.fail('1', `${tid}.${ep}.${seq} is missing at the hub`);
      }
      honestChain(
        hub.memory.state().tables.get('epochs')?.get({ tid, ep }) as unknown as RowOf<'epochs'>,
        kiosk.dishonest,
      );
    }
  }

  function honestChain(epoch: RowOf<'epochs'>, dishonest: boolean): void {
    const where = `${epoch.tid}.${epoch.ep}`;
    const elsewhere = kiosks.some((other) => other.tid === epoch.tid && other.tainted);
    if (elsewhere || dishonest || model.isBlind()) return;
    if (epoch.judgedSeq !== epoch.storedSeq)
      model.fail('10', `${where} is judged to ${epoch.judgedSeq} of ${epoch.storedSeq}: ${epoch.waitsCode}`);
    const { tid, ep } = epoch;
    for (const row of hub.memory.state().tables.get('judgements')?.list('ofChain', { tid, ep }) ?? []) {
      if (row.stage === 'quarantined' && !ALLOWED.has(row.code as string)) {
        if (row.code === 'void-of-nothing' && undoneByPeople(tid, ep, row.hash as string)) continue;
        model.fail('8', `${where}.${row.seq} of an honest kiosk was quarantined: ${row.code}`);
      }
    }
  }

  /** In a dead epoch people had refunded or rejected the sale before its void was found. */
  function undoneByPeople(tid: string, ep: number, hash: string): boolean {
    const jws = String(records?.get({ tid, ep, hash })?.jws);
    const { payload } = readTrusted(jws, hash);
    const seq = payload?.type === 'void' ? payload.ref : 0;
    const by = hub.memory.state().tables.get('judgements')?.get({ tid, ep, seq })?.undoneBy;
    return by === 'refund' || by === 'reject';
  }
}
/** What may befall an honest kiosk: its key was revoked, or people ended its epoch while it was away. */
const ALLOWED = new Set(['revoked', 'after-end']);

/** Invariants 4, 6, 7. */
function sumsAgree({ hub, model, kiosks, restores }: World): void {
  const { balances } = hub.memory.state();
  let sum = 0;
  for (const [account, amount] of balances) {
    sum += amount;
    if (model.balance(account) !== amount)
      model.fail('7', `${account} holds ${amount}, its transfers say ${model.balance(account)}`);
  }
  if (sum !== 0) model.fail('7', `all accounts together hold ${sum}`);
  const excused = restores > 0 || model.isBlind() || kiosks.some((kiosk) => kiosk.tainted || kiosk.dishonest);
  const lost = -(balances.get('loss') ?? 0);
  const charged = [...hub.memory.state().transfers.values()]
    .filter((t) => t.kind === 'reverse' && t.debit === 'loss')
    .reduce((total, t) => total + t.amount, 0);
  if (!excused && lost !== charged) model.fail('6', `the programme lost ${lost} points and nobody broke anything`);
}

/** Invariant 15: every matched record up to the last matched close is in exactly one close. */
function closesAgree({ hub, model }: World): void {
  const { tables } = hub.memory.state();
  for (const epoch of (tables.get('epochs')?.list('all', {}) ?? []) as unknown as RowOf<'epochs'>[]) {
    const { tid, ep } = epoch;
    const closes = (tables.get('closes')?.list('ofChain', { tid, ep }) ?? []) as unknown as RowOf<'closes'>[];
    let next = 1;
    for (const close of [...closes].sort((a, b) => a.fromSeq - b.fromSeq)) {
      if (close.fromSeq !== next) model.fail('15', `${tid}.${ep}: a close begins at ${close.fromSeq}, not ${next}`);
      next = close.toSeq + 1;
    }
    if (next !== epoch.closedSeq + 1)
      model.fail('15', `${tid}.${ep} is closed to ${epoch.closedSeq}, its closes reach ${next - 1}`);
  }
}

/** Suspense is what holds say, cover never more than what its allowance still stands for. */
function holdsAgree({ hub, model, kiosks }: World): void {
  const { tables, balances, transfers } = hub.memory.state();
  const { covered, gone } = coverSums(transfers.values());
  for (const epoch of (tables.get('epochs')?.list('all', {}) ?? []) as unknown as RowOf<'epochs'>[]) {
    const { tid, ep } = epoch;
    const held: Map<number, number> = new Map();
    const ofAccount: Map<string, number> = new Map();
    for (const row of (tables.get('holds')?.list('ofChain', { tid, ep }) ?? []) as unknown as RowOf<'holds'>[]) {
      held.set(row.seq, (held.get(row.seq) ?? 0) + row.leftPts);
      ofAccount.set(row.acct, (ofAccount.get(row.acct) ?? 0) + row.leftPts);
      const redeem = tables.get('judgements')?.get({ tid, ep, seq: row.seq });
      if (row.source === 'record' && redeem?.undoneBy !== null && row.leftPts > 0)
        model.fail('3', `${tid}.${ep}.${row.seq} is undone and held`);
    }
    for (const [seq, pts] of held) {
      const suspense = balances.get(`suspense:${tid}:${ep}:${seq}`) ?? 0;
      if (suspense !== pts) model.fail('4', `suspense of ${tid}.${ep}.${seq} holds ${suspense}, its holds say ${pts}`);
    }
    for (const row of (tables.get('allowances')?.list('ofChain', { tid, ep }) ??
      []) as unknown as RowOf<'allowances'>[]) {
      const open = balances.get(`allowance:${row.acct}:${tid}:${ep}`) ?? 0;
      const account = `${row.acct} ${tid}.${ep}`;
      const stands = open + (ofAccount.get(row.acct) ?? 0) + row.s - row.v - (gone.get(account) ?? 0);
      const cover = covered.get(account) ?? 0;
      const liar = kiosks.some((kiosk) => kiosk.tid === tid && kiosk.dishonest);
      if (cover > stands && !liar)
        model.fail('6', `${account}: ${cover} are covered, ${stands} are left, held or sold`);
      if (cover !== row.covered) model.fail('6', `${account}: ${cover} are covered, its row says ${row.covered}`);
    }
  }
}

/** From the transfers alone: cover outstanding, and sales that went back to the account. Keys `<acct> <tid>.<ep>`. */
function coverSums(transfers: Iterable<Transfer>) {
  const covered: Map<string, number> = new Map();
  const gone: Map<string, number> = new Map();
  const add = (to: Map<string, number>, key: string, pts: number) => void to.set(key, (to.get(key) ?? 0) + pts);
  for (const t of transfers) {
    const chain = t.ref.split('.').slice(0, 2).join('.');
    const acct = (account: string) => account.split(':')[1] ?? '';
    if (t.kind === 'cover') add(covered, `${acct(t.credit)} ${chain}`, t.amount);
    if (t.kind === 'repay') add(covered, `${acct(t.debit)} ${chain}`, -t.amount);
    const back = (t.kind === 'reject' || t.kind === 'refund') && t.credit.startsWith('account:');
    if (back) add(gone, `${acct(t.credit)} ${chain}`, t.amount);
  }
  return { covered, gone };
}
