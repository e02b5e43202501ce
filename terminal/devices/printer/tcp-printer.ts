import { connect, type Socket } from 'node:net';
import type { PrinterPort, PrinterState, PrinterStatus, PrintOutcome } from './port.ts';
import {
  askProcessId,
  NO_REPLY,
  POLL,
  POLL_BYTES,
  processId,
  type Reply,
  type ReplyState,
  readSensors,
  takeByte,
} from './replies.ts';

/** A printer on TCP port 9100. One connection, kept open, polled; one job at a time, acknowledged after printing. */

export interface TcpPrinterOptions {
  readonly host: string;
  readonly port: number;
  readonly nowMs: () => number;
}
const CONNECT_TIMEOUT_MS = 2_000;
const POLL_EVERY_MS = 1_000;
const ANSWER_TIMEOUT_MS = 3_000;
/** How long a job may take from its last byte to the printer's word. A job waits here while paper is out. */
const ACK_TIMEOUT_MS = 15_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000] as const;

export function tcpPrinter(options: TcpPrinterOptions): PrinterPort {
  const listeners: Set<(status: PrinterStatus) => void> = new Set();
  let status: PrinterStatus = { state: 'absent', paper: 'unknown', cover: 'unknown', reason: null };
  let socket: Socket | null = null;
  let stopped = true;
  let failures = 0;
  let replies: ReplyState = NO_REPLY;
  let answers: number[] = [];
  let polledAtMs: number | null = null;
  let job: { id: string; finish: (outcome: PrintOutcome) => void } | null = null;
  let jobs = Math.floor(options.nowMs()) & 0xffff;
  let retryTimer: NodeJS.Timeout | undefined;
  let pollTimer: NodeJS.Timeout | undefined;

  function become(change: Partial<PrinterStatus>): void {
    const next = { ...status, ...change };
    if (JSON.stringify(next) === JSON.stringify(status)) return;
    status = next;
    for (const listener of listeners) listener(status);
  }

  function open(): void {
    if (stopped) return;
    become({ state: 'opening', reason: status.reason });
    const opening = connect({ host: options.host, port: options.port, noDelay: true });
    socket = opening;
    const slow = setTimeout(() => opening.destroy(new Error('no-answer')), CONNECT_TIMEOUT_MS);
    opening.once('connect', () => {
      clearTimeout(slow);
      replies = NO_REPLY;
      answers = [];
      polledAtMs = null;
      poll();
      pollTimer = setInterval(poll, POLL_EVERY_MS);
    });
    opening.on('data', (bytes) => {
      for (const byte of bytes) {
        const taken = takeByte(replies, byte);
        replies = taken.state;
        if (taken.reply) heard(taken.reply);
      }
    });
    let why = 'closed';
    opening.on('error', (error: NodeJS.ErrnoException) => {
      why = error.code === 'ECONNREFUSED' ? 'refused' : (error.code ?? error.message);
    });
    opening.once('close', () => {
      clearTimeout(slow);
      lost(why);
    });
  }

  function lost(reason: string): void {
    clearInterval(pollTimer);
    socket = null;
    job?.finish('unknown');
    if (stopped) return;
    become({ state: 'absent', paper: 'unknown', cover: 'unknown', reason });
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 1_000;
    failures += 1;
    retryTimer = setTimeout(open, wait);
  }

  function poll(): void {
    if (socket === null) return;
    if (polledAtMs !== null && options.nowMs() - polledAtMs > ANSWER_TIMEOUT_MS) {
      become({ state: 'fault', reason: 'no-answer' });
      socket.destroy(new Error('no-answer'));
      return;
    }
    if (polledAtMs !== null) return;
    answers = [];
    polledAtMs = options.nowMs();
    socket.write(POLL_BYTES);
  }

  function heard(reply: Reply): void {
    if (reply.kind === 'process-id') {
      if (job?.id === reply.id) job.finish('confirmed'); // an id of an older job confirms nothing
      return;
    }
    if (reply.kind !== 'status' || polledAtMs === null) return;
    answers.push(reply.byte);
    if (answers.length < POLL.length) return;
    polledAtMs = null;
    failures = 0;
    const sensors = readSensors(answers[1] ?? 0, answers[2] ?? 0);
    const faulty = sensors.error || sensors.cover === 'open' || sensors.paper === 'out';
    const well: PrinterState = job === null ? 'ready' : 'busy';
    const reason = sensors.error ? 'cutter' : sensors.cover === 'open' ? 'cover-open' : faulty ? 'paper-out' : null;
    become({ state: faulty ? 'fault' : well, paper: sensors.paper, cover: sensors.cover, reason });
  }

  async function print(bytes: Uint8Array): Promise<PrintOutcome> {
    if (socket === null || job !== null || status.state !== 'ready') return 'not-started';
    const line = socket;
    jobs = (jobs + 1) & 0xffff;
    const id = processId(jobs);
    return new Promise<PrintOutcome>((resolve) => {
      const deadline = setTimeout(() => finish('unknown'), ACK_TIMEOUT_MS);
      function finish(outcome: PrintOutcome): void {
        clearTimeout(deadline);
        job = null;
        if (status.state === 'busy') become({ state: 'ready' });
        resolve(outcome);
      }
      job = { id, finish };
      become({ state: 'busy' });
      // From this write on some of the paper may come out whatever happens to us.
      line.write(bytes);
      line.write(askProcessId(id));
    });
  }

  return {
    start() {
      stopped = false;
      open();
    },
    async stop() {
      stopped = true;
      clearTimeout(retryTimer);
      clearInterval(pollTimer);
      socket?.destroy();
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    print,
  };
}
