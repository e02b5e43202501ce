import type { Act, ClosedCode, KioskView } from '../../protocol/api/kiosk.ts';

/** What the pages are shown: before enrolment a plain sentence, afterwards the kiosk; one switch, no page reload. */
export interface PageSource {
  view(): KioskView;
  onView(listener: (view: KioskView) => void): () => void;
  act(session: string | null, act: Act): void;
}

export interface SwitchedSource extends PageSource {
  use(source: PageSource): void;
  /** Until `use`: why this kiosk does not sell. */
  say(closed: { code: ClosedCode; fingerprint?: string }): void;
}

export function switchedSource(mmPx: number): SwitchedSource {
  const listeners: Set<(view: KioskView) => void> = new Set();
  let source: PageSource | null = null;
  let rev = 0;
  let waiting: KioskView = closedView({ code: 'starting' });

  function closedView(closed: { code: ClosedCode; fingerprint?: string }): KioskView {
    const nowhere = { zh: '', en: '' };
    rev += 1;
    return {
      ...{ rev, session: null, screen: 'closed', language: 'zh-CN', place: { village: nowhere, shop: nowhere } },
      ...{ mmPx, offline: false, notices: [], closed },
    };
  }
  function publish(view: KioskView): void {
    for (const listener of listeners) listener(view);
  }

  return {
    view: () => source?.view() ?? waiting,
    act: (session, act) => source?.act(session, act),
    onView(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    use(next) {
      source = next;
      next.onView(publish);
      publish(next.view());
    },
    say(closed) {
      waiting = closedView(closed);
      publish(waiting);
    },
  };
}
