import { CARD_UID_BYTES } from '../../../../protocol/cards/application.ts';
import { equalBytes, fromHex, toHex } from '../../../../protocol/primitives/bytes.ts';
import type { Identified, Transmit } from '../apdu.ts';
import type { CardKeys } from './keys.ts';
import { COMMAND } from './native.ts';
import { openChannel } from './open-channel.ts';
import { cardSigner } from './sign.ts';

/** Who the card is, shown by a key: `uid` is what the reader says of it, and the card must say the same under MAC. */
export async function identifyDesfire(uid: string, transmit: Transmit, keys: CardKeys): Promise<Identified> {
  const told = fromHex(uid);
  if (told?.length !== CARD_UID_BYTES) return { ok: false, reason: 'unsupported-card' };
  const opened = await openChannel(transmit, told, keys);
  if (typeof opened === 'string') return { ok: false, reason: opened };
  const shown = await opened.secret(COMMAND.getCardUid);
  if (shown === 'refused') return { ok: false, reason: 'unsupported-card' };
  if (typeof shown === 'string') return { ok: false, reason: shown };
  if (!equalBytes(shown, told)) return { ok: false, reason: 'wrong-key' };
  const sign = cardSigner(() => openChannel(transmit, told, keys));
  return { ok: true, card: { kind: 'desfire', uid: toHex(shown) }, sign };
}
