import { parentPort, workerData } from 'node:worker_threads';
import { nodeVerifying } from '../../protocol/node/crypto.ts';
import { checkJournal, type Tail } from './check-journal.ts';

/** The thread that checks a journal while the kiosk starts: a month's records take longer than people wait. */
export interface CheckJob {
  readonly path: string;
  readonly tails: readonly Tail[];
}

const { path, tails } = workerData as CheckJob;
parentPort?.postMessage(checkJournal(path, tails, nodeVerifying));
