import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Answered, Asked } from './envelope-worker.ts';
import type { Arrived, Envelope } from './ingest/envelope.ts';
import { arrivedOfBytes } from './ingest/envelope-bytes.ts';

/** Threads that read envelopes beside the one that keeps the books. */
export interface EnvelopePool {
  read(envelope: Envelope): Promise<Arrived>;
  close(): Promise<void>;
}

interface Job {
  readonly resolve: (read: Arrived) => void;
  readonly reject: (error: Error) => void;
}
interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
}

/** `file`: the compiled envelope-worker. A thread that dies fails what it had, and another takes its place. */
export function createEnvelopePool(
  file: URL = new URL('./envelope-worker.js', import.meta.url),
  size = availableParallelism(),
): EnvelopePool {
  let asked = 0;
  let closed = false;
  const threads: Thread[] = [];

  function start(): Thread {
    const thread: Thread = { worker: new Worker(file), jobs: new Map() };
    // The hub's own work keeps it alive, not its threads.
    thread.worker.unref();
    thread.worker.on('message', ({ n, read, fault }: Answered) => {
      const job = thread.jobs.get(n);
      thread.jobs.delete(n);
      if (read === undefined) job?.reject(new Error(`reading an envelope failed: ${fault}`));
      else job?.resolve(arrivedOfBytes(read));
    });
    thread.worker.on('error', (error: Error) => replace(thread, error));
    thread.worker.on('exit', (code) => replace(thread, new Error(`an envelope thread ended with ${code}`)));
    return thread;
  }
  function replace(thread: Thread, error: Error): void {
    const at = threads.indexOf(thread);
    if (at >= 0 && !closed) threads[at] = start();
    for (const { reject } of thread.jobs.values()) reject(error);
    thread.jobs.clear();
  }
  for (let n = 0; n < size; n++) threads.push(start());

  return {
    read(envelope) {
      const [thread] = [...threads].sort((a, b) => a.jobs.size - b.jobs.size);
      if (thread === undefined || closed) return Promise.reject(new Error('the hub stops'));
      asked += 1;
      const message: Asked = { n: asked, envelope };
      return new Promise((resolve, reject) => {
        thread.jobs.set(message.n, { resolve, reject });
        thread.worker.postMessage(message);
      });
    },
    async close() {
      closed = true;
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
