import type { Dialect } from './port.ts';

/** The few expressions that have no common form. All take SQL, never values: values are parameters. */

/** The lesser of two numbers. Neither may be null: SQLite then says null, PostgreSQL the other. */
export function least(dialect: Dialect, a: string, b: string): string {
  return `${dialect === 'sqlite' ? 'min' : 'least'}(${a}, ${b})`;
}

/** What stands before the first colon of an account: its kind. */
export function accountKind(dialect: Dialect, account: string): string {
  return dialect === 'sqlite'
    ? `substr(${account}, 1, instr(${account} || ':', ':') - 1)`
    : `split_part(${account}, ':', 1)`;
}

/** Whether a text contains another, letter by letter. LIKE is not the same thing: SQLite’s does not tell A from a. */
export function contains(dialect: Dialect, text: string, part: string): string {
  return dialect === 'sqlite' ? `instr(${text}, ${part}) > 0` : `strpos(${text}, ${part}) > 0`;
}
