import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseItem, hasChromium, type KioskPage, openBrowser, openKiosk } from '../../bench/support/browser.ts';
import { CI, type Demo, startDemo } from '../../bench/support/demo.ts';
import type { RigCard } from '../../protocol/api/rig.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { readTrusted } from '../../protocol/records/record.ts';
import type { ClerkDeed } from '../../terminal/journal/clerk-trail.ts';
import { hands } from '../support/hands.ts';

/** A clerk at work on the whole demo: a resident helped without their card, a redemption undone, a slip found by its number. */

describe.skipIf(!hasChromium && !CI)('the clerk’s counter, end to end', () => {
  let demo: Demo;
  let browser: Browser;
  let kiosk: KioskPage;
  let cards: RigCard[];

  beforeAll(async () => {
    demo = await startDemo();
    browser = await openBrowser();
    kiosk = await openKiosk(browser, demo.ready.kiosk);
    cards = await demo.cards();
  });
  afterAll(async () => {
    await browser?.close();
    expect(await demo?.stop()).toBe(0);
  });

  const clerkCard = () => cards.find((card) => card.role === 'clerk');
  async function clerkIn(): Promise<void> {
    await demo.post(`api/cards/${clerkCard()?.id}/tap`);
    await kiosk.screen('clerk-pin');
    for (const digit of clerkCard()?.pin ?? '') await kiosk.touch(`pin-${digit}`);
    await kiosk.touch('pin-ok');
    await kiosk.screen('clerk-home');
  }
  function journal<T>(read: (db: Database.Database) => T): T {
    const db = new Database(join(demo.data, 'kiosk-1', 'data', 'journal.sqlite'), { readonly: true });
    try {
      return read(db);
    } finally {
      db.close();
    }
  }
  const payloads = (): Payload[] =>
    journal((db) =>
      (db.prepare('SELECT jws, hash FROM records ORDER BY seq').all() as { jws: string; hash: string }[]).flatMap(
        ({ jws, hash }) => readTrusted(jws, hash).payload ?? [],
      ),
    );
  const trail = (): ClerkDeed[] =>
    journal((db) => JSON.parse(String(db.prepare(`SELECT value FROM facts WHERE name = 'clerk-trail'`).pluck().get())));

  it('helps a resident who has no card along: the record names the clerk, and the clerk is back at the tasks', async () => {
    await kiosk.screen('attract');
    await clerkIn();
    await kiosk.touch('task-find');
    await kiosk.screen('clerk-find');
    for (const letter of 'zgf') await kiosk.touch(`key-${letter}`);
    await kiosk.touch('find-show');
    const found = await kiosk.screen('clerk-found');
    expect(await found.innerText()).toContain('张*芳');
    expect(await kiosk.page.locator('body').innerText()).not.toContain('张桂芳');
    await kiosk.page.locator('[data-testid^="person-"]').first().click();
    await kiosk.screen('clerk-card');
    expect(await kiosk.id('set-pin').count(), 'no card, no PIN').toBe(0);
    await kiosk.touch('help-begin');
    await kiosk.screen('balance');
    expect(await kiosk.id('helper').innerText()).toContain('张*芳');
    await chooseItem(kiosk, 'rice');
    expect(await kiosk.id('helper').count()).toBe(1);
    await kiosk.touch('confirm');
    const done = await kiosk.screen('done');
    expect(await done.innerText()).toContain('955');
    expect(await kiosk.id('helper').innerText()).toContain('张*芳');
    await kiosk.touch('finish');
    await kiosk.screen('clerk-home');
    await demo.until((s) => s.hub.seq === 2 && s.printer.jobs.confirmed === 1, 'printed and at the hub');
    const clerk = payloads().at(-1)?.clerk;
    expect(payloads().at(-1)).toMatchObject({
      type: 'redeem',
      pts: 45,
      auth: { pin: false },
      clerk: expect.any(String),
    });
    expect(trail()).toMatchObject([{ deed: 'help', clerk }]);
  });

  it('asks the resident’s own PIN above the threshold, and leaving leads back to the tasks', async () => {
    await kiosk.touch('task-find');
    for (const letter of 'zgf') await kiosk.touch(`key-${letter}`);
    await kiosk.touch('find-show');
    await kiosk.page.locator('[data-testid^="person-"]').first().click();
    await kiosk.touch('help-begin');
    await chooseItem(kiosk, 'umbrella');
    await kiosk.touch('confirm');
    await kiosk.screen('pin');
    await kiosk.touch('cancel');
    await kiosk.screen('clerk-home');
    expect(payloads()).toHaveLength(2);
  });

  it('undoes it, whole and once, whatever is touched or sent again', async () => {
    await kiosk.touch('task-void');
    await kiosk.screen('clerk-void');
    await kiosk.touch('void-2');
    const one = await kiosk.screen('clerk-void-one');
    expect(await one.innerText()).toMatch(/大米[\s\S]*× 1/);
    expect(await kiosk.id('void-confirm').isDisabled()).toBe(true);
    await kiosk.touch('reason-wrong-item');
    const { session } = await hands(demo.ready.kiosk).view();
    await kiosk.id('void-confirm').dblclick();
    await kiosk.screen('clerk-void');
    await kiosk.page.locator('[data-remark="voided"]').waitFor();
    const second = hands(demo.ready.kiosk);
    for (const touch of ['void-pick', 'void-confirm'] as const) await second.act(session, { type: touch, seq: 2 });
    expect(await kiosk.id('void-2').count()).toBe(0);
    const after = await demo.until((s) => s.hub.seq === 3 && s.journal.unsent === 0, 'the void is at the hub');
    expect(after.journal.seq).toBe(3);
    expect(payloads().at(-1)).toMatchObject({ type: 'void', ref: 2, pts: 45, reason: 'wrong-item', tot: 0 });
    const hub = new Database(join(demo.data, 'hub', 'hub.sqlite'), { readonly: true });
    const stages = hub.prepare(`SELECT stage FROM judgements WHERE type IN ('redeem', 'void')`).pluck().all();
    hub.close();
    expect(stages).toEqual(['matched', 'matched']);
  });

  it('says whether a slip came out, and prints a marked copy of it', async () => {
    await kiosk.touch('back');
    await kiosk.touch('task-prints');
    await kiosk.touch('slip');
    await kiosk.screen('clerk-slip');
    for (const digit of '0002') await kiosk.touch(`key-${digit}`);
    await kiosk.page.locator('[data-print="2"][data-state="confirmed"]').waitFor();
    await kiosk.id('reprint-2').dblclick();
    await demo.until((s) => s.printer.jobs.confirmed === 2, 'the copy is printed');
    expect(await demo.text('api/printer/paper?format=txt&since=1')).toContain('COPY 1');
    expect(trail().map(({ deed }) => deed)).toEqual(['help', 'help', 'print-copy']);
    await kiosk.touch('back');
    await kiosk.screen('clerk-prints');
    await kiosk.touch('back');
    await kiosk.touch('cancel');
    await kiosk.screen('attract');
    expect(kiosk.faults).toEqual([]);
    // The person is served again as if nothing had been: all points are there.
    await demo.post(`api/cards/${cards[0]?.id}/tap`);
    expect(await (await kiosk.screen('balance')).innerText()).toContain('1000');
    expect(await kiosk.id('helper').count()).toBe(0);
  });
});
