import type { Act, ClosedCode, KioskView, Language } from '../../protocol/api/kiosk.ts';

/** What the pages are shown: before enrolment a plain sentence, afterwards the kiosk; one switch, no page reload. */
export interface PageSource {
  view(): KioskView;
  onView(listener: (view: KioskView) => void): () => void;
  act(session: string | null, act: Act): void;
}

export interface SwitchedSource extends PageSource {
  use(source: PageSource): void;
  /** Until `use`: why this kiosk does not sell. */
  say(closed: Closed): void;
}
interface Closed {
  readonly code: ClosedCode;
  readonly fingerprint?: string;
}

export function switchedSource(mmPx: number): SwitchedSource {
  const listeners: Set<(view: KioskView) => void> = new Set();
  let source: PageSource | null = null;
  let rev = 0;
  let language: Language = 'zh-CN';
  let closed: Closed = { code: 'starting' };
  let waiting = closedView();

  function closedView(): KioskView {
    const nowhere = { zh: '', en: '' };
    rev += 1;
    return {
      ...{ rev, session: null, screen: 'closed', language, place: { village: nowhere, shop: nowhere } },
      ...{ mmPx, offline: false, notices: [], closed },
    };
  }
  function publish(view: KioskView): void {
    for (const listener of listeners) listener(view);
  }
  function changed(): void {
    waiting = closedView();
    publish(waiting);
  }

  return {
    view: () => source?.view() ?? waiting,
    act(session, act) {
      if (source !== null) return source.act(session, act);
      // There is no session yet; who reads why it is closed may read it in their own language all the same.
      if (act.type !== 'language') return;
      language = act.language;
      changed();
    },
    onView(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    use(next) {
      source = next;
      next.onView(publish);
      next.act(null, { type: 'language', language });
      publish(next.view());
    },
    say(next) {
      closed = next;
      changed();
    },
  };
}
