import type { BookStore } from '../ledger/books.ts';
import type { OperatorRow } from '../ledger/tables.ts';

/** People and their sessions, as kept in the books. */
export type Operator = OperatorRow;
export interface OperatorStore {
  operator(user: string): Promise<Operator | null>;
  /** True the first time a one-time code's step is used, false ever after: a code seen over a shoulder is worth nothing. */
  spendTotpStep(user: string, step: number): Promise<boolean>;
  openSession(tokenHash: Uint8Array, user: string, expiresAt: number, at: number): Promise<void>;
  session(tokenHash: Uint8Array, at: number): Promise<Operator | null>;
  closeSession(tokenHash: Uint8Array): Promise<void>;
  /** A failed sign-in leaves a line too, with the name that was typed. */
  noteFailure(user: string, code: string, at: number): Promise<void>;
}

export function operatorStore(store: BookStore): OperatorStore {
  return {
    operator: (user) => store.read(async (books) => (await books.get('operators', { user })) ?? null),
    spendTotpStep: (user, step) =>
      store.write(async (books) => {
        const row = await books.get('operators', { user });
        if (row === undefined || row.totpLastStep >= step) return false;
        await books.put('operators', [{ ...row, totpLastStep: step }]);
        return true;
      }),
    openSession: (tokenHash, user, expiresAt, at) =>
      store.write(async (books) => {
        await books.drop('sessions', await books.list('sessions', 'expiring', {}, { to: at }));
        await books.put('sessions', [{ tokenHash, user, expiresAt }]);
        await books.audit({ at, user, act: 'signed-in', subject: user, detail: {} });
      }),
    session: (tokenHash, at) =>
      store.read(async (books) => {
        const row = await books.get('sessions', { tokenHash });
        if (row === undefined || row.expiresAt <= at) return null;
        return (await books.get('operators', { user: row.user })) ?? null;
      }),
    closeSession: (tokenHash) => store.write((books) => books.drop('sessions', [{ tokenHash }])),
    noteFailure: (user, code, at) =>
      store.write((books) =>
        books.audit({ at, user: 'sign-in', act: 'sign-in-failed', subject: user, detail: { code } }),
      ),
  };
}
