import type { KioskView } from '../../protocol/api/kiosk.ts';
import type { DisplayLines } from '../devices/display/port.ts';

/**
 * What the customer display says beside the screen: both languages at once, and points only. Whose they are it never
 * says: it faces the whole shop.
 */
const WELCOME: DisplayLines = { upper: '欢迎 请刷卡', lower: 'Tap your card' };
const WAIT: DisplayLines = { upper: '请稍等', lower: 'One moment' };
const LOOK: DisplayLines = { upper: '请看屏幕', lower: 'See the screen' };
const CLOSED: DisplayLines = { upper: '暂停使用', lower: 'Closed' };
const CLERK: DisplayLines = { upper: '店员办理中', lower: 'Clerk at work' };

export function displayLines(view: KioskView): DisplayLines {
  switch (view.screen) {
    case 'attract':
      return WELCOME;
    case 'visit':
      return WAIT;
    case 'balance':
    case 'choose':
    case 'quantity':
    case 'statement':
    case 'mydata':
    case 'case':
      return has(view.person?.pts ?? 0);
    case 'confirm':
    case 'pin':
      return costs(view.basket?.pts ?? 0, view.basket?.afterPts ?? 0);
    case 'done':
      return thanks(view.done?.afterPts ?? 0);
    case 'error':
      return LOOK;
    case 'help':
      return view.person === undefined ? WELCOME : has(view.person.pts);
    case 'closed':
      return CLOSED;
    case 'clerk-pin':
    case 'clerk-prints':
    case 'clerk-card':
    case 'clerk-new-pin':
    case 'clerk-date':
    case 'clerk-home':
    case 'clerk-find':
    case 'clerk-found':
    case 'clerk-void':
    case 'clerk-void-one':
    case 'clerk-slip':
      return CLERK;
  }
}

const has = (pts: number): DisplayLines => ({ upper: `积分 ${pts}`, lower: `Points ${pts}` });
const costs = (pts: number, afterPts: number): DisplayLines => ({
  upper: `用 ${pts} 剩 ${afterPts}`,
  lower: `Use ${pts} left ${afterPts}`,
});
const thanks = (afterPts: number): DisplayLines => ({
  upper: `谢谢 剩 ${afterPts}`,
  lower: `Thanks, left ${afterPts}`,
});
