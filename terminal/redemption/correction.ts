import type { CaseCode } from '../../protocol/api/aside.ts';
import type { Act, ErrorCode } from '../../protocol/api/kiosk.ts';
import { type About, type Aside, freshPaper, type Report } from './about.ts';
import type { Environment, Resident, Step } from './state.ts';
import { failed, remarked, stay } from './steps.ts';

/** A correction: what is wrong, with which redemption, whether that is meant, and one record. */

/** A day, for one account: who has more to say is better helped by a person. */
export const CASES_A_DAY = 6;

/** About one redemption; the others are about none. */
const ABOUT_ONE: ReadonlySet<CaseCode> = new Set(['goods-missing', 'goods-damaged', 'card-misused']);
const asksWhich = (code: CaseCode, { redemptions }: About): boolean => ABOUT_ONE.has(code) && redemptions.length > 0;

/** Touches on a correction: what is wrong, with which redemption, file it. */
export function reported(
  state: Resident,
  aside: Aside,
  act: Extract<Act, { type: 'case-about' | 'case-ref' | 'case-file' }>,
  env: Environment,
): Step {
  const { report, about } = aside;
  const at = (next: Report): Step => stay({ ...state, aside: { ...aside, page: 0, report: next } });
  if (act.type === 'case-about') {
    if (report.step !== 'what') return stay(state);
    const { code } = act;
    return at(asksWhich(code, about) ? { step: 'which', code } : { step: 'sure', code, sale: null });
  }
  if (act.type === 'case-ref') {
    if (report.step !== 'which') return stay(state);
    const sale = about.redemptions.find(({ number }) => number === act.number) ?? null;
    if (sale === null && act.number !== null) return stay(state);
    return at({ step: 'sure', code: report.code, sale });
  }
  return file(state, aside, act, env);
}

/** Asks for one record. Until the journal has answered nothing else is taken, and then the question is no longer open. */
function file(state: Resident, aside: Aside, act: Extract<Act, { type: 'case-file' }>, env: Environment): Step {
  const { report, about } = aside;
  if (report.step !== 'sure') return stay(state);
  const { code, sale } = report;
  const ref = sale?.number ?? null;
  if (act.code !== code || act.ref !== ref) return stay(state);
  const today = about.cases.filter(({ day }) => day === about.day);
  const same = today.find((each) => each.code === code && each.ref === ref);
  if (same !== undefined) return stay(filedState(state, aside, code, same.number, true));
  if (today.length >= CASES_A_DAY) return remarked(state, 'cases-used-up', env);
  const { session, person } = state;
  return {
    state: { ...state, waitsFor: 'commit' },
    effects: [{ type: 'file-case', session, acct: person.acct, code, ref }],
  };
}

function filedState(state: Resident, aside: Aside, code: CaseCode, number: string, again: boolean): Resident {
  return { ...state, aside: { ...aside, report: { step: 'filed', code, number, again } } };
}

/** The question before the one that shows; null where that was the first, or where it is filed. */
export function reportBefore({ report, about }: Aside): Report | null {
  if (report.step === 'which') return { step: 'what' };
  if (report.step !== 'sure') return null;
  return asksWhich(report.code, about) ? { step: 'which', code: report.code } : { step: 'what' };
}

/** What came of it. */
export interface CaseFiled {
  readonly type: 'case-filed';
  readonly session: string;
  readonly outcome: { readonly ok: true; readonly number: string } | { readonly ok: false; readonly code: ErrorCode };
}

export function caseFiled(state: Resident, { outcome }: CaseFiled, env: Environment): Step {
  const { aside } = state;
  if (state.waitsFor !== 'commit' || aside?.report.step !== 'sure') return stay(state);
  const next: Resident = { ...state, waitsFor: 'nothing', idleFromMs: env.nowMs };
  if (!outcome.ok) return failed(outcome.code, next, env);
  const filed = filedState(
    next,
    { ...aside, paper: freshPaper(aside.paper) },
    aside.report.code,
    outcome.number,
    false,
  );
  return { state: filed, effects: [{ type: 'beep', kind: 'success' }] };
}
