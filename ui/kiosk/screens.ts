import type { Screen } from '../../protocol/api/kiosk.ts';
import type { DrawScreen } from './screen.ts';
import { drawAttract } from './screens/attract.ts';
import { drawBalance } from './screens/balance.ts';
import { drawCase } from './screens/case.ts';
import { drawChoose } from './screens/choose.ts';
import { drawClerkCard } from './screens/clerk-card.ts';
import { drawClerkDate } from './screens/clerk-date.ts';
import { drawClerkFind, drawClerkFound } from './screens/clerk-find.ts';
import { drawClerkHome } from './screens/clerk-home.ts';
import { drawClerkPrints } from './screens/clerk-prints.ts';
import { drawClerkSlip } from './screens/clerk-slip.ts';
import { drawClerkVoid, drawClerkVoidOne } from './screens/clerk-void.ts';
import { drawClosed } from './screens/closed.ts';
import { drawConfirm } from './screens/confirm.ts';
import { drawDone } from './screens/done.ts';
import { drawError } from './screens/error.ts';
import { drawHelp } from './screens/help.ts';
import { drawMyData } from './screens/mydata.ts';
import { drawClerkNewPin, drawClerkPin, drawPin } from './screens/pin.ts';
import { drawQuantity } from './screens/quantity.ts';
import { drawStatement } from './screens/statement.ts';
import { drawVisit } from './screens/visit.ts';

/** One drawing a screen; a screen of the contract that has none does not compile. */
export const SCREEN: Record<Screen, DrawScreen> = {
  attract: drawAttract,
  visit: drawVisit,
  balance: drawBalance,
  choose: drawChoose,
  quantity: drawQuantity,
  confirm: drawConfirm,
  pin: drawPin,
  done: drawDone,
  error: drawError,
  statement: drawStatement,
  mydata: drawMyData,
  case: drawCase,
  help: drawHelp,
  closed: drawClosed,
  'clerk-pin': drawClerkPin,
  'clerk-prints': drawClerkPrints,
  'clerk-card': drawClerkCard,
  'clerk-new-pin': drawClerkNewPin,
  'clerk-date': drawClerkDate,
  'clerk-home': drawClerkHome,
  'clerk-find': drawClerkFind,
  'clerk-found': drawClerkFound,
  'clerk-void': drawClerkVoid,
  'clerk-void-one': drawClerkVoidOne,
  'clerk-slip': drawClerkSlip,
};
