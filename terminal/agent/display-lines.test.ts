import { expect, it } from 'vitest';
import { SCREENS } from '../../protocol/api/kiosk.ts';
import { FIXTURES } from '../../ui/kiosk/fixtures.ts';
import { COLUMNS } from '../devices/display/cd5220.ts';
import { displayLines } from './display-lines.ts';

const columns = (text: string) => [...text].reduce((sum, each) => sum + (each.charCodeAt(0) < 0x80 ? 1 : 2), 0);

it.each(FIXTURES.map(({ name, view }) => [name, view] as const))('%s fits two lines and names nobody', (_, view) => {
  const { upper, lower } = displayLines(view);
  expect(Math.max(columns(upper), columns(lower))).toBeLessThanOrEqual(COLUMNS);
  for (const said of [view.person?.name, view.person?.last4, view.served?.name, view.clerk?.name]) {
    if (said !== undefined) expect(upper + lower).not.toContain(said);
  }
});

it('says welcome, points, amount and what is left, thanks', () => {
  const on = (screen: string) => FIXTURES.find(({ view }) => view.screen === screen)?.view;
  const said = ['attract', 'balance', 'confirm', 'done'].map((screen) => {
    const view = on(screen);
    return view === undefined ? null : displayLines(view);
  });
  expect(said).toEqual([
    { upper: '欢迎 请刷卡', lower: 'Tap your card' },
    { upper: `积分 ${on('balance')?.person?.pts}`, lower: `Points ${on('balance')?.person?.pts}` },
    expect.objectContaining({ upper: `用 ${on('confirm')?.basket?.pts} 剩 ${on('confirm')?.basket?.afterPts}` }),
    expect.objectContaining({ upper: `谢谢 剩 ${on('done')?.done?.afterPts}` }),
  ]);
});

it('has a picture of every screen to look at', () => {
  expect(new Set(FIXTURES.map(({ view }) => view.screen))).toEqual(new Set(SCREENS));
});
