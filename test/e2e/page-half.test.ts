import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chooseItem, hasChromium, type KioskPage, openKiosk, openMortalBrowser } from '../../bench/support/browser.ts';
import { CI, type Demo, startDemo } from '../../bench/support/demo.ts';
import { whileFrozen } from '../support/frozen-agent.ts';
import { redeems, slipsOf } from '../support/kill-loop.ts';

/** The page's half of a redemption: browser killed, two tabs, a reload. One record, and the same screen again. */

/** When the browser dies behind the press, where nothing holds the agent still. */
const KILL_AFTER_MS = [0, 8];

describe.skipIf(!hasChromium && !CI)('the page keeps no truth', () => {
  let demo: Demo;
  let mortal: { readonly browser: Browser; kill(): Promise<void> };
  let card = '';
  let before = 0;

  beforeAll(async () => {
    demo = await startDemo(['--reader', 'virtual']);
    mortal = await openMortalBrowser();
    card = (await demo.cards())[0]?.id ?? '';
  });
  afterAll(async () => {
    await mortal?.kill();
    expect(await demo?.stop()).toBe(0);
  });
  afterEach(async () => {
    await Promise.all(mortal.browser.contexts().map((context) => context.close()));
  });

  const open = () => openKiosk(mortal.browser, demo.ready.kiosk);
  const made = () => redeems(demo).length - before;
  const shown = async (kiosk: KioskPage, name: string) => (await kiosk.screen(name)).innerText();
  /** The press alone: nothing waits for what comes of it. */
  const press = (kiosk: KioskPage) => kiosk.id('confirm').dispatchEvent('click');
  const numberShown = async (kiosk: KioskPage) => /k1\.1\.\d+/.exec(await shown(kiosk, 'done'))?.[0];

  /** A page on the confirm screen, and what it says. */
  async function confirming(): Promise<{ kiosk: KioskPage; asks: string }> {
    before = redeems(demo).length;
    const kiosk = await open();
    await demo.post(`api/cards/${card}/tap`);
    await chooseItem(kiosk, 'salt');
    return { kiosk, asks: await shown(kiosk, 'confirm') };
  }
  async function killed(): Promise<void> {
    await mortal.kill();
    mortal = await openMortalBrowser();
  }
  /** The result of the one record, or the question still: then it is answered here. */
  async function resultOf(kiosk: KioskPage): Promise<string | undefined> {
    await kiosk.page.locator('[data-screen="done"], [data-screen="confirm"]').waitFor();
    if (made() === 0) await press(kiosk);
    return numberShown(kiosk);
  }
  const newest = () => `k1.1.${redeems(demo).at(-1)?.seq}`;

  it('shows the same question to a browser that was killed, and charges nothing by it', async () => {
    const { asks } = await confirming();
    await killed();
    const again = await open();
    expect(await shown(again, 'confirm')).toBe(asks);
    expect(made()).toBe(0);
    await again.touch('confirm');
    expect(await numberShown(again)).toBe(newest());
    expect(made()).toBe(1);
  });

  it('shows the result to a browser that was killed between the press and the answer', async () => {
    const { kiosk } = await confirming();
    await whileFrozen(demo, async (frozen) => {
      await press(kiosk);
      await frozen.pressed(1);
      await killed();
      expect(made()).toBe(0);
    });
    const again = await open();
    expect(await numberShown(again)).toBe(newest());
    expect(made()).toBe(1);
  });

  it.each(KILL_AFTER_MS)('redeems once where the browser dies %i ms behind the press', async (ms) => {
    const { kiosk } = await confirming();
    await press(kiosk);
    await new Promise((done) => setTimeout(done, ms));
    await killed();
    expect(await resultOf(await open())).toBe(newest());
    expect(made()).toBe(1);
  });

  it('takes one of two presses at once in two tabs, and shows its result in both', async () => {
    const { kiosk, asks } = await confirming();
    const other = await open();
    expect(await shown(other, 'confirm')).toBe(asks);
    const tabs = [kiosk, other];
    const answers = tabs.map(({ page }) => page.waitForResponse((response) => response.url().endsWith('/api/act')));
    await whileFrozen(demo, async (frozen) => {
      await Promise.all(tabs.map(press));
      await frozen.pressed(2);
    });
    expect((await Promise.all(answers)).map((answer) => answer.status())).toEqual([200, 200]);
    expect(await Promise.all(tabs.map(numberShown))).toEqual([newest(), newest()]);
    expect(made()).toBe(1);
    expect(tabs.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it('stands a reload before the press, and on the result', async () => {
    const { kiosk, asks } = await confirming();
    await kiosk.page.reload();
    expect(await shown(kiosk, 'confirm')).toBe(asks);
    await kiosk.touch('confirm');
    const number = await numberShown(kiosk);
    await kiosk.page.reload();
    expect(await numberShown(kiosk)).toBe(number);
    expect([made(), number]).toEqual([1, newest()]);
  });

  it('stands a reload between the press and the answer', async () => {
    const { kiosk } = await confirming();
    await whileFrozen(demo, async (frozen) => {
      await press(kiosk);
      await frozen.pressed(1);
      const loading = kiosk.page.reload();
      frozen.thaw();
      await loading;
    });
    expect(await numberShown(kiosk)).toBe(newest());
    expect(made()).toBe(1);
  });

  it('redeems once where the reload comes in the very touch', async () => {
    const { kiosk } = await confirming();
    const button = `document.querySelector('kiosk-app').shadowRoot.querySelector('[data-testid="confirm"]')`;
    await kiosk.page.evaluate(`${button}.click(); location.reload()`);
    expect(await resultOf(kiosk)).toBe(newest());
    expect(made()).toBe(1);
  });

  it('has printed one original of each, and taken the points of each once', async () => {
    const all = redeems(demo).map(({ seq }) => `k1.1.${seq}`);
    await demo.until((s) => s.printer.jobs.confirmed === all.length && s.journal.unsent === 0, 'all printed and sent');
    const paper = slipsOf(await demo.text('api/printer/paper?format=txt'));
    expect([...paper]).toEqual(all.map((number) => [number, { originals: 1, copies: 0 }]));
    await demo.post(`api/cards/${card}/tap`);
    expect(await shown(await open(), 'balance')).toContain(String(1000 - 6 * all.length));
  });
});
