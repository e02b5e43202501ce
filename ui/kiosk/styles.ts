import { tapStyles } from './drawings/tap.ts';
import { tickStyles } from './drawings/tick.ts';
import { helperBarStyles } from './helper-bar.ts';
import { attractStyles } from './screens/attract.ts';
import { balanceStyles } from './screens/balance.ts';
import { clerkCardStyles } from './screens/clerk-card.ts';
import { clerkDateStyles } from './screens/clerk-date.ts';
import { clerkFindStyles } from './screens/clerk-find.ts';
import { clerkHomeStyles } from './screens/clerk-home.ts';
import { clerkPrintsStyles } from './screens/clerk-prints.ts';
import { clerkSlipStyles } from './screens/clerk-slip.ts';
import { clerkVoidStyles } from './screens/clerk-void.ts';
import { closedStyles } from './screens/closed.ts';
import { doneStyles } from './screens/done.ts';
import { toldStyles } from './screens/error.ts';
import { helpStyles } from './screens/help.ts';
import { myDataStyles } from './screens/mydata.ts';
import { pinStyles } from './screens/pin.ts';
import { quantityStyles } from './screens/quantity.ts';
import { statementStyles } from './screens/statement.ts';
import { buttonStyles } from './styles/buttons.ts';
import { caseStyles } from './styles/case.ts';
import { chooseStyles } from './styles/choose.ts';
import { confirmStyles } from './styles/confirm.ts';
import { frameStyles } from './styles/frame.ts';
import { largeStyles } from './styles/large.ts';
import { largeAsideStyles } from './styles/large-aside.ts';
import { largeCounterStyles } from './styles/large-counter.ts';
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
  statementStyles,
  myDataStyles,
  caseStyles,
  helpStyles,
  closedStyles,
  clerkPrintsStyles,
  clerkCardStyles,
  clerkDateStyles,
  clerkHomeStyles,
  clerkFindStyles,
  clerkVoidStyles,
  clerkSlipStyles,
  helperBarStyles,
  largeStyles,
  largeAsideStyles,
  largeCounterStyles,
];
