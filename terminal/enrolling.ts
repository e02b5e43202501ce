import type { Logger } from 'pino';
import type { ClosedCode } from '../protocol/api/kiosk.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../protocol/node/crypto.ts';
import type { TerminalConfig } from './config.ts';
import type { EpochRow } from './journal/port.ts';
import { enrolOnce } from './sync/enrol.ts';

/** Asks the hub again and again until a person has confirmed this device: its first epoch, or the next one. */

const ENROL_EVERY_MS = 1_000;
/** A code that is refused stays refused, as far as anybody knows: whoever asks with it again asks ever more seldom. */
const REFUSED_MOST_MS = 60_000;
const crypto = { ...nodeHashing, ...nodeVerifying };

export interface Enrolling {
  readonly config: TerminalConfig;
  readonly seed: Uint8Array;
  readonly logger: Logger;
  readonly say: (code: ClosedCode, fingerprint?: string) => void;
  /** True once nobody wants the answer any more. */
  readonly isStopped: () => boolean;
}

/** Null when it was stopped meanwhile, or has no code to ask with. */
export async function enrol({ config, seed, logger, say, isStopped }: Enrolling): Promise<EpochRow | null> {
  const code = config.enrolmentCode;
  if (code === undefined) {
    say('not-enrolled');
    return null;
  }
  let said = '';
  let refusals = 0;
  for (;;) {
    if (isStopped()) return null;
    const step = await enrolOnce(config.hub, code, (kid) => nodeSigner(kid, seed), crypto);
    if (step.state === 'enrolled') return step.epoch;
    if (step.state === 'pending') say('waiting-for-confirmation', step.fingerprint);
    else say('not-enrolled');
    const says = step.state === 'refused' ? `${step.error} ${step.whatToDo}` : step.state;
    if (says !== said) logger.info(`enrolment: ${says}`);
    said = says;
    refusals = step.state === 'refused' ? refusals + 1 : 0;
    const waitMs = Math.min(REFUSED_MOST_MS, ENROL_EVERY_MS * 2 ** Math.max(0, refusals - 1));
    // Nothing waits for the answer of a kiosk that was stopped.
    await new Promise((done) => setTimeout(done, waitMs).unref());
  }
}
