import { parentPort } from 'node:worker_threads';
import { nodeHashing, nodeVerifying } from '../protocol/node/crypto.ts';
import { type Envelope, type EnvelopeRead, readEnvelope } from './ingest/envelope.ts';
import { textOfRead } from './ingest/envelope-text.ts';

/** One thread that reads envelopes, one after the other. */
export interface Asked {
  readonly n: number;
  readonly envelope: Envelope;
}
export interface Answered {
  readonly n: number;
  /** An EnvelopeRead as text. */
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
    return { n, read: textOfRead(read) };
  } catch (error) {
    return { n, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
