import { CARD_APPLICATION } from '../../../../protocol/cards/application.ts';
import { STEP_1_BYTES, STEP_2_BYTES } from '../../../../protocol/cards/ev2.ts';
import { nodeAes } from '../../../../protocol/node/crypto.ts';
import type { Transmit } from '../apdu.ts';
import type { CardRefusal } from '../port.ts';
import { type Channel, channel } from './channel.ts';
import type { CardKeys } from './keys.ts';
import { ask, COMMAND, type NativeFault, STATUS } from './native.ts';

/** Without capabilities of ours. */
const NO_CAPABILITIES = 0;

/**
 * Selects our application and authenticates with the read key of the card's own version, made for this UID. The version is
 * only a hint, which the card says without proof: it chooses the key, and the key decides.
 */
export async function openChannel(transmit: Transmit, uid: Uint8Array, keys: CardKeys): Promise<Channel | CardRefusal> {
  const keyNo = CARD_APPLICATION.readKeyNo;
  const selected = await ask(transmit, COMMAND.selectApplication, CARD_APPLICATION.id);
  if (typeof selected === 'string') return refusalOf(selected);
  if (selected.status !== STATUS.ok) return 'unsupported-card';

  const versioned = await ask(transmit, COMMAND.getKeyVersion, Uint8Array.of(keyNo));
  if (typeof versioned === 'string') return refusalOf(versioned);
  const [version] = versioned.data;
  if (versioned.status !== STATUS.ok || versioned.data.length !== 1 || version === undefined) return 'unsupported-card';
  const shake = keys.handshake(version, uid);
  if (typeof shake === 'string') return shake;

  const first = await ask(transmit, COMMAND.authenticateEv2First, Uint8Array.of(keyNo, NO_CAPABILITIES));
  if (typeof first === 'string') return refusalOf(first);
  if (first.status !== STATUS.more || first.data.length !== STEP_1_BYTES) return 'unsupported-card';

  const second = await ask(transmit, COMMAND.more, await shake.reply(first.data));
  if (typeof second === 'string') return refusalOf(second);
  // The card holds our key for a wrong one: then it has another.
  if (second.status === STATUS.authenticationError) return 'wrong-key';
  if (second.status !== STATUS.ok || second.data.length !== STEP_2_BYTES) return 'unsupported-card';
  const session = await shake.open(second.data);
  return session === null ? 'wrong-key' : channel(session, transmit, nodeAes);
}

function refusalOf(fault: NativeFault): CardRefusal {
  return fault === 'foreign' ? 'unsupported-card' : fault;
}
