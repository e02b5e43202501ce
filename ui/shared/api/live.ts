/** Without the agent for longer than this, the page says "one moment". */
export const AWAY_AFTER_MS = 1500;
/** EventSource reconnects by itself, except after an HTTP error: then we open a new one, this much later. */
export const REOPEN_AFTER_MS = 1000;

export interface LiveListener<View> {
  readonly view: (view: View) => void;
  readonly away: (away: boolean) => void;
}

/** The part of EventSource that is used. */
export interface LiveSource {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

const CLOSED = 2;

/**
 * Follows the server-sent `view` events at `address`. Each event holds the whole view, so nothing is lost with the
 * connection: the first event after a reconnect says all there is. Returns the function that stops it.
 */
export function followLive<View>(
  address: string,
  listener: LiveListener<View>,
  open: (address: string) => LiveSource = (at) => new EventSource(at),
): () => void {
  let source: LiveSource | undefined;
  let awayTimer: ReturnType<typeof setTimeout> | undefined;
  let reopenTimer: ReturnType<typeof setTimeout> | undefined;

  const lost = (): void => {
    awayTimer ??= setTimeout(() => listener.away(true), AWAY_AFTER_MS);
    if (source?.readyState !== CLOSED) return;
    clearTimeout(reopenTimer);
    reopenTimer = setTimeout(start, REOPEN_AFTER_MS);
  };
  const arrived = (event: MessageEvent<string>): void => {
    clearTimeout(awayTimer);
    awayTimer = undefined;
    listener.away(false);
    listener.view(JSON.parse(event.data) as View);
  };
  const start = (): void => {
    source?.close();
    source = open(address);
    source.addEventListener('view', arrived);
    source.addEventListener('error', lost);
  };

  start();
  lost();
  return () => {
    clearTimeout(awayTimer);
    clearTimeout(reopenTimer);
    source?.close();
  };
}
