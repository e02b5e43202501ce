import type { Payload } from '../../protocol/records/payload.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { ChainState, Effect, Flag, Judgement, JudgeView, QuarantineCode } from './judgement.ts';

/** One record before the judge, and what the rules of all its types share. */

/** What every rule is given beside the payload. */
export interface Case {
  readonly record: SignedRecord;
  readonly before: ChainState;
  /** The chain behind this record, but for what its own type changes. */
  readonly after: ChainState;
  /** What is wrong with it as a link of its chain, whatever it says. */
  readonly fault: QuarantineCode | null;
  readonly flags: readonly Flag[];
  readonly view: JudgeView;
}

/** The running total of a record that moves nothing stays what it was. */
export function totFault(payload: Payload, it: Case): QuarantineCode | null {
  return it.before.tot === null || payload.tot === it.before.tot ? null : 'wrong-counters';
}

/** A record that moves no points. */
export function still(it: Case, own: QuarantineCode | null, effects: readonly Effect[] = []): Judgement {
  const code = it.fault ?? own;
  return {
    stage: code === null ? 'matched' : 'quarantined',
    ...(code === null ? {} : { code }),
    ...{ flags: it.flags, transfers: [], chain: it.after, allowances: [], holds: [], undoes: null },
    effects: code === null ? effects : [],
    freeze: freezes(code),
  };
}

/** Codes that show a kiosk which no longer keeps its own books: it sells no more until a person has looked. */
const FREEZING: ReadonlySet<QuarantineCode> = new Set([
  ...(['wrong-prev', 'wrong-counters', 'wrong-fields', 'misplaced-open', 'after-end'] as const),
]);
export function freezes(code: QuarantineCode | null): boolean {
  return code !== null && FREEZING.has(code);
}
