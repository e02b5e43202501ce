import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseItem, hasChromium, type KioskPage, openBrowser, openKiosk } from '../../bench/support/browser.ts';
import { CI, type Demo, ROOT, startDemo } from '../../bench/support/demo.ts';
import type { RigCard } from '../../protocol/api/rig.ts';
import { nodeHashing } from '../../protocol/node/crypto.ts';
import type { TerminalConfig } from '../../terminal/config.ts';
import { createFence } from '../../terminal/journal/fence.ts';
import { fenceFile } from '../../terminal/journal/fence-file.ts';

/** One redemption, end to end, on real parts: pcscd where there is one, Chromium, real processes, the printer's bytes. */

describe.skipIf(!hasChromium && !CI)('one redemption, end to end', () => {
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

  const slips = async (since: number) => demo.text(`api/printer/paper?format=txt&since=${since}`);
  const fenceMark = () => {
    const dir = join(demo.data, 'kiosk-1');
    const config = JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8')) as TerminalConfig;
    const file = fenceFile(resolve(dir, config.fence));
    const mark = createFence(file, nodeHashing).mark();
    file.close();
    return mark;
  };
  const cardOf = (holder: string) => cards.find((card) => card.holder.includes(holder)) ?? cards[0];

  it('uses the real PC/SC stack in CI', () => {
    expect(demo.says()).toMatch(CI ? /real pcscd/ : /reader: /);
  });

  it('redeems a bag of rice, prints it, and the hub posts it', async () => {
    await kiosk.screen('attract');
    const tap = await demo.post(`api/cards/${cards[0]?.id}/tap`);
    expect(tap).toEqual({ status: 200, body: { ok: true } });
    const balance = await kiosk.screen('balance');
    expect(await balance.innerText()).toContain('1000');
    expect(await kiosk.page.locator('body').innerText()).not.toContain('张桂芳');
    await chooseItem(kiosk, 'rice');
    expect(await kiosk.page.locator('[data-screen="confirm"]').innerText()).toContain('955');
    await kiosk.touch('confirm');
    const done = await kiosk.screen('done');
    expect(await done.innerText()).toMatch(/k1\.1\.2/);
    await demo.until(
      (s) => s.journal.seq === 2 && s.hub.seq === 2 && s.printer.jobs.confirmed === 1,
      'printed and at the hub',
    );
    // Its fence said that it goes to the printer: no commit of its own stood between confirm and paper.
    expect(fenceMark()).toMatchObject({ ep: 1, seq: 2, printing: true });
    const paper = await slips(0);
    for (const part of [
      '大米',
      '兑换前积分',
      '1000',
      '本次使用',
      '45',
      '剩余积分',
      '955',
      'k1.1.2',
      '校验码',
      '张*芳',
    ]) {
      expect(paper).toContain(part);
    }
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(paper)?.[0] ?? '';
    expect(paper).toContain(`[QR ${demo.ready.hub}r/k1.1.2.${code}]`);
    const answer = await (await fetch(`${demo.ready.hub}r/k1.1.2.${code}`)).text();
    expect(answer).toContain('data-answer="stored"');
    expect(await (await fetch(`${demo.ready.hub}r/k1.1.2.0000-0000-0000`)).text()).toContain('data-answer="differs"');
    await kiosk.screen('attract', 8_000);
    expect(kiosk.faults).toEqual([]);
  });

  it('shows the record, its checks and its transfers on the hub’s console', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(demo.ready.hub);
    await page.locator('[data-testid="user"]').fill(demo.ready.operator.user);
    await page.locator('[data-testid="password"]').fill(demo.ready.operator.password);
    await page.locator('[data-testid="sign-in"]').click();
    await page.locator('[data-testid="nav-records"]').click();
    await page.locator('[data-testid="record-row-k1.1.2"]').click();
    await page.locator('[data-testid="check-signature"]').waitFor();
    for (const check of ['signature', 'chain', 'counters', 'price', 'allowance', 'transfers']) {
      expect(await page.locator(`[data-testid="check-${check}"]`).innerText()).toContain('✓');
    }
    expect(await page.locator('[data-testid="transfer-row"]').first().innerText()).toContain('shop:shop-taowan');
    await page.close();
  });

  it('asks for a PIN above the threshold, and prints a rare name', async () => {
    const card = cardOf('㙓');
    await demo.post(`api/cards/${card?.id}/tap`);
    const before = await demo.get<unknown[]>('api/cards');
    expect(before.length).toBe(65);
    await chooseItem(kiosk, 'umbrella');
    await kiosk.touch('confirm');
    await kiosk.screen('pin');
    for (const digit of card?.pin ?? '') await kiosk.touch(`pin-${digit}`);
    await kiosk.touch('pin-ok');
    await kiosk.screen('done');
    await demo.until((s) => s.printer.jobs.confirmed === 2 && s.hub.seq === 3, 'printed and at the hub');
    expect(await slips(1)).toContain('[image 576x');
    await kiosk.screen('attract', 8_000);
  });

  it('works with the hub away, and drains when it is back', async () => {
    await demo.post('api/network', { hub: 'down' });
    await kiosk.id('offline-badge').waitFor({ timeout: 15_000 });
    for (let n = 0; n < 2; n++) {
      await demo.post(`api/cards/${cards[0]?.id}/tap`);
      await chooseItem(kiosk, 'salt');
      await kiosk.touch('confirm');
      await kiosk.screen('done');
      // The same card may be tapped again at once, while the result still shows.
    }
    const offline = await demo.until((s) => s.journal.unsent === 2, 'two records wait');
    expect(offline.hub.seq).toBe(3);
    await demo.post('api/network', { hub: 'up' });
    const drained = await demo.until((s) => s.journal.unsent === 0, 'drained', 30_000);
    expect(drained.hub).toEqual({ seq: 5, head: drained.journal.head });
  });

  it('exports what anybody can check, and a change shows', () => {
    const out = join(mkdtempSync(join(tmpdir(), 'tally-export-')), 'e');
    const run = (...argv: string[]) => spawnSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' });
    const hub = run('dist/hub/main.js', 'export', '--data', demo.data, '--out', out);
    expect(hub.stderr).toBe('');
    const clean = run('dist/hub/export/verify-main.js', out, '--json');
    expect(JSON.parse(clean.stdout)).toMatchObject({ findings: [], records: 5, epochs: 1 });
    expect(clean.status).toBe(0);
    const records = readFileSync(join(out, 'records.jsonl'), 'utf8');
    expect(records).not.toMatch(/张|芳|㙓/);
    writeFileSync(join(out, 'records.jsonl'), records.replace(/\n.*"seq":3.*\n/, '\n'));
    appendFileSync(join(out, 'transfers.jsonl'), '');
    const broken = run('dist/hub/export/verify-main.js', out);
    expect(broken.status).toBe(1);
    expect(broken.stdout).toMatch(/file-changed/);
    expect(broken.stdout).toMatch(/gap/);
  });
});
