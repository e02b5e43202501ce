import { parentPort } from 'node:worker_threads';
import { nodeHashing, nodeVerifying } from '../protocol/node/crypto.ts';
import { type Envelope, type EnvelopeRead, readEnvelope } from './ingest/envelope.ts';
import { bytesOfRead, type ReadBytes } from './ingest/envelope-bytes.ts';

/** One thread that reads envelopes, one after the other. */
export interface Asked {
  readonly n: number;
  readonly envelope: Envelope;
}
export interface Answered {
  readonly n: number;
  readonly read?: ReadBytes;
  /** Reading threw: a fault of ours, in words for the log. */
  readonly fault?: string;
}

const crypto = { ...nodeHashing, ...nodeVerifying };

parentPort?.on('message', ({ n, envelope }: Asked) => {
  const answered = answer(n, envelope);
  parentPort?.postMessage(answered, answered.read === undefined ? [] : [answered.read.records.buffer]);
});

function answer(n: number, envelope: Envelope): Answered {
  try {
    const read: EnvelopeRead = readEnvelope(envelope, crypto);
    return { n, read: bytesOfRead(read) };
  } catch (error) {
    return { n, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
