import { tapStyles } from './drawings/tap.ts';
import { tickStyles } from './drawings/tick.ts';
import { attractStyles } from './screens/attract.ts';
import { balanceStyles } from './screens/balance.ts';
import { clerkCardStyles } from './screens/clerk-card.ts';
import { clerkDateStyles } from './screens/clerk-date.ts';
import { clerkPrintsStyles } from './screens/clerk-prints.ts';
import { closedStyles } from './screens/closed.ts';
import { doneStyles } from './screens/done.ts';
import { toldStyles } from './screens/error.ts';
import { helpStyles } from './screens/help.ts';
import { pinStyles } from './screens/pin.ts';
import { quantityStyles } from './screens/quantity.ts';
import { buttonStyles } from './styles/buttons.ts';
import { chooseStyles } from './styles/choose.ts';
import { confirmStyles } from './styles/confirm.ts';
import { frameStyles } from './styles/frame.ts';
import { largeStyles } from './styles/large.ts';
import { overlayStyles } from './styles/overlays.ts';
import { railStyles } from './styles/rail.ts';

/** From the general to the particular; the later wins. */
export const STYLES = [
  frameStyles,
  buttonStyles,
  railStyles,
  overlayStyles,
  tapStyles,
  tickStyles,
  attractStyles,
  balanceStyles,
  chooseStyles,
  quantityStyles,
  confirmStyles,
  pinStyles,
  doneStyles,
  toldStyles,
  helpStyles,
  closedStyles,
  clerkPrintsStyles,
  clerkCardStyles,
  clerkDateStyles,
  largeStyles,
];
