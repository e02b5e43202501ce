import { Worker } from 'node:worker_threads';
import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import { fromBase64url } from '../../protocol/primitives/base64url.ts';
import type { JournalFault, Tail } from './check-journal.ts';
import type { CheckJob } from './check-worker.ts';
import type { JournalStore } from './port.ts';

/** Ends with what is wrong with the journal, or null. `file`: the compiled check-worker. */
export function checkInThread(
  job: CheckJob,
  file: URL = new URL('./check-worker.js', import.meta.url),
): Promise<JournalFault | null> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: job });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that checks the journal ended with ${code}`)));
  });
}

/** Of each epoch what the hub is not known to hold; of what it holds, the last record. */
export function tailsOf(store: JournalStore): Tail[] {
  const epochs = store.epochs();
  const current = epochs.at(-1);
  return epochs.map(({ tid, ep, enrolmentJws, enrolmentHash }) => {
    const publicKey = fromBase64url(enrolmentDocument.readTrusted(enrolmentJws)?.key ?? '');
    const hub = store.fact(`hub:${ep}`);
    const sent = Number(store.fact(`sent:${ep}`) ?? 0);
    const after = ep === current?.ep && hub !== null ? (JSON.parse(hub) as { seq: number }).seq : sent;
    return { tid, ep, publicKey, enrolmentHash, after: Math.min(after, store.last(ep)?.seq ?? 0) };
  });
}
