import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RigCard, RigFault, RigLive, RigSetup } from '../../protocol/api/rig.ts';
import { type BuiltPage, browserIsHere, builtPage, ORIGIN, violations } from '../console/in-browser.ts';

const PATIENCE_MS = 15_000;
/** One white pixel wide, a hundred high: a roll with something on it. */
const PAPER = `<svg xmlns="http://www.w3.org/2000/svg" width="576" height="500"><rect width="576" height="500" fill="#fff"/></svg>`;

const setup: RigSetup = {
  kiosks: [
    { k: 1, address: 'http://localhost:8710/?token=t1', name: '柳溪村积分超市' },
    { k: 2, address: 'http://localhost:8711/?token=t2', name: '石桥村积分超市' },
  ],
  hub: { address: 'http://localhost:8700/', user: 'li.operator', password: 'tall-river' },
  panel: { inch: 10.1, widthPx: 1280, heightPx: 800 },
  cardNotes: { blocked: 'blocked' },
};
const card = (id: string, holder: string, village: string, role: RigCard['role'] = 'resident'): RigCard => ({
  id,
  kind: 'uid',
  holder,
  role,
  village,
  pin: '2468',
});
const cards: readonly RigCard[] = [
  card('first', '陈桂芳', '柳溪村'),
  card('rare', '𠮷㙓䶮', '柳溪村'),
  card('blocked', '赵铁柱', '柳溪村'),
  card('visitor', '孙丽华', '石桥村'),
  card('clerk', '周店长', '柳溪村', 'clerk'),
];

/** A made-up rig: remembers what was posted, and tells the page its state as server-sent events. */
class MadeUpRig {
  readonly posted: { readonly method: string; readonly path: string; readonly body: unknown }[] = [];
  live: RigLive = live(12, 12, 0);
  cards = cards;

  answer(method: string, path: string, body: unknown): { readonly status: number; readonly json: unknown } {
    if (method !== 'GET') this.posted.push({ method, path, body });
    if (path.startsWith('/api/setup')) return { status: 200, json: setup };
    if (method === 'GET' && path.startsWith('/api/cards')) return { status: 200, json: this.cards };
    if (path.startsWith('/api/cards/blocked/tap'))
      return { status: 409, json: { error: '读卡器没有插上。', whatToDo: '先把它插回去。' } };
    if (method === 'DELETE') this.live = { ...this.live, slips: 0 };
    if (path.startsWith('/api/network')) this.live = { ...this.live, network: 'down' };
    return { status: 200, json: { ok: true } };
  }
}

function live(seq: number, hub: number, slips: number, faults: readonly RigFault[] = []): RigLive {
  return {
    slips,
    network: 'up',
    faults: [{ name: 'paper-out', device: 'printer', params: { afterLines: 3 }, on: false }, ...faults],
    state: {
      session: { screen: 'attract', id: null },
      journal: { seq, head: `h${seq}`, unsent: seq - hub },
      hub: { seq: hub, head: `h${hub}` },
      printer: { state: 'ready', paper: 'ok', jobs: {} },
      reader: { state: 'ready', reason: null, restarts: 0, lastFault: null, kind: 'virtual', card: null },
      scanner: { state: 'ready', reason: null },
      idReader: { state: 'ready', reason: null, card: null },
      display: { state: 'ready', reason: null },
    },
  };
}

describe.skipIf(!browserIsHere('the rig page'))('the rig page', () => {
  let built: BuiltPage;
  let page: Page | undefined;
  beforeAll(async () => {
    built = await builtPage('rig');
  });
  afterEach(async () => {
    await page?.close();
  });
  afterAll(async () => {
    await built?.close();
  });

  async function visit(path: string, rig: MadeUpRig): Promise<Page> {
    page = await built.open(path, async (route, url) => {
      const request = route.request();
      if (url.origin !== ORIGIN)
        return route.fulfill({
          contentType: 'text/html',
          body: '<html lang="zh"><title>kiosk</title><body>kiosk</body>',
        });
      if (url.pathname === '/api/live')
        return route.fulfill({
          contentType: 'text/event-stream',
          body: `retry: 100\nevent: live\ndata: ${JSON.stringify(rig.live)}\n\n`,
        });
      if (url.pathname === '/api/printer/paper' && request.method() === 'GET')
        return route.fulfill({ contentType: 'image/svg+xml', body: PAPER });
      const { status, json } = rig.answer(
        request.method(),
        url.pathname + url.search,
        request.postDataJSON() as unknown,
      );
      return route.fulfill({ status, json });
    });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.getByTestId('card-first').waitFor();
    return page;
  }
  const text = async (there: Page, testId: string) => (await there.getByTestId(testId).textContent()) ?? '';

  test('shows the kiosk at its own pixels, scaled, on the host this page came from', async () => {
    const there = await visit('/', new MadeUpRig());
    const frame = there.getByTestId('kiosk-frame');
    expect(await frame.getAttribute('src')).toBe('http://page.test:8710/?token=t1');
    expect([await frame.getAttribute('width'), await frame.getAttribute('height')]).toEqual(['1280', '800']);
    const box = await frame.boundingBox();
    expect(box?.width).toBeGreaterThan(500);
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1.6, 2);
    await there.getByTestId('kiosk-2').click();
    await there.waitForFunction(() => true);
    expect(await frame.getAttribute('src')).toBe('http://page.test:8711/?token=t2');
  });

  test('a wallet full of cards scrolls by itself and leaves the page as long as the screen', async () => {
    const rig = new MadeUpRig();
    rig.cards = [...cards, ...Array.from({ length: 60 }, (_, n) => card(`more-${n}`, '陈桂芳', '柳溪村'))];
    const there = await visit('/', rig);
    await there.getByTestId('card-more-59').waitFor({ state: 'attached' });
    const page = await there.evaluate('[document.documentElement.scrollHeight, innerHeight]');
    expect(page).toEqual([900, 900]);
  });

  test('a click taps the card for 900 ms, and the card lies on the reader', async () => {
    const rig = new MadeUpRig();
    const there = await visit('/', rig);
    await there.getByTestId('card-first').click();
    await there.locator('reader-pad .lying').waitFor();
    expect(rig.posted).toEqual([{ method: 'POST', path: '/api/cards/first/tap?kiosk=1', body: { holdMs: 900 } }]);
    await there.locator('reader-pad .lying').waitFor({ state: 'detached' });
  });

  test('a card left lying is taken away by hand', async () => {
    const rig = new MadeUpRig();
    const there = await visit('/?lang=en', rig);
    await there.getByLabel('Leave it lying').check();
    await there.getByTestId('card-rare').click();
    await there.getByRole('button', { name: 'Take it away' }).click();
    await there.locator('reader-pad .lying').waitFor({ state: 'detached' });
    expect(rig.posted.map(({ path, body }) => [path, body])).toEqual([
      ['/api/cards/rare/tap?kiosk=1', { holdMs: 0 }],
      ['/api/cards/rare/remove?kiosk=1', {}],
    ]);
  });

  test('a refusal is shown in the sentences of the rig', async () => {
    const there = await visit('/', new MadeUpRig());
    await there.getByTestId('card-blocked').click();
    // On a busy machine the made-up stream may seem lost for a moment, and say so in the same place first.
    await there.getByTestId('problem').filter({ hasText: '读卡器没有插上。 先把它插回去。' }).waitFor();
  });

  test('the wallet shows one sort of cards at a time', async () => {
    const there = await visit('/?lang=en', new MadeUpRig());
    const shown = () =>
      there.locator('card-wallet li button').evaluateAll((all) => all.map((one) => one.dataset.testid));
    expect(await shown()).toHaveLength(5);
    await there.getByRole('button', { name: "Can't use here" }).click();
    expect(await shown()).toEqual(['card-blocked']);
    await there.getByRole('button', { name: 'Other villages' }).click();
    expect(await shown()).toEqual(['card-visitor']);
    await there.getByRole('button', { name: 'Clerks' }).click();
    expect(await shown()).toEqual(['card-clerk']);
  });

  test('the three steps tick off as they happen', async () => {
    const rig = new MadeUpRig();
    const there = await visit('/', rig);
    const done = (step: number) => there.locator(`[data-testid="step-${step}"][data-done]`);
    expect(await done(1).count()).toBe(0);
    await there.getByTestId('card-first').click();
    await done(1).waitFor();
    expect(await done(2).count()).toBe(0);
    rig.live = live(13, 13, 1);
    await done(2).waitFor();
    expect(await done(3).count()).toBe(0);
    const link = there.getByTestId('step-3').getByRole('link');
    expect(await link.getAttribute('href')).toBe('http://page.test:8700/#/records');
    const [hub] = await Promise.all([there.waitForEvent('popup'), link.click()]);
    await hub.close();
    await done(3).waitFor();
  });

  test('the network is pulled, and the two halves part', async () => {
    const rig = new MadeUpRig();
    const there = await visit('/?lang=en', rig);
    await there.locator('.says[data-agree]').waitFor();
    await there.getByTestId('network').click();
    await there.locator('[data-testid="network"][aria-checked="false"]').waitFor();
    expect(rig.posted.at(-1)).toEqual({ method: 'POST', path: '/api/network?kiosk=1', body: { hub: 'down' } });
    rig.live = { ...live(14, 12, 0), network: 'down' };
    await there.getByText('2 records have not reached the hub').waitFor();
    expect(await text(there, 'state')).toContain('unsent 2');
  });

  test('a fault is set with its parameters', async () => {
    const rig = new MadeUpRig();
    const there = await visit('/', rig);
    await there.getByTestId('faults').click();
    await there.getByLabel('afterLines').fill('7');
    await there.getByTestId('fault-paper-out').click();
    await expect.poll(() => rig.posted.length).toBe(1);
    expect(rig.posted[0]).toEqual({
      method: 'POST',
      path: '/api/faults?kiosk=1',
      body: { name: 'paper-out', on: true, params: { afterLines: 7 } },
    });
  });

  test('paper comes out, and is torn off', async () => {
    const rig = new MadeUpRig();
    const there = await visit('/', rig);
    await there.getByText('还没有小票。').waitFor();
    rig.live = live(13, 13, 1);
    const paper = there.getByTestId('paper').locator('img');
    await paper.waitFor();
    expect(await paper.getAttribute('src')).toContain('/api/printer/paper?format=png&kiosk=1');
    await there.getByTestId('tear-off').click();
    await paper.waitFor({ state: 'detached' });
    expect(rig.posted.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/printer/paper?kiosk=1' });
  });

  for (const language of ['zh', 'en'])
    test(`axe finds nothing in ${language}`, { timeout: 60_000 }, async () => {
      const rig = new MadeUpRig();
      rig.live = live(13, 12, 1);
      const there = await visit(`/?lang=${language}`, rig);
      await there.getByTestId('card-blocked').click();
      await there.getByTestId('problem').waitFor();
      await there.getByTestId('paper').locator('img').waitFor();
      await there.waitForTimeout(1_400);
      expect(await violations(there)).toEqual([]);
      await there.getByTestId('faults').click();
      expect(await violations(there), 'faults').toEqual([]);
    });
});
