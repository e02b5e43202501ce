import { parentPort } from 'node:worker_threads';
import { nodeHashing, nodeVerifying } from '../protocol/node/crypto.ts';
import { type Envelope, type EnvelopeRead, readEnvelope } from './ingest/envelope.ts';

/** One thread that reads envelopes, one after the other. */
export interface Asked {
  readonly n: number;
  readonly envelope: Envelope;
}
export interface Answered {
  readonly n: number;
  /** An EnvelopeRead as JSON: half the work of a structured clone, for the thread that keeps the books. */
  readonly read?: string;
  /** Reading threw: a fault of ours, in words for the log. */
  readonly fault?: string;
}

const crypto = { ...nodeHashing, ...nodeVerifying };

parentPort?.on('message', ({ n, envelope }: Asked) => {
  parentPort?.postMessage(answer(n, envelope));
});

function answer(n: number, envelope: Envelope): Answered {
  try {
    const read: EnvelopeRead = readEnvelope(envelope, crypto);
    return { n, read: JSON.stringify(read) };
  } catch (error) {
    return { n, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
