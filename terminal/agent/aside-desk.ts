import { recordNumber } from '../../protocol/records/number.ts';
import { isDiskFault } from '../journal/disk-space.ts';
import type { AsideAnswered } from '../redemption/aside.ts';
import type { Effect } from '../redemption/state.ts';
import type { Papers } from './papers.ts';
import type { Till } from './till.ts';

/** Performs what the side ways ask for: a paper is printed, a correction written. */

export interface AsideDeskDeps {
  readonly papers: Papers;
  readonly till: Pick<Till, 'case'>;
  /** A record was committed. */
  readonly onRecord: () => void;
  readonly log: (says: string) => void;
}
type Tell = (answer: AsideAnswered) => void;
type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

export function createAsideDesk({ papers, till, onRecord, log }: AsideDeskDeps) {
  function asked({ token, paper }: EffectOf<'print-paper'>) {
    if (paper === 'statement') return papers.statement(token);
    return paper === 'held' ? papers.held(token) : papers.caseSlip(token, paper.caseNumber);
  }

  function written({
    acct,
    code,
    ref,
  }: EffectOf<'file-case'>): Extract<AsideAnswered, { type: 'case-filed' }>['outcome'] {
    try {
      const filed = till.case(acct, code, ref, null);
      return filed.ok ? { ok: true, number: recordNumber(filed.record) } : { ok: false, code: 'commit-failed' };
    } catch (error) {
      log(`filing a correction failed: ${(error as Error).stack}`);
      return { ok: false, code: isDiskFault(error) ? 'disk-low' : 'commit-failed' };
    }
  }

  return {
    about: papers.about,
    print(effect: EffectOf<'print-paper'>, tell: Tell): void {
      const { session } = effect;
      asked(effect).then(
        // Too many that wait, or a card that just left the roster: nothing was begun, and it may be asked for again.
        (outcome) => {
          const paper = outcome === 'printed' || outcome === 'unknown' ? outcome : 'expired';
          tell({ type: 'paper-ended', session, paper });
        },
        (error: Error) => {
          log(`printing a paper failed: ${error.stack}`);
          tell({ type: 'paper-ended', session, paper: 'unknown' });
        },
      );
    },
    file(effect: EffectOf<'file-case'>, tell: Tell): void {
      const outcome = written(effect);
      // Committed and fenced: now the screen and the hub may know.
      tell({ type: 'case-filed', session: effect.session, outcome });
      if (outcome.ok) onRecord();
    },
  };
}
export type AsideDesk = ReturnType<typeof createAsideDesk>;
