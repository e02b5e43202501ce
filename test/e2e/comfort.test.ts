import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, type KioskPage, openKiosk, openMortalBrowser } from '../../bench/support/browser.ts';
import { CI, type Demo, startDemo } from '../../bench/support/demo.ts';

/** Language, large text and speech on the whole demo: remembered for the card, there within a second, gone with the person. */

const APPLIED_MS = 1_000;

describe.skipIf(!hasChromium && !CI)('how a person wants the screens', () => {
  let demo: Demo;
  let mortal: { readonly browser: Browser; kill(): Promise<void> };
  let kiosk: KioskPage;
  let mine = '';
  let others = '';

  beforeAll(async () => {
    demo = await startDemo(['--reader', 'virtual']);
    mortal = await openMortalBrowser();
    const residents = (await demo.cards()).filter((card) => card.role === 'resident' && card.kind === 'uid');
    [mine = '', others = ''] = residents.map((card) => card.id);
    kiosk = await openKiosk(mortal.browser, demo.ready.kiosk);
  });
  afterAll(async () => {
    await mortal?.kill();
    expect(await demo?.stop()).toBe(0);
  });

  const app = () => kiosk.page.locator('kiosk-app');
  const shown = async () => [await app().getAttribute('language'), (await app().getAttribute('large')) !== null];
  async function leave(): Promise<void> {
    await kiosk.touch('cancel');
    await kiosk.screen('attract');
  }
  const tap = async (card: string) => {
    await demo.post(`api/cards/${card}/tap`);
    await kiosk.screen('balance');
  };

  it('is remembered for the card, and for no other', async () => {
    await tap(mine);
    await kiosk.touch('large-text');
    await kiosk.touch('language');
    await expect.poll(shown).toEqual(['en', true]);
    await leave();
    await expect.poll(shown).toEqual(['zh-CN', false]);
    await tap(others);
    expect(await shown()).toEqual(['zh-CN', false]);
    await leave();
    await tap(mine);
    const began = performance.now();
    await expect.poll(shown, { interval: 20, timeout: APPLIED_MS }).toEqual(['en', true]);
    expect(performance.now() - began).toBeLessThan(APPLIED_MS);
    await leave();
  });

  it('the kiosk’s own voice reads the screen, and a second touch stops it', async () => {
    const answered = kiosk.page.waitForResponse((response) => response.url().includes('/api/speech'));
    await kiosk.touch('listen');
    const answer = await answered;
    expect([answer.status(), await answer.headerValue('content-type')]).toEqual([200, 'audio/wav']);
    await expect.poll(() => kiosk.id('listen').getAttribute('aria-pressed')).toBe('true');
    await kiosk.touch('listen');
    await expect.poll(() => kiosk.id('listen').getAttribute('aria-pressed')).toBe('false');
  });
});
