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

/** Help goes by itself: whoever comes next must see why the kiosk is closed. */
const HELP_MS = 60_000;

export function switchedSource(mmPx: number): SwitchedSource {
  const listeners: Set<(view: KioskView) => void> = new Set();
  let source: PageSource | null = null;
  let rev = 0;
  let language: Language = 'zh-CN';
  let closed: Closed = { code: 'starting' };
  let helping: NodeJS.Timeout | null = null;
  let waiting = closedView();

  function closedView(): KioskView {
    const nowhere = { zh: '', en: '' };
    rev += 1;
    return {
      ...{
        rev,
        session: null,
        screen: helping === null ? 'closed' : 'help',
        language,
        place: { village: nowhere, shop: nowhere },
      },
      ...{ mmPx, offline: false, notices: [], closed },
    };
  }
  function help(shown: boolean): void {
    if (helping !== null) clearTimeout(helping);
    helping = shown ? setTimeout(() => endHelp(), HELP_MS).unref() : null;
  }
  function endHelp(): void {
    helping = null;
    changed();
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
      // There is no session yet; who reads why it is closed may read it in their own language, and see whom to ask.
      if (act.type === 'language') language = act.language;
      else if (act.type === 'help') help(true);
      else if (act.type === 'back') help(false);
      else return;
      changed();
    },
    onView(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    use(next) {
      help(false);
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
