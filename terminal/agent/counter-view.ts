import type { CounterView } from '../../protocol/api/counter.ts';
import type { KioskView } from '../../protocol/api/kiosk.ts';
import { slipSeq } from '../redemption/desk.ts';
import type { Clerk, DeskScreen } from '../redemption/state.ts';
import type { Counter } from './counter.ts';

/** What the page shows of the clerk's counter: a projection of what lies on it and of the books. */

type CounterFacts = Pick<Counter, 'find' | 'voidRows' | 'undoing' | 'unsurePrints' | 'print'>;

export function counterView(
  state: Clerk,
  screen: DeskScreen,
  counter: CounterFacts,
): Pick<KioskView, 'screen'> & { readonly counter: CounterView } {
  const { desk, clerk } = state;
  switch (screen) {
    case 'home':
      return { screen: 'clerk-home', counter: { unsurePrints: counter.unsurePrints() } };
    case 'find':
      return { screen: 'clerk-find', counter: { find: counter.find(desk, false) } };
    case 'found':
      return { screen: 'clerk-found', counter: { find: counter.find(desk, true) } };
    case 'void':
      return { screen: 'clerk-void', counter: { voidable: counter.voidRows(desk.page, clerk.acct) } };
    case 'void-one': {
      const found = desk.voiding === null ? null : counter.undoing(desk.voiding.seq, clerk.acct);
      // Undone or closed meanwhile: the list says what still can be.
      if (found === null) return counterView(state, 'void', counter);
      return { screen: 'clerk-void-one', counter: { undoing: { ...found, reason: desk.voiding?.reason ?? null } } };
    }
    case 'slip': {
      const seq = slipSeq(desk);
      return {
        screen: 'clerk-slip',
        counter: { slip: { keys: desk.keys, print: seq === null ? null : counter.print(seq) } },
      };
    }
  }
}
