import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chooseItem, hasChromium, type KioskPage, openBrowser, openKiosk } from '../../bench/support/browser.ts';
import { CI, type Demo, startDemo } from '../../bench/support/demo.ts';
import type { RigCard, RigFault } from '../../protocol/api/rig.ts';

/** What goes wrong at a kiosk: each says what happened and what to do, charges nothing by mistake, and loses nothing. */

describe.skipIf(!hasChromium && !CI)('what goes wrong at a kiosk', () => {
  let demo: Demo;
  let browser: Browser;
  let kiosk: KioskPage;
  let cards: RigCard[];
  let notes: Record<string, string>;

  beforeAll(async () => {
    demo = await startDemo();
    browser = await openBrowser();
    kiosk = await openKiosk(browser, demo.ready.kiosk);
    cards = await demo.cards();
    notes = (await demo.get<{ cardNotes: Record<string, string> }>('api/setup')).cardNotes;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });
  afterEach(async () => {
    for (const fault of await demo.get<RigFault[]>('api/faults')) {
      if (fault.on) await demo.post('api/faults', { name: fault.name, on: false });
    }
    await kiosk.screen('attract', 30_000);
    expect(kiosk.faults).toEqual([]);
  });

  const journalSeq = async () => (await demo.until(() => true, 'a state')).journal.seq;
  const tap = (id: string | undefined, holdMs?: number) =>
    demo.post(`api/cards/${id}/tap`, holdMs === undefined ? {} : { holdMs });
  const noted = (note: string) => cards.find((card) => notes[card.id] === note)?.id;
  const dismiss = async () => {
    for (const id of ['cancel', 'finish', 'back']) {
      const button = kiosk.id(id);
      if ((await button.count()) > 0) return button.first().click();
    }
  };

  it.each([
    ['a blocked card', () => noted('blocked'), null, /停用|挂失|不能用/],
    ['a card torn away', () => cards[0]?.id, 'card-torn', /拿开|太快|多放/],
    ['a mute card', () => cards[0]?.id, 'card-mute', /读|卡/],
    ['a random UID', () => cards[0]?.id, 'random-uid', /卡|手机/],
  ] as const)('%s', async (_name, card, fault, words) => {
    const before = await journalSeq();
    if (fault) await demo.post('api/faults', { name: fault, on: true });
    await tap(card(), 1_500);
    const screen = await kiosk.screen('error', 15_000);
    const text = await screen.innerText();
    expect(text).toMatch(words);
    expect(text).not.toMatch(/undefined|[a-z]+-[a-z]+-[a-z]+/);
    expect(await kiosk.id('error').count()).toBe(1);
    await dismiss();
    expect(await journalSeq()).toBe(before);
  });

  it('a card of another village: the hub is asked, and what it grants is shown', async () => {
    await tap(noted('visiting'));
    await kiosk.screen('balance', 15_000);
    expect(Number(await kiosk.id('balance-points').innerText())).toBeGreaterThan(0);
    await kiosk.touch('cancel');
    await kiosk.screen('attract');
  });

  it('not enough points: said on the item, before it is chosen', async () => {
    await tap(noted('poor'));
    await kiosk.screen('balance');
    await kiosk.touch('choose');
    await kiosk.screen('choose');
    const rice = kiosk.id('item-rice');
    expect(await rice.isDisabled()).toBe(true);
    expect(await rice.innerText()).toMatch(/还差\s*\d+/);
    await kiosk.touch('cancel');
  });

  it('a tap in the wrong moment: another card is named, refused, and charged nothing', async () => {
    const before = await journalSeq();
    await tap(cards[0]?.id);
    await chooseItem(kiosk, 'salt');
    await tap(cards[1]?.id);
    await kiosk.id('remark').waitFor({ timeout: 5_000 });
    await kiosk.screen('confirm');
    expect(await journalSeq()).toBe(before);
    await kiosk.touch('confirm');
    await kiosk.screen('done');
    const paper = await demo.text('api/printer/paper?format=txt');
    expect(paper).toContain('张*芳');
    expect(await journalSeq()).toBe(before + 1);
  });

  it('a wrong PIN costs a try, three lock the card here', async () => {
    const card = cards.find((each) => each.holder === '陈福生');
    const wrong = card?.pin === '1111' ? '2222' : '1111';
    await tap(card?.id);
    await chooseItem(kiosk, 'umbrella');
    await kiosk.touch('confirm');
    await kiosk.screen('pin');
    for (let tries = 1; tries <= 3; tries++) {
      for (const digit of wrong) await kiosk.touch(`pin-${digit}`);
      await kiosk.touch('pin-ok');
      if (tries < 3) await kiosk.id('remark').waitFor();
    }
    expect(await (await kiosk.screen('error')).innerText()).toMatch(/店员|锁/);
    await kiosk.touch('cancel');
  });

  it('the printer absent: the redemption stands, and the screen says where the receipt is', async () => {
    await demo.post('api/faults', { name: 'printer-refuses', on: true });
    await demo.until((s) => s.printer.state === 'absent', 'the printer to be gone');
    const before = await journalSeq();
    await tap(cards[0]?.id);
    await chooseItem(kiosk, 'salt');
    await kiosk.touch('confirm');
    expect(await (await kiosk.screen('done')).innerText()).toMatch(/打印机|店员/);
    expect(await journalSeq()).toBe(before + 1);
    await demo.post('api/faults', { name: 'printer-refuses', on: false });
    await demo.until(
      (s) => (s.printer.jobs.queued ?? 0) === 0 && s.printer.state === 'ready',
      'the receipt to come out',
      30_000,
    );
    expect(await demo.text('api/printer/paper?format=txt')).toContain(`k1.1.${before + 1}`);
  });

  it('paper out is said before confirm, and nothing is lost', async () => {
    await demo.post('api/faults', { name: 'paper-out', on: true });
    await demo.until((s) => s.printer.paper === 'out', 'the paper to be out');
    await tap(cards[0]?.id);
    await chooseItem(kiosk, 'salt');
    expect(await (await kiosk.screen('confirm')).innerText()).toContain('没有纸');
    await kiosk.touch('confirm');
    await kiosk.screen('done');
  });

  it('a replayed touch of an earlier session charges nothing', async () => {
    await tap(cards[0]?.id);
    const first = await kiosk.page.evaluate(async () => {
      const view = (await (await fetch('/api/view')).json()) as { session: string };
      return view.session;
    });
    await kiosk.screen('balance');
    await kiosk.touch('cancel');
    await kiosk.screen('attract');
    const before = await journalSeq();
    await tap(cards[0]?.id);
    await chooseItem(kiosk, 'salt');
    await kiosk.page.evaluate(async (session) => {
      const body = JSON.stringify({ session, act: { type: 'confirm' } });
      await fetch('/api/act', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }, first);
    expect(await journalSeq()).toBe(before);
    await kiosk.touch('cancel');
  });

  it('the rig names what it refuses', async () => {
    expect(await demo.post('api/cards/nobody/tap')).toMatchObject({
      status: 409,
      body: { error: expect.any(String), whatToDo: expect.any(String) },
    });
    expect(await demo.post('api/faults', { name: 'no-such', on: true })).toMatchObject({ status: 409 });
    expect(await demo.post('api/network', { hub: 'sideways' })).toMatchObject({ status: 400 });
    expect(await demo.post('api/scanner', { barcode: '1' })).toMatchObject({ status: 400 });
  });
});
