import type { Report } from './finding.ts';
import type { Parts, TransferLine } from './transfer-line.ts';

/** Credits that go one way, covers and loans that are repaid at most once: whatever stays open beside records. */

interface Credit {
  readonly acct: string;
  readonly pts: number;
  done: 'earned' | 'posted' | 'withdrawn';
  reversed: number;
}

export function createDebtsAudit(balanceOf: (account: string) => number, report: Report) {
  const credits: Map<string, Credit> = new Map();
  /** By `<acct> <tid>.<ep>`. */
  const covered: Map<string, number> = new Map();
  /** By account, since a hub restore. */
  const lent: Map<string, number> = new Map();

  function line(t: TransferLine, parts: Parts): void {
    const acct = parts.acct ?? '';
    const epoch = t.ref.split('.').slice(0, 2).join('.');
    if (t.kind === 'cover') cover(acct, epoch, t);
    else if (t.kind === 'repay') repay(covered, `${acct} ${epoch}`, t);
    else if (t.kind === 'lend') add(lent, acct, t.amount);
    else if (t.kind === 'repay-loan') repay(lent, acct, t);
    else credit(t, acct);
  }

  /** At most what is open in the dead epoch and not covered yet. */
  function cover(acct: string, epoch: string, t: TransferLine): void {
    const key = `${acct} ${epoch}`;
    const open = balanceOf(`allowance:${acct}:${epoch.replace('.', ':')}`) - (covered.get(key) ?? 0);
    if (t.amount > open)
      report('covered-too-much', t.id, `It covers ${t.amount} points, and ${open} are open for ${key}.`);
    add(covered, key, t.amount);
  }

  function add(to: Map<string, number>, key: string, pts: number): void {
    to.set(key, (to.get(key) ?? 0) + pts);
  }

  function repay(from: Map<string, number>, key: string, t: TransferLine): void {
    const open = from.get(key) ?? 0;
    if (t.amount > open) report('repaid-too-much', t.id, `${t.amount} points repay ${open} that are open for ${key}.`);
    from.set(key, open - t.amount);
  }

  function credit(t: TransferLine, acct: string): void {
    const known = credits.get(t.ref);
    switch (t.kind) {
      case 'earn':
        if (known !== undefined) report('credit-twice', t.id, `The credit ${t.ref} was earned already.`);
        credits.set(t.ref, { acct, pts: t.amount, done: 'earned', reversed: 0 });
        return;
      case 'post':
      case 'withdraw':
        if (known?.acct !== acct || known.pts !== t.amount || known.done !== 'earned') {
          return report(
            'credit-differs',
            t.id,
            `No earned and open credit ${t.ref} of ${t.amount} points explains it.`,
          );
        }
        known.done = t.kind === 'post' ? 'posted' : 'withdrawn';
        return;
      case 'reverse':
        if (known?.done !== 'posted' || known.reversed + t.amount > known.pts) {
          return report('credit-differs', t.id, `It takes back more of the credit ${t.ref} than was posted.`);
        }
        known.reversed += t.amount;
    }
  }

  function finish(): void {
    for (const [id, { pts, reversed }] of credits) {
      if (reversed !== 0 && reversed !== pts) {
        report(
          'reversed-partly',
          id,
          `A credit of ${pts} points was reversed by ${reversed}; it is whole or not at all.`,
        );
      }
    }
  }

  return { line, finish, hasCredit: (credit: string) => credits.has(credit) };
}
