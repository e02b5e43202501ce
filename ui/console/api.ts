import type {
  BalanceRow,
  CreateTerminalBody,
  HomeView,
  IssuedCode,
  Me,
  Page,
  RecordEvidence,
  RecordRow,
  Refusal,
  SignInBody,
  TerminalRow,
} from '../../protocol/api/console.ts';

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** Nobody answered; the page has its own words for it. */
export const UNREACHABLE: Refusal = { code: 'unreachable', error: '', whatToDo: '' };
/** The session is over; the page asks to sign in again and stays where it was. */
export const SIGNED_OUT: Refusal = { code: 'signed-out', error: '', whatToDo: '' };

export interface RecordFilters {
  readonly tid: string;
  readonly stage: string;
  readonly q: string;
  readonly cursor: string;
}
export interface Shop {
  readonly shop: string;
  readonly name: string;
  readonly village: string;
}
/** Rows of one page of a list. */
export const PAGE_ROWS = 50;

/** The hub's console API. `language` is asked at each call; `onSignedOut` when the session has ended. */
export function consoleApi(language: () => string, onSignedOut: () => void) {
  async function ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const headers: Record<string, string> = { 'accept-language': language() };
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      const response = await fetch(`/api/console/${path}`, {
        method,
        headers,
        credentials: 'same-origin',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json().catch(() => null);
      if (response.ok) return { ok: true, value: answer as T };
      if (response.status === 401 && path !== 'session') {
        onSignedOut();
        return { ok: false, refusal: SIGNED_OUT };
      }
      return { ok: false, refusal: refusalIn(answer) };
    } catch {
      return { ok: false, refusal: UNREACHABLE };
    }
  }

  return {
    me: () => ask<Me>('GET', 'me'),
    signIn: (body: SignInBody) => ask<Me>('POST', 'session', body),
    signOut: () => ask<unknown>('DELETE', 'session'),
    home: () => ask<HomeView>('GET', 'home'),
    terminals: () => ask<{ readonly rows: readonly TerminalRow[] }>('GET', 'terminals'),
    createTerminal: (body: CreateTerminalBody) => ask<IssuedCode>('POST', 'terminals', body),
    confirmEnrolment: (tid: string, fingerprint: string) =>
      ask<unknown>('POST', `terminals/${encodeURIComponent(tid)}/confirm`, { fingerprint }),
    records: (filters: RecordFilters) =>
      ask<Page<RecordRow>>('GET', `records?${query({ ...filters, limit: String(PAGE_ROWS) })}`),
    record: (number: string) =>
      ask<{ readonly rows: readonly RecordEvidence[] }>('GET', `records/${encodeURIComponent(number)}`),
    balances: (q: string, cursor: string) => ask<Page<BalanceRow>>('GET', `balances?${query({ q, cursor })}`),
    shops: () => ask<{ readonly rows: readonly Shop[] }>('GET', 'shops'),
  };
}
export type ConsoleApi = ReturnType<typeof consoleApi>;

/** A query without its empty fields. */
export function query(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== '')).toString();
}

function refusalIn(answer: unknown): Refusal {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return UNREACHABLE;
  return {
    code: 'code' in answer ? String(answer.code) : 'refused',
    error: String(answer.error),
    whatToDo: 'whatToDo' in answer ? String(answer.whatToDo) : '',
  };
}
