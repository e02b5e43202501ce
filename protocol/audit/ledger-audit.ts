import { recordNumber } from '../records/number.ts';
import { createAllowancesAudit } from './allowances-audit.ts';
import type { ClosesAudit } from './closes-audit.ts';
import { createDebtsAudit } from './debts-audit.ts';
import { effectFault, type OwnMoves, ownMoves } from './effects-audit.ts';
import type { Report } from './finding.ts';
import { LEDGER_KINDS, partsOf, type RefKind } from './ledger-kinds.ts';
import type { AuditedRecord, RecordsAudit } from './records-audit.ts';
import type { Parts, TransferLine } from './transfer-line.ts';

/** What an auditor learns of the ledger: every movement, that no account went below zero, that records explain it. */

const NEVER_NEGATIVE = new Set(['account', 'pending', 'allowance', 'suspense']);
/** Of one redeem only one of these can ever be. */
const UNDOING = new Set(['void', 'unhold', 'reject', 'refund']);
/** Which record may cause which kind; a hole's hidden points may show in any. */
const CAUSED_BY: Readonly<Record<string, readonly AuditedRecord['type'][]>> = {
  ...{ return: ['return'], sweep: ['end'], redeem: ['redeem'], unhold: ['void'], refund: ['redeem'] },
};

export function createLedgerAudit(records: RecordsAudit, closes: ClosesAudit, report: Report) {
  const balances: Map<string, number> = new Map();
  const ids: Set<string> = new Set();
  const moved: Map<string, OwnMoves> = new Map();
  const undone: Map<string, string> = new Map();
  const debts = createDebtsAudit((account) => balances.get(account) ?? 0, report);
  const allowances = createAllowancesAudit(records, report);
  let transfers = 0;

  function move(account: string, amount: number, where: string): void {
    const after = (balances.get(account) ?? 0) + amount;
    balances.set(account, after);
    const kind = account.split(':', 1)[0] ?? '';
    if (after < 0 && NEVER_NEGATIVE.has(kind)) report('overdrawn', where, `${account} falls to ${after}.`);
  }

  function line(t: TransferLine): void {
    transfers += 1;
    if (ids.has(t.id)) report('doubled-transfer', t.id, 'The same transfer stands twice.');
    ids.add(t.id);
    if (!Number.isSafeInteger(t.amount) || t.amount <= 0) report('amount', t.id, `It moves ${t.amount} points.`);
    move(t.debit, -t.amount, t.id);
    move(t.credit, t.amount, t.id);
    const kind = LEDGER_KINDS.get(t.kind);
    const parts = kind === undefined ? null : partsOf(kind, t.debit, t.credit);
    if (kind === undefined || parts === null) {
      return report('unexplained-kind', t.id, `No ${t.kind} may run ${t.debit} -> ${t.credit}.`);
    }
    explained(t, kind.ref, parts);
    debts.line(t, parts);
    allowances.line(t, parts);
  }

  function explained(t: TransferLine, ref: RefKind, parts: Parts): void {
    if (ref === 'epoch' && !records.hasEpoch(t.ref)) {
      report('unexplained-transfer', t.id, `No enrolment of ${t.ref} explains it.`);
    }
    const place = `${parts.tid}.${parts.ep}`;
    if (ref === 'epoch' && parts.tid !== undefined && place !== t.ref)
      wrong(t, `It is for ${place}, not for ${t.ref}.`);
    if (ref === 'account' && t.debit !== `account:${t.ref}`) wrong(t, `It names ${t.ref} and takes from ${t.debit}.`);
    if (ref === 'held' && t.debit !== `suspense:${t.ref.replaceAll('.', ':')}`) {
      wrong(t, `It decides ${t.ref} and takes from ${t.debit}.`);
    }
    if (ref === 'record') byRecord(t, parts);
    if (ref === 'record-or-credit' && !records.records.has(t.ref) && !debts.hasCredit(t.ref)) {
      report('unexplained-transfer', t.id, `No record and no credit ${t.ref} explains it.`);
    }
    if (t.kind === 'reject' || t.kind === 'refund') once(t, records.records.get(t.ref), t.ref);
    if ((t.kind === 'reject' || t.kind === 'refund') && t.credit.startsWith('account:')) afterClose(t);
  }

  function byRecord(t: TransferLine, parts: Parts): void {
    const record = records.records.get(t.ref);
    if (t.kind === 'loss') return lossOfFork(t, record);
    const isBack = t.kind === 'repay' && t.debit.startsWith('account:');
    if (isBack) return; // of a refund or reject, which the debts explain
    if (record === undefined) return report('unexplained-transfer', t.id, `No record ${t.ref} explains it.`);
    if (CAUSED_BY[t.kind]?.includes(record.type) === false) wrong(t, `A ${record.type} causes no ${t.kind}.`);
    const { acct, tid, ep, shop, type } = record;
    const differs =
      (parts.acct !== undefined && type !== 'end' && parts.acct !== acct) ||
      (parts.tid !== undefined && (parts.tid !== tid || parts.ep !== String(ep))) ||
      (parts.shop !== undefined && parts.shop !== shop);
    if (differs) wrong(t, `Its accounts are not those of record ${t.ref}.`);
    moved.set(t.ref, ownMoves(moved.get(t.ref), t, record));
    if ((t.kind === 'void' || t.kind === 'unhold') && type === 'void') {
      once(t, record, recordNumber({ tid, ep, seq: record.undoes }));
    }
  }

  /** Two people paid a shop for a branch of a fork. */
  function lossOfFork(t: TransferLine, record: AuditedRecord | undefined): void {
    const branches = records.branches.get(t.ref) ?? [];
    const at = branches.indexOf(t.amount);
    if (at < 0) return report('unexplained-transfer', t.id, `No redeem ${t.ref} without effect explains this loss.`);
    branches.splice(at, 1);
    if (t.credit !== `shop:${record?.shop}`) wrong(t, `Its accounts are not those of record ${t.ref}.`);
  }

  function once(t: TransferLine, record: AuditedRecord | undefined, number: string): void {
    // What an accepted hole hid is decided account by account; its suspense cannot pay twice.
    if (!UNDOING.has(t.kind) || (t.kind === 'reject' && !record?.judged)) return;
    const by = `${t.kind} of ${t.ref}`;
    const before = undone.get(number);
    if (before !== undefined && before !== by)
      report('undone-twice', t.id, `${number} is undone by ${before} already.`);
    undone.set(number, before ?? by);
    if (t.kind === 'refund') {
      const sum = moved.get(t.ref)?.refunded ?? 0;
      if (sum !== record?.pts) wrong(t, `A redeem of ${record?.pts} points gave back ${sum}.`);
    }
  }

  /** While its day is open a kiosk may undo a sale itself; points reach an account only behind a matched close. */
  function afterClose(t: TransferLine): void {
    const [tid = '', ep, seq] = t.ref.split('.');
    if (Number(seq) > closes.closedTo(tid, Number(ep))) {
      report('not-closed', t.id, `It gives back ${t.ref}, which is in no close.`);
    }
  }

  const wrong = (t: TransferLine, says: string) => report('ledger-differs', t.id, says);

  function finish(): void {
    for (const [number, record] of records.records) {
      const fault = effectFault(record, moved.get(number));
      if (fault !== null) report('ledger-differs', number, fault);
    }
    debts.finish();
    allowances.finish(balances);
    const total = [...balances.values()].reduce((sum, balance) => sum + balance, 0);
    if (total !== 0) report('not-zero', 'ledger', `All accounts together hold ${total}, not 0.`);
  }

  return { line, finish, transfers: () => transfers };
}
