import type { Signer } from '../../protocol/crypto.ts';
import { NUDGES_HEADER, nudgesDocument } from '../../protocol/documents/kinds.ts';
import { backoffMs, MAX_BACKOFF_MS } from './backoff.ts';

/**
 * Holds the hub's nudge stream open and passes on that there is something to ask for. Nothing it says is believed: whoever
 * stands in for the hub here can make the kiosk ask a signed question, and no more.
 */

export interface ListenerDeps {
  readonly url: string;
  readonly tid: string;
  readonly ep: number;
  readonly signer: Signer;
  /** The hub's clock as the last answer told it: this kiosk's own may be dead. */
  readonly hubNowMs: () => number;
  readonly random: () => number;
  readonly maxBackoffMs: number;
  readonly onNudge: () => void;
}

/** Three heartbeats of the hub's: what is silent so long is no stream any more. */
const SILENT_MS = 45_000;
const LINE_CHARS_MAX = 1_024;
const HEARTBEAT = ': still here';

export function createListener(deps: ListenerDeps) {
  let current: AbortController | null = null;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  /** One stream, from its opening to its end. Answers how long the hub wants to be left alone, ms. */
  async function listen(stop: AbortController): Promise<number> {
    const { tid, ep, signer } = deps;
    const asked = nudgesDocument.sign({ v: 1, tid, ep, at: Math.round(deps.hubNowMs()) }, signer);
    const silence = setTimeout(() => stop.abort(), SILENT_MS);
    try {
      const answer = await fetch(`${deps.url}/v1/terminals/${tid}/nudges`, {
        headers: { [NUDGES_HEADER]: asked, accept: 'text/event-stream' },
        signal: stop.signal,
        redirect: 'error',
      });
      if (answer.status !== 200 || answer.body === null) {
        await answer.body?.cancel();
        const seconds = Number(answer.headers.get('retry-after') ?? 0);
        return Math.min(MAX_BACKOFF_MS, seconds > 0 ? seconds * 1_000 : 0);
      }
      let rest = '';
      for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
        silence.refresh();
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > LINE_CHARS_MAX) break;
        for (const line of lines) heard(line);
      }
      return 0;
    } catch {
      // Refused, reset, silent, stopped: in each case there is no stream, and the loop below says what follows.
      return 0;
    } finally {
      clearTimeout(silence);
      stop.abort();
    }
  }

  function heard(line: string): void {
    if (line === 'data: ask') deps.onNudge();
    // Only a stream that lasted proves that it works: a hub that hangs up at once is not asked in a circle.
    else if (line === HEARTBEAT) failures = 0;
  }

  async function run(): Promise<void> {
    const stop = new AbortController();
    current = stop;
    const leaveAloneMs = await listen(stop);
    if (current !== stop) return;
    failures += 1;
    const wait = Math.max(leaveAloneMs, backoffMs(failures - 1, deps.random(), deps.maxBackoffMs));
    timer = setTimeout(() => void run(), wait);
  }

  return {
    /** Nothing where it listens already, or waits to listen again. */
    start(): void {
      if (current === null) void run();
    },
    stop(): void {
      clearTimeout(timer);
      current?.abort();
      current = null;
      failures = 0;
    },
  };
}
