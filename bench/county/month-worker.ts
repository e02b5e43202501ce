import { parentPort } from 'node:worker_threads';
import type { MonthJob } from './month.ts';
import { signHere } from './sign-threads.ts';

/** Signs months on a thread beside the one that keeps the books. Text, as it is cheaper to hand over than objects. */

parentPort?.on('message', async (job: MonthJob) => {
  parentPort?.postMessage(JSON.stringify(await signHere.sign(job)));
});
