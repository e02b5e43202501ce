import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Comfort, type KioskView, SCREENS } from '../../protocol/api/kiosk.ts';
import { FIXTURES, staged } from './fixtures.ts';
import { PRESENT_S } from './speaker.ts';
import { Stand, silence } from './stand.ts';

/** 听 in a real browser: what a touch of it does, what ends it, and where it stands; large text, and axe over both. */

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const HERE = existsSync(CHROMIUM);
const PANELS = [
  { name: '10.1 inch', width: 1280, height: 800, mmPx: 5.884 },
  { name: '15.6 inch', width: 1920, height: 1080, mmPx: 5.56 },
] as const;
/** What the page asked of its player: begun, let go, and how loud. */
interface Player {
  readonly played: { src: string; volume: number }[];
  paused: number;
  audio?: HTMLMediaElement;
}
const LONG_S = 30;

if (!HERE && process.env.CI !== 'true') console.warn(`listen: NOT TESTED, no browser at ${CHROMIUM}`);

describe.skipIf(!HERE && process.env.CI !== 'true')('listen', () => {
  let folder = '';
  let browser: Browser;
  let stand: Stand;
  let address = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiosk-listen-'));
    const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
    await build({ configFile, mode: 'kiosk', logLevel: 'error', build: { outDir: folder } });
    stand = new Stand(folder, viewOf('attract'));
    address = await stand.open();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(async () => {
    await browser?.close();
    await stand?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    stand.voice = silence(LONG_S);
    stand.heard.length = 0;
    stand.posted.length = 0;
  });

  async function openPage(panel: (typeof PANELS)[number] = PANELS[0]): Promise<Page> {
    const page = await browser.newPage({
      ...{ viewport: { width: panel.width, height: panel.height }, reducedMotion: 'reduce' },
    });
    await page.addInitScript(() => {
      const player: Player = { played: [], paused: 0 };
      Object.assign(globalThis, { player });
      const { play, pause } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = function () {
        player.audio = this;
        player.played.push({ src: new URL(this.src).pathname + new URL(this.src).search, volume: this.volume });
        return play.call(this);
      };
      HTMLMediaElement.prototype.pause = function () {
        player.paused += 1;
        pause.call(this);
      };
    });
    await page.goto(address);
    return page;
  }
  const player = (page: Page) =>
    page.evaluate(() => {
      const { played, paused } = (globalThis as unknown as { player: Player }).player;
      return { played, paused };
    });
  const pressed = (page: Page) => page.getByTestId('listen').getAttribute('aria-pressed');

  async function show(page: Page, view: KioskView): Promise<void> {
    stand.show(view);
    await page.waitForFunction((rev) => {
      const app: (Element & { view?: { rev: number } }) | null = document.querySelector('kiosk-app');
      return app?.view?.rev === rev;
    }, stand.view.rev);
  }
  const speaking = (page: Page) => expect.poll(() => pressed(page)).toBe('true');
  const silent = (page: Page) => expect.poll(() => pressed(page)).toBe('false');

  test('a first touch speaks this screen, a second one stops it', async () => {
    const page = await openPage();
    await show(page, viewOf('balance'));
    await page.getByTestId('listen').click();
    await speaking(page);
    expect(await player(page)).toEqual({
      played: [{ src: '/api/speech?screen=balance&asked=yes', volume: 0.65 }],
      paused: 0,
    });
    expect(await page.getByTestId('listen').innerText()).toBe('停');
    expect(await page.locator('.voice').count()).toBe(1);
    // Who listens is there, and is not warned of leaving.
    await expect.poll(() => stand.posted).toEqual([{ session: 's1', act: { type: 'still-here' } }]);
    await page.getByTestId('listen').click();
    await silent(page);
    expect(await player(page)).toMatchObject({ paused: 1 });
    expect(await page.locator('.voice').count()).toBe(0);
    expect(stand.heard).toHaveLength(1);
    await page.close();
  });

  test('any other touch stops it, and does what it is for', async () => {
    const page = await openPage();
    await show(page, viewOf('balance'));
    await page.getByTestId('listen').click();
    await speaking(page);
    await page.getByTestId('choose').click();
    await silent(page);
    await expect.poll(() => stand.posted.map((each) => each.act.type)).toEqual(['still-here', 'choose']);
    await page.getByTestId('listen').click();
    await speaking(page);
    await page.mouse.click(640, 300);
    await silent(page);
    await page.close();
  });

  test('another screen stops it, and the end of a session', async () => {
    const page = await openPage();
    await show(page, viewOf('balance'));
    await page.getByTestId('listen').click();
    await speaking(page);
    await show(page, viewOf('choose'));
    await silent(page);
    await page.getByTestId('listen').click();
    await speaking(page);
    await show(page, { ...viewOf('choose'), notices: ['paper-out'] });
    expect(await pressed(page)).toBe('true');
    await show(page, viewOf('attract'));
    await silent(page);
    expect((await player(page)).paused).toBe(2);
    await page.close();
  });

  test('what was said to its end falls silent by itself', async () => {
    stand.voice = silence(0.3);
    const page = await openPage();
    await show(page, viewOf('help-nobody'));
    await page.getByTestId('listen').click();
    await speaking(page);
    await silent(page);
    await page.close();
  });

  test('who listens to a long screen is not asked whether they are there', async () => {
    const page = await openPage();
    await show(page, viewOf('choose'));
    await page.getByTestId('listen').click();
    await speaking(page);
    await expect.poll(() => stand.posted.length).toBe(1);
    await page.evaluate((seconds) => {
      const audio = (globalThis as unknown as { player: Player }).player.audio;
      if (audio === undefined) return;
      // The player's clock, put forward.
      Object.defineProperty(audio, 'currentTime', { value: seconds });
      audio.dispatchEvent(new Event('timeupdate'));
    }, PRESENT_S + 1);
    await expect.poll(() => stand.posted.map((each) => each.act.type)).toEqual(['still-here', 'still-here']);
    await page.close();
  });

  test('without a voice the button says so in a sentence, and the rest goes on', async () => {
    stand.voice = null;
    const page = await openPage();
    await show(page, viewOf('balance'));
    await page.getByTestId('listen').click();
    await expect.poll(() => page.getByTestId('remark').innerText()).toBe('现在不能朗读，请找店员');
    await page.getByTestId('choose').click();
    await expect.poll(() => stand.posted.at(-1)?.act.type).toBe('choose');
    await expect.poll(() => page.getByTestId('remark').innerText()).toBe('');
    await page.close();
  });

  test('each screen is read by itself for who asked for that, once, and without the balance', async () => {
    const page = await openPage();
    await show(page, comfort(viewOf('attract'), {}));
    await page.mouse.click(640, 300);
    const aloud = (name: string) => comfort(viewOf(name), { aloud: true, volume: 3 });
    await show(page, aloud('balance'));
    await speaking(page);
    await show(page, { ...aloud('balance'), notices: ['paper-out'] });
    await show(page, aloud('choose'));
    await speaking(page);
    await show(page, viewOf('attract'));
    await silent(page);
    expect((await player(page)).played).toEqual([
      { src: '/api/speech?screen=balance&asked=no', volume: 1 },
      { src: '/api/speech?screen=choose&asked=no', volume: 1 },
    ]);
    await page.close();
  });

  test('louder goes round three steps, and is heard at once', async () => {
    const page = await openPage();
    for (const [volume, next] of [
      [1, 2],
      [2, 3],
      [3, 1],
    ] as const) {
      await show(page, comfort(viewOf('help'), { volume }));
      await page.getByTestId('volume').click();
      await expect.poll(() => stand.posted.at(-1)?.act).toEqual({ type: 'volume', step: next });
    }
    await show(page, comfort(viewOf('help'), { volume: 1 }));
    await speaking(page);
    const { played } = await player(page);
    expect(played.map((each) => each.volume)).toEqual([0.65, 1, 0.35]);
    await page.close();
  });

  test('large text and reading aloud are asked for with one touch each', async () => {
    const page = await openPage();
    await show(page, viewOf('help'));
    await page.getByTestId('large-text').click();
    await page.getByTestId('read-aloud').click();
    await expect
      .poll(() => stand.posted.map((each) => each.act))
      .toEqual([
        { type: 'large-text', on: true },
        { type: 'read-aloud', on: true },
      ]);
    await page.close();
  });

  for (const panel of PANELS) {
    test(`listen, help and the text size stand in the same place on every screen, ${panel.name}`, {
      timeout: 120_000,
    }, async () => {
      const page = await openPage(panel);
      for (const large of [false, true]) {
        const places = new Map<string, Set<string>>();
        for (const screen of SCREENS) {
          for (const language of ['zh-CN', 'en'] as const) {
            const view = FIXTURES.find((each) => each.view.screen === screen)?.view ?? viewOf(screen);
            await show(page, staged(view, language, panel.mmPx, large));
            for (const id of ['listen', 'help', 'large-text', 'language']) {
              const box = await page.getByTestId(id).boundingBox();
              places.set(id, (places.get(id) ?? new Set()).add(JSON.stringify(box)));
            }
          }
        }
        expect([...places].map(([id, boxes]) => [id, boxes.size])).toEqual([
          ...[
            ['listen', 1],
            ['help', 1],
            ['large-text', 1],
            ['language', 1],
          ],
        ]);
      }
      await page.close();
    });
  }

  test('axe finds nothing with large text, or while it speaks', { timeout: 120_000 }, async () => {
    const page = await openPage();
    await page.evaluate(axe.source);
    const found: string[] = [];
    const look = async (name: string) => {
      const ids = await page.evaluate(async () => {
        const run = (globalThis as unknown as { axe: typeof axe }).axe;
        const { violations } = await run.run(document, { resultTypes: ['violations'] });
        return violations.map((each) => each.id);
      });
      found.push(...ids.map((id) => `${name}: ${id}`));
    };
    for (const { name, view } of FIXTURES) {
      await show(page, staged(view, 'zh-CN', PANELS[0].mmPx, true));
      await look(name);
    }
    await show(page, viewOf('balance'));
    await page.getByTestId('listen').click();
    await speaking(page);
    await look('speaking');
    await page.close();
    expect(found).toEqual([]);
  });
});

function viewOf(name: string): KioskView {
  const found = FIXTURES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found.view;
}

function comfort(view: KioskView, change: Partial<Comfort>): KioskView {
  return { ...view, preferences: { large: false, aloud: false, volume: 2, ...change } };
}
