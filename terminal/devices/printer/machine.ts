import { hear } from './hearing.ts';
import { askQuestion, endJob, judgeProbe, type Live, lose, startProbe, stepOf, withUp, writeBytes } from './live.ts';
import { ASK_ORDERED, askProcessId, processId, WATCH_STATUS } from './replies.ts';
import {
  ACK_MS,
  acknowledgedBy,
  answerMs,
  type Event,
  faultOf,
  JOB_BYTES_MAX,
  newLine,
  OPEN_MS,
  POLL_EVERY_MS,
  SILENT_MAX,
  STALL_MS,
  type State,
  type Step,
  statusOf,
  type Up,
} from './state.ts';

/**
 * The printer's driver as rules: connecting, asking a unit what it can do, polling, one job at a time, giving up. Pure:
 * `(state, event, nowMs) -> { state, effects }`; bytes and timers are at the edge (printer-driver.ts).
 */
export function step(state: State, event: Event, nowMs: number): Step {
  const { link, memory } = state;
  const still: Step = { state, effects: [] };
  switch (event.type) {
    case 'start':
      return link.at === 'stopped' ? start(state, event.cutShortBytes, nowMs) : still;
    case 'stop':
      return stop(state);
    case 'opened':
      return link.at === 'opening' ? opened(state, nowMs) : still;
    case 'closed':
      if (link.at === 'stopped' || link.at === 'waiting') return still;
      return lose({ up: link.at === 'up' ? link : newLine(nowMs), memory, effects: [] }, event.reason, nowMs);
    case 'wake':
      return wake(state, nowMs);
    case 'bytes':
      return link.at === 'up' ? judged(hear({ up: link, memory, effects: [] }, event.bytes, nowMs), nowMs) : still;
    case 'progress':
      return link.at === 'up' ? progressed({ up: link, memory, effects: [] }, event.pendingBytes, nowMs) : still;
    case 'print':
      return print(state, event.token, event.bytes, nowMs);
  }
}

function start({ link, memory }: State, cutShortBytes: number, nowMs: number): Step {
  const known = { ...memory, cutShortBytes: Math.max(memory.cutShortBytes, cutShortBytes) };
  return open({ link, memory: known }, nowMs);
}

function open({ memory }: State, nowMs: number): Step {
  return { state: { link: { at: 'opening', untilMs: nowMs + OPEN_MS }, memory }, effects: [{ type: 'open' }] };
}

function stop({ link, memory }: State): Step {
  const ended = link.at === 'up' ? endJob({ up: link, memory, effects: [] }, 'unknown').effects : [];
  const closing = link.at === 'up' || link.at === 'opening' ? [{ type: 'close' } as const] : [];
  return { state: { link: { at: 'stopped' }, memory }, effects: [...ended, ...closing] };
}

function opened({ memory }: State, nowMs: number): Step {
  const live: Live = { up: newLine(nowMs), memory, effects: [] };
  const { cutShortBytes } = memory;
  // A printer cut off in the midst of a picture takes what follows for the rest of it: it gets that rest as white, and
  // what came out is cut off, so that it does not hang on somebody else's slip.
  const clean = cutShortBytes === 0 ? live : writeBytes(live, endOfCutShort(cutShortBytes), nowMs);
  return stepOf(startProbe(clean, nowMs));
}

function endOfCutShort(bytes: number): Uint8Array {
  return Buffer.concat([Buffer.alloc(bytes), Buffer.of(0x1b, 0x40, 0x1d, 0x56, 0x42, 0)]);
}

function print(state: State, token: number, bytes: Uint8Array, nowMs: number): Step {
  const { link, memory } = state;
  if (bytes.length > JOB_BYTES_MAX) throw new Error(`a print job of ${bytes.length} bytes`);
  const status = statusOf(state).state;
  if (link.at !== 'up' || (status !== 'ready' && status !== 'degraded')) {
    return { state, effects: [{ type: 'ended', token, outcome: 'not-started' }] };
  }
  const by = acknowledgedBy(link);
  const id = processId(memory.nextId);
  const job = Buffer.concat([
    bytes,
    // The job's own ESC @ may have switched it off.
    link.found.automaticStatus ? WATCH_STATUS : Buffer.of(),
    by === 'process-id' ? askProcessId(id) : by === 'ordered' ? ASK_ORDERED : Buffer.of(),
  ]);
  // From this write on some of the paper may come out whatever happens to us.
  const live = { up: link, memory: { ...memory, nextId: (memory.nextId + 1) & 0xffff }, effects: [] };
  const begun = withUp(live, { job: { token, id, by, bytes: job.length, sentAtMs: null } });
  return stepOf(writeBytes(begun, job, nowMs));
}

/** The clocks of what waits for an answer begin when its last byte has left; a probe's stands still meanwhile. */
function progressed(live: Live, pendingBytes: number, nowMs: number): Step {
  const { poll, probe, job, progressAtMs } = live.up;
  const moved = withUp(live, {
    ...{ pendingBytes, progressAtMs: nowMs },
    probe: probe === null ? null : { ...probe, sinceMs: probe.sinceMs + nowMs - progressAtMs },
  });
  if (pendingBytes > 0) return stepOf(moved);
  const drained = withUp(moved, {
    poll: poll.asked === null ? poll : { ...poll, atMs: nowMs },
    job: job === null ? null : { ...job, sentAtMs: job.sentAtMs ?? nowMs },
  });
  // Nothing will ever be heard of it: all that can be said is that it left us.
  return stepOf(job?.by === 'none' ? endJob(drained, 'unknown') : drained);
}

function wake(state: State, nowMs: number): Step {
  const { link, memory } = state;
  switch (link.at) {
    case 'stopped':
      return { state, effects: [] };
    case 'waiting':
      return nowMs >= link.untilMs ? open(state, nowMs) : { state, effects: [] };
    case 'opening':
      if (nowMs < link.untilMs) return { state, effects: [] };
      return lose({ up: newLine(nowMs), memory, effects: [] }, 'no-answer', nowMs);
    case 'up':
      return wakeUp({ up: link, memory, effects: [] }, nowMs);
  }
}

function wakeUp(live: Live, nowMs: number): Step {
  if (live.up.pendingBytes > 0) {
    if (nowMs - live.up.progressAtMs < STALL_MS) return stepOf(settled(live, nowMs));
    // A printer without paper takes nothing either; that it told us so, it is there.
    if (faultOf(live.up) === null) return lose(live, 'stalled', nowMs);
    return stepOf(withUp(endJob(live, 'unknown'), { progressAtMs: nowMs }));
  }
  const given = giveUpJob(settled(live, nowMs), nowMs);
  const asked = given.up.pendingBytes > 0 ? given : poll(given, nowMs);
  return asked === 'gone' ? lose(given, 'no-answer', nowMs) : judged(asked, nowMs);
}

function settled(live: Live, nowMs: number): Live {
  const { settleUntilMs } = live.up;
  return settleUntilMs === null || nowMs < settleUntilMs ? live : withUp(live, { settleUntilMs: null });
}

function giveUpJob(live: Live, nowMs: number): Live {
  const { job } = live.up;
  if (job === null || job.sentAtMs === null || nowMs - job.sentAtMs < ACK_MS) return live;
  const given = endJob(live, 'unknown');
  // An answer without an id could come now and be taken for the next job's: it is asked until it is quiet.
  return job.by === 'ordered' ? startProbe(given, nowMs) : given;
}

function poll(live: Live, nowMs: number): Live | 'gone' {
  const { up } = live;
  if (up.poll.asked === null) return nowMs < up.poll.atMs ? live : askQuestion(live, nowMs);
  if (nowMs - up.poll.atMs < answerMs(up)) return live;
  if (up.probe !== null) return askQuestion(withUp(live, { poll: { ...up.poll, asked: null } }), nowMs);
  const silent = up.found.realtimeStatus ? up.silent + 1 : 0;
  return silent >= SILENT_MAX ? 'gone' : withUp(live, { silent, poll: nextPoll(up, nowMs) });
}

/** Not at once: an answer that comes late must not be taken for that to the next question. */
function nextPoll({ questions, poll }: Up, nowMs: number): Up['poll'] {
  const left = questions.length === 0 ? [poll.asked ?? 1] : questions;
  return { left, asked: null, atMs: nowMs + POLL_EVERY_MS / 2 };
}

function judged(live: Live, nowMs: number): Step {
  const verdict = judgeProbe(live, nowMs);
  if (verdict !== 'silent') return stepOf(verdict);
  const { memory } = live;
  return lose({ ...live, memory: { ...memory, silentProbes: memory.silentProbes + 1 } }, 'no-answer', nowMs);
}
