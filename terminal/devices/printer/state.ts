import type { PrinterCapabilities, PrinterStatus, PrintOutcome } from './port.ts';
import { NO_REPLY, QUESTIONS, type Question, type ReplyState, type Sensors, UNSEEN } from './replies.ts';

/** What the driver knows of its printer, and what it shows of it. The rules are in machine.ts. */

/** Everything that waits, with its bound. All in milliseconds of a clock that never jumps. */
export const OPEN_MS = 2_000;
/** How long a unit is asked what it can do, from the last byte of the asking; asked again once on the way. */
export const PROBE_MS = 2_000;
export const PROBE_AGAIN_MS = 900;
/** How long one question of a probe, or of a poll, may stay open. */
export const PROBE_ANSWER_MS = 300;
export const ANSWER_MS = 1_000;
export const POLL_EVERY_MS = 1_000;
/** Questions in a row without an answer, then the printer is gone. */
export const SILENT_MAX = 3;
/** A unit that never said a word in so many connections is one that cannot: degraded, not absent. */
export const SILENT_PROBES = 3;
/** A line that takes no byte for so long is stalled. */
export const STALL_MS = 5_000;
/** From a job's last byte to the printer's word. A job waits here while paper is out. */
export const ACK_MS = 15_000;
/** No answer to `GS r` for so long: none is left that could be taken for the next job's. */
export const SETTLE_MS = 500;
/** A frame whose bytes come further apart than this lost its end. */
export const FRAME_GAP_MS = 1_000;
export const RETRY_MS = [250, 500, 1_000, 2_000, 4_000] as const;
export const JOB_BYTES_MAX = 256 * 1024;
/** Jobs without a word whose late word is still understood. */
export const UNKNOWN_MAX = 8;

export interface State {
  readonly link: Link;
  readonly memory: Memory;
}

/** What outlives a connection. */
export interface Memory {
  /** Connections in a row that came to nothing. */
  readonly failures: number;
  readonly silentProbes: number;
  readonly everAnswered: boolean;
  readonly nextId: number;
  /** Oldest first. */
  readonly unknown: readonly { readonly id: string; readonly token: number }[];
  /** Of the job that was under way when the line was lost, or the program before ended: bytes it may still be waiting for. */
  readonly cutShortBytes: number;
  readonly reason: string | null;
}

export type Link =
  | { readonly at: 'stopped' }
  | { readonly at: 'waiting'; readonly untilMs: number }
  | { readonly at: 'opening'; readonly untilMs: number }
  | Up;

export interface Up {
  readonly at: 'up';
  readonly replies: ReplyState;
  readonly heardAtMs: number;
  /** Bytes that have not left us, and since when none did. */
  readonly pendingBytes: number;
  readonly progressAtMs: number;
  readonly poll: Poll;
  /** Questions this unit was seen to answer. */
  readonly questions: readonly Question[];
  readonly silent: number;
  readonly sensors: Sensors;
  readonly found: PrinterCapabilities;
  /** The id asked for in the probe: its answer counts however late. */
  readonly probeId: string;
  readonly probe: Probe | null;
  readonly settleUntilMs: number | null;
  readonly job: Job | null;
}
export interface Poll {
  readonly left: readonly Question[];
  /** One at a time, as the answer does not say what it answers. */
  readonly asked: Question | null;
  /** When it was asked, or the next poll is due. */
  readonly atMs: number;
}
export interface Probe {
  readonly sinceMs: number;
  readonly askedAgain: boolean;
  readonly heard: boolean;
}
export interface Job {
  readonly token: number;
  readonly id: string;
  readonly by: Acknowledgement;
  readonly bytes: number;
  /** When its last byte left us; null before. */
  readonly sentAtMs: number | null;
}
export type Acknowledgement = 'process-id' | 'ordered' | 'none';

export type Event =
  | { readonly type: 'start'; readonly cutShortBytes: number }
  | { readonly type: 'stop' | 'opened' | 'wake' }
  | { readonly type: 'closed'; readonly reason: string }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'progress'; readonly pendingBytes: number }
  | { readonly type: 'print'; readonly token: number; readonly bytes: Uint8Array };

export type Effect =
  | { readonly type: 'open' | 'close' }
  | { readonly type: 'write'; readonly bytes: Uint8Array }
  | { readonly type: 'ended'; readonly token: number; readonly outcome: PrintOutcome }
  | { readonly type: 'confirmed-late'; readonly token: number };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** `seed`: where job ids begin, 0 to 65535; random, so that a word on a job of the process before is not taken for ours. */
export function initialState(seed: number): State {
  return {
    link: { at: 'stopped' },
    memory: {
      ...{ failures: 0, silentProbes: 0, everAnswered: false, nextId: seed & 0xffff },
      ...{ unknown: [], cutShortBytes: 0, reason: null },
    },
  };
}

export const NOTHING_FOUND: PrinterCapabilities = {
  ...{ realtimeStatus: false, automaticStatus: false, orderedStatus: false, processId: false },
};

export function newLine(nowMs: number): Up {
  return {
    ...{ at: 'up', replies: NO_REPLY, heardAtMs: nowMs, pendingBytes: 0, progressAtMs: nowMs },
    ...{ poll: { left: QUESTIONS, asked: null, atMs: nowMs }, questions: [], silent: 0, sensors: UNSEEN },
    ...{ found: NOTHING_FOUND, probeId: '', probe: null, settleUntilMs: null, job: null },
  };
}

export function acknowledgedBy({ found }: Up): Acknowledgement {
  return found.processId ? 'process-id' : found.orderedStatus ? 'ordered' : 'none';
}

export function faultOf({ sensors }: Up): string | null {
  if (sensors.error !== 'none') return sensors.error === 'cutter' ? 'cutter' : 'error';
  if (sensors.cover === 'open') return 'cover-open';
  return sensors.paper === 'out' ? 'paper-out' : null;
}

/** What this unit will never tell, in a code; null where it tells all. */
function lackOf(up: Up): string | null {
  if (acknowledgedBy(up) === 'none') return 'no-acknowledgement';
  return up.found.automaticStatus || up.questions.includes(4) ? null : 'no-sensor';
}

export function statusOf({ link, memory }: State): PrinterStatus {
  if (link.at !== 'up') {
    const state = link.at === 'opening' ? 'opening' : 'absent';
    return { state, paper: 'unknown', cover: 'unknown', reason: memory.reason, capabilities: null };
  }
  const { paper, cover } = link.sensors;
  const capabilities = link.probe === null ? link.found : null;
  const seen = { paper, cover, capabilities };
  const fault = faultOf(link);
  if (fault !== null) return { state: 'fault', ...seen, reason: fault };
  if (link.probe !== null) return { state: 'opening', ...seen, reason: memory.reason };
  const reason = lackOf(link);
  if (link.job !== null || link.settleUntilMs !== null) return { state: 'busy', ...seen, reason };
  return { state: reason === null ? 'ready' : 'degraded', ...seen, reason };
}

/** When `wake` is due next; null where only the world can change anything. */
export function wakeAtMs({ link }: State): number | null {
  if (link.at === 'stopped') return null;
  if (link.at !== 'up') return link.untilMs;
  const { poll, probe, job, settleUntilMs } = link;
  const due = settleUntilMs === null ? [] : [settleUntilMs];
  if (link.pendingBytes > 0) return Math.min(...due, link.progressAtMs + STALL_MS);
  due.push(poll.asked === null ? poll.atMs : poll.atMs + answerMs(link));
  if (job !== null && job.sentAtMs !== null) due.push(job.sentAtMs + ACK_MS);
  if (probe !== null) due.push(probe.sinceMs + (probe.askedAgain ? PROBE_MS : PROBE_AGAIN_MS));
  return Math.min(...due);
}

export const answerMs = ({ probe }: Up): number => (probe === null ? ANSWER_MS : PROBE_ANSWER_MS);
