import type { Ev2Session } from '../../../../protocol/cards/ev2.ts';
import { answerBody, commandMac, decipheredAnswer } from '../../../../protocol/cards/ev2-messages.ts';
import type { Aes128 } from '../../../../protocol/crypto.ts';
import { concat } from '../../../../protocol/primitives/bytes.ts';
import type { Transmit } from '../apdu.ts';
import { ask, STATUS } from './native.ts';

/**
 * Why a command brought nothing. `bad-mac`: the answer's MAC is not right, or the card says so of ours. `refused`: the card
 * says that it will not, which it says without a MAC. Behind either the session is over.
 */
export type ChannelFault = 'mute' | 'torn' | 'bad-mac' | 'refused';

/** A session with a card that has shown that it has the key: commands and answers carry MACs and are counted. */
export interface Channel {
  /** What the card answered. */
  command(command: number, body?: Uint8Array): Promise<Uint8Array | ChannelFault>;
  /** The same, where the card enciphers its answer. */
  secret(command: number): Promise<Uint8Array | ChannelFault>;
}

export function channel(session: Ev2Session, transmit: Transmit, aes: Aes128): Channel {
  let counter = 0;
  const command = async (code: number, body: Uint8Array = new Uint8Array(0)): Promise<Uint8Array | ChannelFault> => {
    const mac = commandMac(session, counter, code, body, aes);
    // Counted as soon as it is sent: whatever becomes of it, this number is never used again.
    counter += 1;
    const answer = await ask(transmit, code, concat(body, mac));
    if (typeof answer === 'string') return answer === 'foreign' ? 'refused' : answer;
    if (answer.status === STATUS.integrityError) return 'bad-mac';
    if (answer.status !== STATUS.ok) return 'refused';
    return answerBody(session, counter, answer.data, aes) ?? 'bad-mac';
  };
  return {
    command,
    async secret(code) {
      const body = await command(code);
      return typeof body === 'string' ? body : (decipheredAnswer(session, counter, body, aes) ?? 'bad-mac');
    },
  };
}
