import { afterEach, expect, it, vi } from 'vitest';
import type { Act, KioskView } from '../../protocol/api/kiosk.ts';
import { switchedSource } from './page-source.ts';

/** What pages see before there is a kiosk, and when it begins. */

it('says why it is closed in the language that was touched, and hands that on', () => {
  const page = switchedSource(5.9);
  const seen: KioskView[] = [];
  page.onView((view) => seen.push(view));
  expect(page.view()).toMatchObject({ screen: 'closed', language: 'zh-CN', closed: { code: 'starting' } });
  page.act(null, { type: 'language', language: 'en' });
  page.say({ code: 'journal-damaged' });
  page.act(null, { type: 'clerk' });
  expect(seen.map(({ language, closed }) => [language, closed?.code])).toEqual([
    ['en', 'starting'],
    ['en', 'journal-damaged'],
  ]);
  expect(page.view()).toEqual(seen.at(-1));

  const acts: [string | null, Act][] = [];
  const attract: KioskView = { ...page.view(), screen: 'attract' };
  page.use({ view: () => attract, onView: () => () => undefined, act: (...act) => void acts.push(act) });
  page.act('s1', { type: 'confirm' });
  expect(acts).toEqual([
    [null, { type: 'language', language: 'en' }],
    ['s1', { type: 'confirm' }],
  ]);
  expect([page.view(), seen.at(-1)]).toEqual([attract, attract]);
});

afterEach(() => void vi.useRealTimers());

it('shows whom to ask where it is asked, until that is put away or a minute has gone', () => {
  vi.useFakeTimers();
  const page = switchedSource(5.9);
  const shown: string[] = [];
  page.onView((view) => shown.push(view.screen));
  page.act(null, { type: 'help' });
  page.act(null, { type: 'back' });
  page.act(null, { type: 'help' });
  vi.advanceTimersByTime(60_000);
  expect(shown).toEqual(['help', 'closed', 'help', 'closed']);
});
