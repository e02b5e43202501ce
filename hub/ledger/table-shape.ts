/** What a table of the books is. See tables.ts. */

/** `json`: a value kept as text. `auto`: numbered by the store. */
export type ColumnKind = 'int' | 'text' | 'json' | 'blob' | 'auto';
export interface Table<Row> {
  readonly key: readonly (keyof Row & string)[];
  readonly columns: Readonly<Record<keyof Row & string, ColumnKind>>;
  /** Ways to list it: all rows that agree in `by`, in the order of `order`. */
  readonly lists: Readonly<
    Record<string, { readonly by: readonly (keyof Row & string)[]; readonly order: keyof Row & string }>
  >;
  /** Rows are only ever added: the store refuses an update. */
  readonly appendOnly?: true;
  /** Rows are work to be done, not history: they may be dropped. */
  readonly mayDrop?: true;
}
export const table =
  <Row>() =>
  <const T extends Table<Row>>(t: T): T & { readonly row?: Row } =>
    t;
