import { Worker } from 'node:worker_threads';
import { nodeSigner } from '../../protocol/node/crypto.ts';
import { type Month, type MonthJob, signMonth } from './month.ts';
import { peopleOf } from './people.ts';
import { secretOf } from './plan.ts';

/** Signs one month after another. A rejected promise: the thread died, and nothing that is left will be signed. */
export interface MonthSigning {
  sign(job: MonthJob): Promise<Month>;
  close(): Promise<void>;
}

export function signerOf(seed: number, tid: string) {
  return nodeSigner(`${tid}.1`, secretOf(seed, `key ${tid}`));
}

/** On this very thread: for a county so small that a thread would only cost. */
export const signHere: MonthSigning = {
  sign: async (job) => signMonth(job, peopleOf(job.seed, job.place), signerOf(job.seed, job.place.tid)),
  close: async () => undefined,
};

/** On one thread beside this one, in the order asked. */
export function signBeside(file: URL = new URL('./month-worker.js', import.meta.url)): MonthSigning {
  const worker = new Worker(file);
  const waiting: { resolve: (month: Month) => void; reject: (error: Error) => void }[] = [];
  let dead: Error | null = null;
  const end = (error: Error) => {
    dead = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (text: string) => waiting.shift()?.resolve(JSON.parse(text) as Month));
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`the signing thread ended with ${code}`)));
  return {
    sign(job) {
      if (dead !== null) return Promise.reject(dead);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(job);
      });
    },
    async close() {
      await worker.terminate();
    },
  };
}
