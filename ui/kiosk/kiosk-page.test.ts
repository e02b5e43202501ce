import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASE_CODES } from '../../protocol/api/aside.ts';
import { type Language, SCREENS, type Screen } from '../../protocol/api/kiosk.ts';
import { FIXTURES, type Fixture, staged } from './fixtures.ts';
import { measure } from './measure.ts';
import { Stand } from './stand.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const HERE = existsSync(CHROMIUM);
const SCRIPT_LIMIT_BYTES = 60_000;

const PANELS = [
  { name: '10.1 inch', width: 1280, height: 800, mmPx: 5.884 },
  { name: '15.6 inch', width: 1920, height: 1080, mmPx: 5.56 },
] as const;
/** 0.7 degrees from half a metre, an arm's length. */
const LARGE_MM = 2 * 500 * Math.tan((0.35 * Math.PI) / 180);
const LANGUAGES: readonly Language[] = ['zh-CN', 'en'];

/** What outsiders find on each screen, by the table of public surfaces. */
const EVERYWHERE = ['language', 'help', 'listen'];
const PIN_PAD = [...Array.from({ length: 10 }, (_, digit) => `pin-${digit}`), 'pin-ok', 'pin-erase', 'cancel'];
const EXPECTED: Record<Screen, readonly string[]> = {
  attract: ['attract', 'clerk'],
  visit: ['cancel'],
  balance: ['balance', 'choose', 'statement', 'mydata', 'case', 'cancel'],
  statement: ['print', 'back', 'cancel'],
  mydata: ['print', 'back', 'cancel'],
  case: ['cancel'],
  choose: ['category-food', 'category-wash', 'category-home', 'cancel'],
  quantity: ['qty-plus', 'qty-minus', 'add-more', 'basket', 'cancel'],
  confirm: ['confirm', 'cancel', 'back'],
  pin: PIN_PAD,
  done: ['done', 'finish'],
  error: ['error', 'cancel'],
  help: ['back'],
  closed: ['clerk'],
  'clerk-pin': PIN_PAD,
  'clerk-prints': ['slip', 'back', 'cancel'],
  'clerk-card': ['back', 'cancel'],
  'clerk-new-pin': [...PIN_PAD.filter((id) => id !== 'cancel'), 'back'],
  'clerk-date': ['date', 'date-earlier', 'date-later', 'date-last', 'date-confirm', 'cancel'],
  'clerk-home': ['task-prints', 'task-card', 'task-find', 'task-void', 'cancel'],
  'clerk-find': ['find-show', 'key-erase', 'back'],
  'clerk-found': ['back', 'cancel'],
  'clerk-void': ['back', 'cancel'],
  'clerk-void-one': [
    'reason-wrong-item',
    'reason-wrong-person',
    'reason-no-goods',
    'reason-other',
    'void-confirm',
    'back',
  ],
  'clerk-slip': ['key-0', 'key-9', 'key-erase', 'back'],
};
const EXPECTED_HERE: Readonly<Record<string, readonly string[]>> = {
  choose: ['item-rice', 'item-soy-sauce', 'page-next'],
  'choose-basket': ['basket', 'page-next', 'page-back', 'offline-badge'],
  'balance-held': ['offline-badge'],
  'statement-pages': ['page-back', 'page-next'],
  'mydata-used': ['page-next'],
  case: ['back', ...CASE_CODES.map((code) => `case-${code}`)],
  'case-which': ['back', 'case-ref-k305.12.2131', 'case-ref-none', 'page-next'],
  'case-sure-other': ['back', 'case-file'],
  'case-filed': ['case-number', 'print', 'finish'],
  idle: ['still-here'],
  'help-nobody': ['clerk'],
  'error-in-session': ['back'],
  'help-loud-aloud': ['volume', 'read-aloud', 'large-text'],
  'clerk-card': ['set-pin', 'help-begin'],
  'clerk-card-locked': ['set-pin', 'unlock-knows-person', 'unlock-saw-papers'],
  'clerk-card-looked-up': ['help-begin'],
  'clerk-home-attention': ['attention'],
  'clerk-find': ['key-a', 'key-z', 'find-last4'],
  'clerk-find-last4': ['key-0', 'find-initials'],
  'clerk-found': ['person-a1', 'page-next', 'page-back'],
  'clerk-void': ['void-10421', 'page-next'],
  'clerk-slip-found': ['reprint-131'],
  'helped-choose-basket': ['helper', 'basket'],
  'helped-confirm-committing': ['helper'],
  'clerk-prints': ['reprint-131', 'reprint-130', 'page-next'],
};

if (!HERE && process.env.CI !== 'true')
  console.warn(`kiosk page: NOT TESTED, no browser at ${CHROMIUM} (apt install chromium)`);

describe.skipIf(!HERE && process.env.CI !== 'true')('the kiosk page in a browser', () => {
  let folder = '';
  let browser: Browser;
  let stand: Stand;
  let address = '';
  const troubles: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiosk-page-'));
    const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
    await build({ configFile, mode: 'kiosk', logLevel: 'error', build: { outDir: folder } });
    stand = new Stand(folder, fixture('attract').view);
    address = await stand.open();
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await stand?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function openPage(width = 1280, height = 800): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()));
    page.on(
      'response',
      (response) => response.status() >= 400 && troubles.push(`${response.status()} ${response.url()}`),
    );
    await page.goto(address);
    return page;
  }

  async function show(page: Page, view: Fixture['view']): Promise<void> {
    stand.show(view);
    await page.waitForFunction((rev) => {
      const app: (Element & { view?: { rev: number } }) | null = document.querySelector('kiosk-app');
      return app?.view?.rev === rev;
    }, stand.view.rev);
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
  }

  test('every screen of the contract has a fixture', () => {
    expect(SCREENS.filter((screen) => !FIXTURES.some((each) => each.view.screen === screen))).toEqual([]);
  });

  test('the script is small, and only the four font files are shipped', async () => {
    const assets = await readdir(join(folder, 'assets'));
    const scripts = await Promise.all(
      assets.filter((name) => name.endsWith('.js')).map((name) => readFile(join(folder, 'assets', name))),
    );
    const bytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
    expect(bytes).toBeLessThan(SCRIPT_LIMIT_BYTES);
    expect(assets.filter((name) => /\.woff/.test(name))).toHaveLength(4);
    expect(await readdir(join(folder, 'goods'))).toContain('rice.svg');
  });

  for (const panel of PANELS) {
    for (const language of LANGUAGES) {
      test.each([
        ['normal', undefined],
        ['large', LARGE_MM],
      ] as const)(
        `sizes, gaps, contrast and names, ${panel.name}, ${language}, %s text`,
        { timeout: 120_000 },
        async (text, capitalMm) => {
          const page = await openPage(panel.width, panel.height);
          const findings: string[] = [];
          for (const { name, view } of FIXTURES) {
            // Before enrolment nobody can ask for large text.
            if (text === 'large' && view.preferences === undefined) continue;
            await show(page, staged(view, language, panel.mmPx, text === 'large'));
            const wanted = [
              ...EVERYWHERE,
              ...EXPECTED[view.screen],
              ...(EXPECTED_HERE[name] ?? []).filter((id) => text === 'normal' || id !== 'page-back'),
            ];
            const found = await page.evaluate(measure, {
              ...{ mmPx: panel.mmPx, wanted, screen: view.screen, language },
              ...(capitalMm && { capitalMm }),
            });
            findings.push(...found.map((finding) => `${name}: ${finding}`));
          }
          await page.close();
          expect(findings).toEqual([]);
          expect(troubles).toEqual([]);
        },
      );
    }
  }

  test('axe finds nothing, on every screen in both languages', { timeout: 180_000 }, async () => {
    const page = await openPage();
    await page.evaluate(axe.source);
    const findings: string[] = [];
    for (const { name, view } of FIXTURES) {
      for (const language of LANGUAGES) {
        await show(page, staged(view, language, PANELS[0].mmPx));
        const found = await page.evaluate(async () => {
          const run = (globalThis as unknown as { axe: typeof axe }).axe;
          const result = await run.run(document, { resultTypes: ['violations'] });
          return result.violations.map(
            (each) => `${each.id} ${each.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
          );
        });
        findings.push(...found.map((finding) => `${name} ${language}: ${finding}`));
      }
    }
    await page.close();
    expect(findings).toEqual([]);
  });

  test('a double touch is one act, and the button answers again after the next view', async () => {
    const page = await openPage();
    await show(page, fixture('confirm').view);
    stand.posted.length = 0;
    await page.getByTestId('confirm').evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    const { pts } = fixture('confirm').view.basket ?? {};
    await expect.poll(() => stand.posted).toEqual([{ session: 's1', act: { type: 'confirm', pts } }]);
    expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
    await show(page, fixture('confirm').view);
    expect(await page.getByTestId('confirm').isEnabled()).toBe(true);
    await page.close();
  });

  test('a double touch files one case, and names what stood beside the button', async () => {
    const page = await openPage();
    await show(page, fixture('case-sure-goods-damaged').view);
    stand.posted.length = 0;
    await page.getByTestId('case-file').evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    const act = { type: 'case-file', code: 'goods-damaged', ref: 'k305.12.2130' };
    await expect.poll(() => stand.posted).toEqual([{ session: 's1', act }]);
    await page.close();
  });

  test('the end of a session leaves nothing of the person behind', async () => {
    const page = await openPage();
    await show(page, fixture('balance').view);
    expect(await page.evaluate(text)).toContain('张*芳');
    await show(page, fixture('attract').view);
    expect(await page.evaluate(text)).not.toMatch(/张|0427|1286/);
    for (const [name, personal] of [
      ['statement', '1260'],
      ['mydata', 'zf'],
      ['case-which', 'k305.12.2131'],
      ['case-sure-goods-damaged', '大米'],
      ['case-filed', 'k305.12.2132'],
    ] as const) {
      await show(page, fixture(name).view);
      expect(await page.evaluate(text)).toContain(personal);
      await show(page, fixture('attract').view);
      expect(await page.evaluate(text)).not.toMatch(/张|0427|1086|1260|zf|k305|大米|洗衣粉/);
    }
    const kept = await page.evaluate(() => [
      localStorage.length,
      sessionStorage.length,
      history.length,
      document.title,
    ]);
    expect(kept).toEqual([0, 0, kept[2], '积分兑换 · Tallystick']);
    await page.close();
  });

  test('nor does the end of a clerk’s: nobody who was looked up or helped stays on the page', async () => {
    const page = await openPage();
    for (const name of ['clerk-found', 'clerk-void-one', 'helped-balance-held']) {
      await show(page, fixture(name).view);
      expect(await page.evaluate(text), name).toContain('欧阳');
      await show(page, fixture('attract').view);
      expect(await page.evaluate(text), name).not.toMatch(/欧阳|张|0427|OYCM|王建国/);
    }
    await page.close();
  });

  test('with the agent away the page says so, keeps no name on the screen, and comes back by itself', async () => {
    const page = await openPage();
    await show(page, fixture('balance').view);
    const port = Number(new URL(address).port);
    await stand.close();
    await page.getByTestId('away').waitFor({ timeout: 5000 });
    expect(await page.evaluate(text)).not.toContain('张');
    stand = new Stand(folder, fixture('attract').view);
    await stand.open(port);
    await page.getByTestId('attract').waitFor({ timeout: 15_000 });
    troubles.length = 0;
    await page.close();
  });
});

function fixture(name: string): Fixture {
  const found = FIXTURES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found;
}

/** All text and all attributes of the page, shadow root included, without Lit's own numbered marks; runs in the browser. */
function text(): string {
  const drawn = document.querySelector('kiosk-app')?.shadowRoot?.innerHTML ?? '';
  return `${document.title} ${document.body.innerHTML} ${drawn}`.replace(/<!--.*?-->/gs, '');
}
