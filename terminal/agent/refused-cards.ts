import type { ErrorCode } from '../../protocol/api/kiosk.ts';
import type { CardRefusal } from '../devices/reader/port.ts';

/** What the screen says, by why the reader took a card for nobody. */
export const REFUSED_CARDS: Readonly<Record<CardRefusal, ErrorCode>> = {
  'random-uid': 'random-uid',
  'zero-uid': 'zero-uid',
  'doubled-uid': 'doubled-uid',
  'unsupported-card': 'card-unsupported',
  torn: 'card-torn',
  mute: 'card-mute',
  'two-cards': 'two-cards',
  'wrong-key': 'card-wrong-key',
  'old-key': 'card-old-key',
  'unknown-key': 'card-unknown-key',
  'bad-mac': 'card-bad-mac',
};
