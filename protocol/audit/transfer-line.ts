import { Compile, type Static, Type } from '../schema.ts';

/** A line of transfers.jsonl. */
export const TransferLine = Type.Object({
  id: Type.String(),
  at: Type.Integer(),
  debit: Type.String(),
  credit: Type.String(),
  amount: Type.Number(),
  kind: Type.String(),
  ref: Type.String(),
});
export type TransferLine = Static<typeof TransferLine>;
export const transferLineCheck = Compile(TransferLine);
/** Whose its accounts are, as their names say. */
export type Parts = Readonly<Record<string, string>>;
