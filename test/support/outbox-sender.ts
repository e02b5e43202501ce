import { Agent } from 'node:http';
import { postSync } from '../../bench/support/hub-process.ts';
import { type Envelope, envelopeOf, type FleetTerminal } from '../../bench/support/signed-fleet.ts';
import { parseDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { nodeVerifying } from '../../protocol/node/crypto.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { syncResponseCheck } from '../../protocol/sync/messages.ts';

/**
 * A kiosk's outbox towards a real hub: it sends what was not answered, believes a signed answer, and never takes a word
 * back. What the hub told it is the measure of what the hub may not lose.
 */
export interface OutboxSender {
  readonly tid: string;
  /** All that the kiosk ever sells. */
  records(): readonly SignedRecord[];
  /** It sells no more: what it has not sent by now never was. */
  closeShop(): void;
  /** All records up to this seq were answered as stored. */
  acked(): number;
  done(): boolean;
  /** The next `count` records behind what was answered; `skip` leaves a hole before them, `back` sends old ones again. */
  envelope(count: number, how?: { readonly skip?: number; readonly back?: number }): Envelope;
  /** Sends it and takes the answer in. Rejects where the connection broke: then nothing is known. */
  send(port: number, agent: Agent, envelope: Envelope): Promise<Sent>;
  /** What the hub said that cannot be: a head that is not ours, less than it had told before. */
  readonly faults: readonly string[];
}
/** `again`: the hub is busy, or its database is away. */
export type Sent = 'stored' | 'again' | 'refused';

/** Between two tries of one kiosk. */
export const AGAIN_MS = 50;
const DRAIN_BATCH = 200;
const DRAIN_MS = 120_000;

export function createSender(terminal: FleetTerminal, inc: string, hubKey: Uint8Array): OutboxSender {
  const { tid } = terminal;
  const faults: string[] = [];
  let records = terminal.records;
  let acked = 0;
  let sent = 0;

  function take(body: Buffer, signature: string, told: number): void {
    const parsed = parseDetached('tally-sync', signature, body);
    const answer: unknown = JSON.parse(body.toString());
    if (parsed === null || !verifyCompact(parsed, hubKey, nodeVerifying) || !syncResponseCheck.Check(answer)) {
      faults.push(`${tid} was given an answer that the hub did not sign`);
      return;
    }
    const { seq, head } = answer.stored;
    if (seq > 0 && records[seq - 1]?.hash !== head)
      faults.push(`${tid} was told of a head at ${seq} that is not its own`);
    if (seq < told) faults.push(`${tid} was told ${told} records are stored, then only ${seq}`);
    acked = Math.max(acked, seq);
  }

  return {
    ...{ tid, faults },
    records: () => records,
    closeShop() {
      records = records.slice(0, sent);
    },
    acked: () => acked,
    done: () => acked >= records.length,
    envelope(count, { skip = 0, back = 0 } = {}) {
      const from = Math.max(0, acked + skip - back);
      const part = records.slice(from, acked + skip + count);
      sent = Math.max(sent, part.at(-1)?.seq ?? 0);
      // Doubled within one body too.
      return envelopeOf(terminal, inc, { after: acked, records: back > 0 ? [...part, ...part.slice(0, 2)] : part });
    },
    async send(port, agent, envelope) {
      const told = acked;
      const { status, body, signature } = await postSync(port, agent, envelope);
      if (status === 429 || status === 503) return 'again';
      if (status !== 200) {
        faults.push(`${tid} was answered ${status}: ${body.toString().slice(0, 300)}`);
        return 'refused';
      }
      take(body, signature, told);
      return 'stored';
    },
  };
}

/** All that is left, each terminal in order; gives up where a hub refuses, or takes too long. */
export async function drain(senders: readonly OutboxSender[], portOf: () => number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: senders.length });
  const end = performance.now() + DRAIN_MS;
  await Promise.all(
    senders.map(async (sender) => {
      while (!sender.done()) {
        const sent = await sender.send(portOf(), agent, sender.envelope(DRAIN_BATCH));
        if (sent === 'refused' || performance.now() > end) return;
        if (sent === 'again') await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }),
  );
  agent.destroy();
}
