import { kindOfAccount } from '../ledger/accounts.ts';
import type { BookStore, Books } from '../ledger/books.ts';

/**
 * A kiosk shows and prints what an account holds beyond its own allowance. So whatever moves an account's points renews its
 * roster entry, in the same transaction: a posted credit, a return from another village, an expiry. Grants renew it
 * themselves, with their own version.
 */
export function tellingBalances(store: BookStore): BookStore {
  const told = (books: Books): Books => ({
    ...books,
    async post(transfers, at, act) {
      await books.post(transfers, at, act);
      const accts: Set<string> = new Set();
      for (const { kind, debit, credit } of transfers) {
        if (kind === 'grant') continue;
        for (const name of [debit, credit]) if (kindOfAccount(name) === 'account') accts.add(acctOf(name));
      }
      if (accts.size > 0) await renew(books, [...accts]);
    },
  });
  return {
    ...store,
    write: (work) => store.write((books) => work(told(books))),
    custody: (tid, work) => store.custody(tid, (books) => work(told(books))),
  };
}

const acctOf = (account: string) => account.slice('account:'.length);

async function renew(books: Books, accts: readonly string[]): Promise<void> {
  const rows = await books.many(
    'residents',
    accts.map((acct) => ({ acct })),
  );
  const residents = rows.flatMap((row) => row ?? []);
  if (residents.length === 0) return;
  const first = (await books.nextVersion(residents.length)) - residents.length + 1;
  await books.put(
    'residents',
    residents.map((row, i) => ({ ...row, rosterVersion: first + i })),
  );
}
