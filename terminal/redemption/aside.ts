import type { AsidePaper } from '../../protocol/api/aside.ts';
import type { Act, NoticeCode } from '../../protocol/api/kiosk.ts';
import { assertNever } from '../../protocol/primitives/assert.ts';
import { type Aside, freshPaper, type PastSale, type Report } from './about.ts';
import { type CaseFiled, caseFiled, reportBefore, reported } from './correction.ts';
import type { AsideScreen, Environment, Failed, Resident, Step } from './state.ts';
import { ended, stay } from './steps.ts';

/** The side ways from the balance: their pages and papers. None of them moves a point; corrections have rules of their own. */

export const STATEMENT_ROWS = 4;
/** With "none of these" they are six. */
export const CASE_ROWS = 5;
export const USED_ROWS = 8;
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
  const paper = freshPaper(state.aside?.paper);
  return stay({ ...state, screen: act.type, aside: { about, page: 0, paper, report: { step: 'what' } } });
}

function wentBack(state: Resident, aside: Aside): Resident {
  const report = state.screen === 'case' ? reportBefore(aside) : null;
  return report === null ? { ...state, screen: 'balance' } : { ...state, aside: { ...aside, page: 0, report } };
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

/** What came of a paper. */
interface PaperEnded {
  readonly type: 'paper-ended';
  readonly session: string;
  readonly paper: 'printed' | 'unknown' | 'expired';
}
export type AsideAnswered = PaperEnded | CaseFiled;

export function asideAnswered(state: Resident | Failed, event: AsideAnswered, env: Environment): Step {
  if (state.session !== event.session) return stay(state);
  switch (event.type) {
    case 'paper-ended': {
      // An error may cover the screen it was asked on.
      if (state.at === 'resident') return stay(paperEnded(state, event.paper, env));
      return state.back === null ? stay(state) : stay({ ...state, back: paperEnded(state.back, event.paper, env) });
    }
    case 'case-filed':
      return state.at === 'resident' ? caseFiled(state, event, env) : stay(state);
    default:
      return assertNever(event);
  }
}

function paperEnded(state: Resident, paper: Aside['paper'], env: Environment): Resident {
  if (state.aside?.paper !== 'printing') return state;
  return { ...state, idleFromMs: env.nowMs, aside: { ...state.aside, paper } };
}
