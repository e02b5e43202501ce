import { askQuestion, endJob, type Live, startProbe, withUp } from './live.ts';
import {
  automaticSensors,
  NO_REPLY,
  orderedSensors,
  QUESTIONS,
  type Reply,
  realtimeSensors,
  takeByte,
} from './replies.ts';
import { FRAME_GAP_MS, SETTLE_MS } from './state.ts';

/** What the printer says, and what we make of it. */

export function hear(live: Live, bytes: Uint8Array, nowMs: number): Live {
  const stale = nowMs - live.up.heardAtMs > FRAME_GAP_MS;
  let heard = withUp(live, { heardAtMs: nowMs, replies: stale ? NO_REPLY : live.up.replies });
  for (const byte of bytes) {
    const { state, replies } = takeByte(heard.up.replies, byte);
    heard = withUp(heard, { replies: state });
    for (const reply of replies) heard = take(heard, reply, nowMs);
  }
  return heard;
}

function take(live: Live, reply: Reply, nowMs: number): Live {
  if (reply.kind === 'noise') return live;
  const { probe } = live.up;
  const heard = withUp(live, { silent: 0, probe: probe === null ? null : { ...probe, heard: true } });
  switch (reply.kind) {
    case 'realtime':
      return takeRealtime(heard, reply.byte, nowMs);
    case 'automatic':
      return withUp(found(heard, 'automaticStatus'), { sensors: automaticSensors(reply.bytes) });
    case 'ordered':
      return takeOrdered(heard, reply.byte, nowMs);
    case 'process-id':
      return takeProcessId(heard, reply.id);
  }
}

/** `what` was not known to be there: a unit that does it can do it. */
function found(live: Live, what: 'automaticStatus' | 'orderedStatus' | 'processId' | 'realtimeStatus'): Live {
  return live.up.found[what] ? live : withUp(live, { found: { ...live.up.found, [what]: true } });
}

/** An answer nobody waits for (late, doubled) says nothing, as nobody knows what it answers. */
function takeRealtime(live: Live, byte: number, nowMs: number): Live {
  const { poll, questions, sensors, probe } = live.up;
  const { asked } = poll;
  if (asked === null) return live;
  // A unit taken for mute speaks: it is asked everything anew.
  if (probe === null && !live.up.found.realtimeStatus) {
    return live.up.job === null ? startProbe(live, nowMs) : live;
  }
  const answered = withUp(found(live, 'realtimeStatus'), {
    ...{ poll: { ...poll, asked: null, atMs: nowMs }, sensors: realtimeSensors(sensors, asked, byte) },
    questions: QUESTIONS.filter((n) => n === asked || questions.includes(n)),
  });
  return askQuestion(answered, nowMs);
}

function takeOrdered(live: Live, byte: number, nowMs: number): Live {
  const { job, sensors } = live.up;
  const settling = live.up.found.processId ? null : nowMs + SETTLE_MS;
  const known = withUp(found(live, 'orderedStatus'), {
    ...{ sensors: orderedSensors(sensors, byte), settleUntilMs: settling },
  });
  return job?.by === 'ordered' ? endJob(known, 'confirmed') : known;
}

/** Only the word on this very job confirms it; one on a job that was given up comes late, one on any other says nothing. */
function takeProcessId(live: Live, id: string): Live {
  const { job, probeId } = live.up;
  if (job?.by === 'process-id' && job.id === id) return endJob(live, 'confirmed');
  if (id === probeId) return withUp(found(live, 'processId'), { settleUntilMs: null });
  const late = live.memory.unknown.find((each) => each.id === id);
  if (late === undefined) return live;
  return {
    up: live.up,
    memory: { ...live.memory, unknown: live.memory.unknown.filter((each) => each !== late) },
    effects: [...live.effects, { type: 'confirmed-late', token: late.token }],
  };
}
