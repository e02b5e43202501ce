import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseItem, hasChromium, type KioskPage, openBrowser, openKiosk } from '../../bench/support/browser.ts';
import { CI, type Demo, startDemo } from '../../bench/support/demo.ts';
import type { RequestItem } from '../../protocol/api/programme.ts';
import { consoleClient } from '../conformance/console-client.ts';
import { whileFrozen } from '../support/frozen-agent.ts';

/** A resident looks at their own: a statement on paper, what is held, and a correction that the county sees. */

describe.skipIf(!hasChromium && !CI)('the side ways, end to end', () => {
  let demo: Demo;
  let browser: Browser;
  let kiosk: KioskPage;
  let card = '';

  beforeAll(async () => {
    demo = await startDemo(['--reader', 'virtual']);
    browser = await openBrowser();
    kiosk = await openKiosk(browser, demo.ready.kiosk);
    card = (await demo.cards())[0]?.id ?? '';
  });
  afterAll(async () => {
    await browser?.close();
    expect(await demo?.stop()).toBe(0);
  });

  const slips = (since: number) => demo.text(`api/printer/paper?format=txt&since=${since}`);
  const shown = async (name: string) => (await kiosk.screen(name)).innerText();
  const papers = (state: string) => kiosk.page.locator(`[data-paper="${state}"]`).waitFor({ timeout: 20_000 });
  async function tapped(): Promise<void> {
    await demo.post(`api/cards/${card}/tap`);
    await kiosk.screen('balance');
  }
  /** What the county's console lists as open, by number. */
  async function openCases(): Promise<readonly RequestItem[]> {
    const { hub, operator } = demo.ready;
    const { ask } = consoleClient(hub.replace(/\/$/, ''), () => operator.password);
    const { status, body } = await ask(operator.user, '/requests?kind=case&state=open');
    expect(status).toBe(200);
    return body.rows as RequestItem[];
  }

  it('shows a statement and prints it', async () => {
    await tapped();
    await chooseItem(kiosk, 'salt');
    await kiosk.touch('confirm');
    await kiosk.screen('done');
    await demo.until((s) => s.printer.jobs.confirmed === 1, 'the receipt is printed');
    await tapped();
    await kiosk.touch('statement');
    const text = await shown('statement');
    for (const part of ['994', '食盐', '−6']) expect(text).toContain(part);
    await kiosk.touch('print');
    await papers('printed');
    const slip = await slips(1);
    for (const part of ['积分明细', 'Statement of points', 'k1.1.2', '994']) expect(slip).toContain(part);
    await kiosk.touch('back');
  });

  it('shows what is held and prints it, in the other language on the same screen', async () => {
    await kiosk.screen('balance');
    await kiosk.touch('mydata');
    expect(await shown('mydata')).toContain('本机存有我的');
    await kiosk.touch('language');
    await kiosk.page.locator('[data-screen="mydata"]', { hasText: 'Held about me' }).waitFor();
    await kiosk.touch('print');
    await papers('printed');
    expect(await slips(2)).toContain('What this kiosk holds about me');
    await kiosk.touch('back');
  });

  it('files a correction once for two presses in two tabs; the county sees it open', async () => {
    await kiosk.screen('balance');
    for (const id of ['case', 'case-goods-damaged', 'case-ref-k1.1.2']) await kiosk.touch(id);
    const other = await openKiosk(browser, demo.ready.kiosk);
    const tabs = [kiosk, other];
    for (const tab of tabs) await tab.id('case-file').waitFor();
    await whileFrozen(demo, async (frozen) => {
      await Promise.all(tabs.map((tab) => tab.id('case-file').dispatchEvent('click')));
      await frozen.pressed(2);
    });
    for (const tab of tabs) expect(await tab.id('case-number').innerText()).toBe('k1.1.3');
    await other.page.close();
    await demo.until((s) => s.journal.seq === 3 && s.hub.seq === 3, 'one case, at the hub');
    expect(await openCases()).toMatchObject([
      { number: 'k1.1.3', kind: 'case', code: 'goods-damaged', ref: 'k1.1.2', state: 'open' },
    ]);
    await kiosk.touch('print');
    await papers('printed');
    expect(await slips(3)).toMatch(/更正申请[\s\S]*k1\.1\.3/);
    await kiosk.touch('cancel');
    await kiosk.screen('attract');
  });

  it('says the number again to who files the same anew', async () => {
    await tapped();
    for (const id of ['case', 'case-goods-damaged', 'case-ref-k1.1.2', 'case-file']) await kiosk.touch(id);
    expect(await kiosk.id('case-number').innerText()).toBe('k1.1.3');
    await kiosk.touch('cancel');
    await kiosk.screen('attract');
    expect(await demo.get('api/state')).toMatchObject({ journal: { seq: 3 } });
  });

  it('without paper shows all the same, and says why nothing is printed', async () => {
    await demo.post('api/faults', { name: 'paper-out', on: true });
    await demo.until((s) => s.printer.paper === 'out', 'the paper is out');
    await tapped();
    await kiosk.touch('statement');
    await papers('no-paper');
    // In the language that this card was last shown: that is remembered.
    expect(await shown('statement')).toMatch(/食盐|Salt/);
    expect(await kiosk.id('print').isDisabled()).toBe(true);
    await kiosk.touch('cancel');
    await kiosk.screen('attract');
    expect(await kiosk.page.locator('body').innerText()).not.toMatch(/食盐|Salt|994/);
    expect(kiosk.faults).toEqual([]);
  });
});
