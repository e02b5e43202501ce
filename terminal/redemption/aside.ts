import type { AsidePaper, CaseCode } from '../../protocol/api/aside.ts';
import type { Act, ErrorCode, NoticeCode } from '../../protocol/api/kiosk.ts';
import { assertNever } from '../../protocol/primitives/assert.ts';
import type { About, Aside, PastSale, Report } from './about.ts';
import type { AsideScreen, Environment, Failed, Resident, Step } from './state.ts';
import { ended, failed, remarked, stay } from './steps.ts';

/** The side ways from the balance: my statement, what is held about me, a correction. None of them moves a point. */

export const STATEMENT_ROWS = 4;
/** With "none of these" they are six. */
export const CASE_ROWS = 5;
export const USED_ROWS = 8;
/** A day, for one account: who has more to say is better helped by a person. */
export const CASES_A_DAY = 6;

/** About one redemption; the others are about none. */
const ABOUT_ONE: ReadonlySet<CaseCode> = new Set(['goods-missing', 'goods-damaged', 'card-misused']);
const SCREENS: readonly string[] = ['statement', 'mydata', 'case'] satisfies AsideScreen[];
const isAside = (state: Resident): boolean => SCREENS.includes(state.screen);

/** Null for an act that is not of the side ways. */
export function asideAct(state: Resident, act: Act, env: Environment): Step | null {
  const { aside } = state;
  if (!isAside(state) || aside === null) return entered(state, act, env);
  switch (act.type) {
    case 'cancel':
    case 'help':
      return null;
    case 'back':
      return stay(wentBack(state, aside));
    case 'finish':
      return stay(aside.report.step === 'filed' ? { ...state, screen: 'balance' } : state);
    case 'page-next':
    case 'page-back': {
      const pages = pagesOf(state.screen, aside);
      const page = (aside.page + (act.type === 'page-next' ? 1 : pages - 1)) % pages;
      return stay({ ...state, aside: { ...aside, page } });
    }
    case 'print':
      return print(state, aside, env);
    case 'case-about':
    case 'case-ref':
    case 'case-file':
      return state.screen === 'case' ? reported(state, aside, act, env) : stay(state);
    default:
      return stay(state);
  }
}

function entered(state: Resident, act: Act, env: Environment): Step | null {
  if (act.type !== 'statement' && act.type !== 'mydata' && act.type !== 'case') return null;
  if (state.screen !== 'balance') return stay(state);
  const about = env.about(state.person.token);
  // A sync has taken the card from the roster since it was tapped.
  if (about === null) return ended('unknown-card', state, env);
  const paper = fresh(state.aside?.paper);
  return stay({ ...state, screen: act.type, aside: { about, page: 0, paper, report: { step: 'what' } } });
}

/** Another paper may be asked for, once the one before is out. */
const fresh = (paper: Aside['paper'] | undefined): Aside['paper'] => (paper === 'printing' ? 'printing' : 'none');

function wentBack(state: Resident, aside: Aside): Resident {
  const { report } = aside;
  const at = (next: Report): Resident => ({ ...state, aside: { ...aside, page: 0, report: next } });
  if (state.screen === 'case' && report.step === 'which') return at({ step: 'what' });
  if (state.screen === 'case' && report.step === 'sure') return at(firstStep(report.code, aside.about));
  return { ...state, screen: 'balance' };
}

/** Back from the question whether it is meant: to the redemptions where they were asked about, else to what is wrong. */
function firstStep(code: CaseCode, about: About): Report {
  return asksWhich(code, about) ? { step: 'which', code } : { step: 'what' };
}
const asksWhich = (code: CaseCode, { redemptions }: About): boolean => ABOUT_ONE.has(code) && redemptions.length > 0;

function reported(
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

function print(state: Resident, aside: Aside, env: Environment): Step {
  const { session, person } = state;
  const paper = paperOf(state.screen, aside.report);
  if (paper === null || !canPrint(aside, env.notices)) return stay(state);
  return {
    state: { ...state, aside: { ...aside, paper: 'printing' } },
    effects: [{ type: 'print-paper', session, token: person.token, paper }],
  };
}

function paperOf(screen: Resident['screen'], report: Report) {
  if (screen === 'statement') return 'statement' as const;
  if (screen === 'mydata') return 'held' as const;
  return report.step === 'filed' ? { caseNumber: report.number } : null;
}

/** One paper at a time, and one each time the screen is opened; a paper that did not come out may be asked for again. */
export function canPrint({ paper }: Aside, notices: readonly NoticeCode[]): boolean {
  return paper !== 'printing' && paper !== 'printed' && printStop(notices) === null;
}

/** Why nothing can be printed; null where it can. */
function printStop(notices: readonly NoticeCode[]): 'no-paper' | 'no-printer' | null {
  if (notices.includes('paper-out')) return 'no-paper';
  return notices.includes('printer-absent') || notices.includes('printer-fault') ? 'no-printer' : null;
}

/** What the screen says of the paper; null where there is nothing to say. */
export function paperSaid({ paper }: Aside, notices: readonly NoticeCode[]): AsidePaper | null {
  if (paper === 'printed' || paper === 'unknown') return paper;
  return printStop(notices) ?? (paper === 'none' ? null : paper);
}

export function pagesOf(screen: Resident['screen'], { about, report }: Aside): number {
  if (screen === 'mydata') return 1 + Math.ceil((about.used?.items.length ?? 0) / USED_ROWS);
  const rows = screen === 'statement' ? STATEMENT_ROWS : report.step === 'which' ? CASE_ROWS : Number.MAX_SAFE_INTEGER;
  return Math.max(1, Math.ceil(about.redemptions.length / rows));
}

/** The redemptions of the page that shows. */
export function pageOf({ about, page }: Aside, rows: number): readonly PastSale[] {
  return about.redemptions.slice(page * rows, (page + 1) * rows);
}

/** What came of a paper or of a correction. */
export type AsideAnswered =
  | { readonly type: 'paper-ended'; readonly session: string; readonly paper: 'printed' | 'unknown' | 'expired' }
  | {
      readonly type: 'case-filed';
      readonly session: string;
      readonly outcome:
        | { readonly ok: true; readonly number: string }
        | { readonly ok: false; readonly code: ErrorCode };
    };

export function asideAnswered(state: Resident | Failed, event: AsideAnswered, env: Environment): Step {
  if (state.session !== event.session) return stay(state);
  switch (event.type) {
    case 'paper-ended': {
      // An error may cover the screen it was asked on.
      if (state.at === 'resident') return stay(paperEnded(state, event.paper, env));
      return state.back === null ? stay(state) : stay({ ...state, back: paperEnded(state.back, event.paper, env) });
    }
    case 'case-filed':
      return state.at === 'resident' ? caseFiled(state, event.outcome, env) : stay(state);
    default:
      return assertNever(event);
  }
}

function paperEnded(state: Resident, paper: Aside['paper'], env: Environment): Resident {
  if (state.aside?.paper !== 'printing') return state;
  return { ...state, idleFromMs: env.nowMs, aside: { ...state.aside, paper } };
}

type CaseOutcome = Extract<AsideAnswered, { type: 'case-filed' }>['outcome'];
function caseFiled(state: Resident, outcome: CaseOutcome, env: Environment): Step {
  const { aside } = state;
  if (state.waitsFor !== 'commit' || aside?.report.step !== 'sure') return stay(state);
  const next: Resident = { ...state, waitsFor: 'nothing', idleFromMs: env.nowMs };
  if (!outcome.ok) return failed(outcome.code, next, env);
  const filed = filedState(next, { ...aside, paper: fresh(aside.paper) }, aside.report.code, outcome.number, false);
  return { state: filed, effects: [{ type: 'beep', kind: 'success' }] };
}
