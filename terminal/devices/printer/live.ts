import type { PrintOutcome } from './port.ts';
import { ASK_ORDERED, askProcessId, askRealtime, processId, QUESTIONS, WATCH_STATUS } from './replies.ts';
import {
  type Effect,
  faultOf,
  type Memory,
  NOTHING_FOUND,
  POLL_EVERY_MS,
  PROBE_AGAIN_MS,
  PROBE_MS,
  RETRY_MS,
  SILENT_PROBES,
  type Step,
  UNKNOWN_MAX,
  type Up,
} from './state.ts';

/** Moves of a connection that is up: each takes one and gives one, with what is to be done. */

export interface Live {
  readonly up: Up;
  readonly memory: Memory;
  readonly effects: readonly Effect[];
}

export const stepOf = ({ up, memory, effects }: Live): Step => ({ state: { link: up, memory }, effects });

export function withUp(live: Live, change: Partial<Up>): Live {
  return { ...live, up: { ...live.up, ...change } };
}

export function writeBytes(live: Live, bytes: Uint8Array, nowMs: number): Live {
  const { pendingBytes, progressAtMs } = live.up;
  const since = pendingBytes === 0 ? nowMs : progressAtMs;
  const written = withUp(live, { pendingBytes: pendingBytes + bytes.length, progressAtMs: since });
  return { ...written, effects: [...live.effects, { type: 'write', bytes }] };
}

/** The line is given up: what was under way is unknown, and another try comes after a while that grows. */
export function lose({ up, memory, effects }: Live, reason: string, nowMs: number): Step {
  const ended = up.job === null ? null : endJob({ up, memory, effects }, 'unknown');
  const waitMs = RETRY_MS[Math.min(memory.failures, RETRY_MS.length - 1)] ?? POLL_EVERY_MS;
  const kept = ended?.memory ?? memory;
  return {
    state: {
      link: { at: 'waiting', untilMs: nowMs + waitMs },
      memory: {
        ...{ ...kept, reason, failures: memory.failures + 1 },
        cutShortBytes: Math.max(memory.cutShortBytes, up.job?.bytes ?? 0),
      },
    },
    effects: [...(ended?.effects ?? effects), { type: 'close' }],
  };
}

export function endJob(live: Live, outcome: PrintOutcome): Live {
  const { job } = live.up;
  if (job === null) return live;
  // Only an id says whose word a late word is.
  const remembered = outcome === 'unknown' && job.by === 'process-id';
  const unknown = remembered ? [...live.memory.unknown, { id: job.id, token: job.token }] : live.memory.unknown;
  return {
    up: { ...live.up, job: null },
    memory: { ...live.memory, unknown: unknown.slice(-UNKNOWN_MAX) },
    effects: [...live.effects, { type: 'ended', token: job.token, outcome }],
  };
}

/** Asks a unit for everything it might be able to do. What it answers it can; nothing else is believed. */
export function startProbe(live: Live, nowMs: number): Live {
  const { nextId } = live.memory;
  const probing = {
    up: {
      ...live.up,
      ...{ found: NOTHING_FOUND, questions: [], probeId: processId(nextId), settleUntilMs: null, silent: 0 },
      ...{ poll: { left: QUESTIONS, asked: null, atMs: nowMs } },
      probe: { sinceMs: nowMs, askedAgain: false, heard: false },
    },
    memory: { ...live.memory, nextId: (nextId + 1) & 0xffff },
    effects: live.effects,
  };
  return askQuestion(askMissing(probing, nowMs), nowMs);
}

function askMissing(live: Live, nowMs: number): Live {
  const { found, probeId } = live.up;
  const asked = Buffer.concat([
    found.automaticStatus ? Buffer.of() : WATCH_STATUS,
    found.orderedStatus ? Buffer.of() : ASK_ORDERED,
    found.processId ? Buffer.of() : askProcessId(probeId),
  ]);
  return asked.length === 0 ? live : writeBytes(live, asked, nowMs);
}

/** The next question of the poll; where none is left, the next poll is a while away. */
export function askQuestion(live: Live, nowMs: number): Live {
  const { poll, probe, questions } = live.up;
  const [asked, ...left] = poll.left;
  if (asked !== undefined) {
    return writeBytes(withUp(live, { poll: { left, asked, atMs: nowMs } }), askRealtime(asked), nowMs);
  }
  const missing = QUESTIONS.filter((n) => !questions.includes(n));
  // A probe goes on asking what was not answered: noise may have eaten it.
  if (probe !== null && missing.length > 0) {
    return withUp(live, { poll: { left: missing, asked: null, atMs: nowMs } });
  }
  // A unit that answers nothing is asked the first question for ever: it may have been switched on since.
  const next = questions.length === 0 ? QUESTIONS.slice(0, 1) : questions;
  return withUp(live, { poll: { left: next, asked: null, atMs: nowMs + POLL_EVERY_MS } });
}

/** Whether the probe is over, and what it means. A printer that cannot print cannot answer in its turn either: it has time. */
export function judgeProbe(live: Live, nowMs: number): Live | 'silent' {
  const { up, memory } = live;
  const { probe, found, questions, settleUntilMs } = up;
  if (probe === null || up.pendingBytes > 0) return live;
  if (faultOf(up) !== null) return withUp(live, { probe: { ...probe, sinceMs: nowMs } });
  const all = found.automaticStatus && found.orderedStatus && found.processId && questions.length === QUESTIONS.length;
  const lastedMs = nowMs - probe.sinceMs;
  if (!all && lastedMs >= PROBE_AGAIN_MS && !probe.askedAgain) {
    return askMissing(withUp(live, { probe: { ...probe, askedAgain: true } }), nowMs);
  }
  if (!all && (lastedMs < PROBE_MS || settleUntilMs !== null)) return live;
  if (!probe.heard) {
    const silentProbes = memory.silentProbes + 1;
    if (memory.everAnswered || silentProbes < SILENT_PROBES) return 'silent';
  }
  const kept = { failures: 0, silentProbes: 0, cutShortBytes: 0, reason: null };
  return {
    up: { ...up, probe: null, settleUntilMs: found.processId ? null : settleUntilMs },
    memory: { ...memory, ...kept, everAnswered: memory.everAnswered || probe.heard },
    effects: live.effects,
  };
}
