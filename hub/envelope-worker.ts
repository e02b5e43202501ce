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
  /** Null where reading threw: a fault of ours, in words for the log. */
  readonly read: EnvelopeRead | null;
  readonly fault?: string;
}

const crypto = { ...nodeHashing, ...nodeVerifying };

parentPort?.on('message', ({ n, envelope }: Asked) => {
  parentPort?.postMessage(answer(n, envelope));
});

function answer(n: number, envelope: Envelope): Answered {
  try {
    return { n, read: readEnvelope(envelope, crypto) };
  } catch (error) {
    return { n, read: null, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
