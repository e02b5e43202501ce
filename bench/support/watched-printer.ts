import { Worker } from 'node:worker_threads';
import type { FromPrinter } from './printer-thread.ts';

/** The simulated printer on a thread of its own, behind a wire that says when the first byte of a slip came. */
export interface WatchedPrinter {
  readonly port: number;
  /** When the next slip's first byte arrives, by `clockMs`. */
  nextFirstByte(): Promise<number>;
  close(): Promise<void>;
}

/** The one clock that both threads read; `performance.now()` begins anew in each. */
export const clockMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export async function startWatchedPrinter(): Promise<WatchedPrinter> {
  const thread = new Worker(new URL('./printer-thread.js', import.meta.url));
  let arrived: (atMs: number) => void = () => undefined;
  let opened: (port: number) => void = () => undefined;
  const port = new Promise<number>((resolve, reject) => {
    opened = resolve;
    thread.once('error', reject);
  });
  thread.on('message', (told: FromPrinter) => {
    if ('port' in told) opened(told.port);
    else arrived(Number(told.firstByteNs) / 1e6);
  });
  return {
    port: await port,
    nextFirstByte: () =>
      new Promise((resolve) => {
        arrived = resolve;
      }),
    async close() {
      const ended = new Promise((resolve) => thread.once('exit', resolve));
      thread.postMessage('close');
      await ended;
    },
  };
}
