import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltPage, browserIsHere, builtPage, ORIGIN, violations } from './in-browser.ts';
import { type MadeUpHub, madeUpHub } from './made-up-hub.ts';

const PATIENCE_MS = 15_000;

describe.skipIf(!browserIsHere('the console page'))('the console page', () => {
  let built: BuiltPage;
  let page: Page | undefined;
  beforeAll(async () => {
    built = await builtPage('console');
  });
  afterEach(async () => {
    await page?.close();
  });
  afterAll(async () => {
    await built?.close();
  });

  async function visit(path: string, hub: MadeUpHub): Promise<Page> {
    page = await built.open(path, async (route, url) => {
      const request = route.request();
      const { status, body } = hub.answer({
        method: request.method(),
        path: url.pathname.replace('/api/console/', ''),
        search: url.searchParams,
        body: request.postDataJSON() as unknown,
      });
      await route.fulfill({ status, json: body });
    });
    page.setDefaultTimeout(PATIENCE_MS);
    return page;
  }
  const onPage = (there: Page, name: string) => there.locator(`[data-page="${name}"] h1`).waitFor();
  const says = async (there: Page, testId: string) => {
    await there.getByTestId(testId).waitFor();
    return (await there.getByTestId(testId).allInnerTexts()).join('\n');
  };
  const texts = (there: Page, selector: string) => there.locator(selector).allInnerTexts();

  test('a wrong password is refused in words; the right one opens what was asked for', async () => {
    const there = await visit('/#/balances', madeUpHub({ signedIn: false }));
    await there.getByTestId('user').fill('li.operator');
    await there.getByTestId('password').fill('wrong');
    await there.getByTestId('sign-in').click();
    expect(await says(there, 'refusal')).toContain('用户名或密码不对。');
    await there.getByTestId('password').fill('tall-river');
    await there.getByTestId('code').fill('123 456');
    await there.getByTestId('sign-in').click();
    await onPage(there, 'balances');
    expect(there.url()).toBe(`${ORIGIN}/#/balances`);
  });

  test('the one-time code is sent only when there is one', async () => {
    const hub = madeUpHub({ signedIn: false });
    const there = await visit('/', hub);
    await there.getByTestId('user').fill('li.operator');
    await there.getByTestId('password').fill('tall-river');
    await there.getByTestId('sign-in').click();
    await onPage(there, 'home');
    const bodies = hub.asked.filter((asked) => asked.path === 'session').map((asked) => asked.body);
    expect(bodies).toEqual([{ user: 'li.operator', password: 'tall-river' }]);
  });

  test('an ended session asks to sign in again and returns to the same view', async () => {
    const hub = madeUpHub({ signedIn: true });
    const there = await visit('/#/records?stage=quarantined', hub);
    await onPage(there, 'records');
    hub.expire();
    await there.getByTestId('expired').waitFor();
    await there.getByTestId('user').fill('li.operator');
    await there.getByTestId('password').fill('tall-river');
    await there.getByTestId('sign-in').click();
    await onPage(there, 'records');
    expect(await there.getByTestId('filter-stage').inputValue()).toBe('quarantined');
  });

  test('home says whether everything agrees, what does not, and what is next', async () => {
    const there = await visit('/?lang=en', madeUpHub({ signedIn: true }));
    await onPage(there, 'home');
    expect(await says(there, 'ledger-sum')).toContain('equals 0');
    expect(await says(there, 'as-of')).toBe('Data as of 17:44:05');
    const said = (await texts(there, 'section li')).join('\n');
    expect(said).toContain('4 quarantined: a check failed');
    expect(said).toContain('1 terminal waits for a second person');
  });

  test('a record opens from the list by its row and shows all its evidence', async () => {
    const there = await visit('/?lang=en#/records', madeUpHub({ signedIn: true }));
    await there.getByTestId('record-row-v1-k1.1.30').click();
    await onPage(there, 'record');
    expect(await says(there, 'record-stage')).toContain('quarantined');
    expect(await there.getByTestId('check-price').getAttribute('data-ok')).toBe('false');
    expect(await says(there, 'check-price')).toContain('150 were taken');
    for (const name of ['signature', 'chain', 'counters', 'allowance', 'transfers'])
      expect(await says(there, `check-${name}`)).toContain('right');
    expect(await says(there, 'transfer-row')).toContain('suspense:v1-k1:1:30');
    expect(await says(there, 'allowance')).toContain('−170');
    expect(await says(there, 'payload')).toContain('"seq": 30');
    expect((await says(there, 'jws')).split('.')).toHaveLength(3);
    await there.getByTestId('following').click();
    await there.getByText('v1-k1.1.31', { exact: true }).waitFor();
  });

  test('of a fork, each branch is shown', async () => {
    const there = await visit('/#/records/v2-k1.1.20', madeUpHub({ signedIn: true }));
    await onPage(there, 'record');
    await there.getByTestId('check-code').first().waitFor();
    expect(await there.getByTestId('check-code').allInnerTexts()).toEqual(['7K3M-9PQR-2WXA', 'ZZ4T-0000-FORK']);
  });

  test('filters and search are the address, both ways', async () => {
    const hub = madeUpHub({ signedIn: true });
    const there = await visit('/#/records?tid=v2-k1&stage=closed', hub);
    await onPage(there, 'records');
    await there.getByTestId('record-row-v2-k1.1.32').waitFor();
    expect(await there.locator('tbody tr').count()).toBe(4);
    await there.getByTestId('filter-stage').selectOption('');
    await there.waitForURL(`${ORIGIN}/#/records?tid=v2-k1`);
    await there.getByTestId('search').fill('a1002');
    await there.waitForURL(`${ORIGIN}/#/records?tid=v2-k1&q=a1002`);
    const last = hub.asked.filter((asked) => asked.path === 'records').at(-1);
    expect(last?.search.get('tid')).toBe('v2-k1');
    await there.getByTestId('clear-filters').click();
    await there.getByTestId('next-page').click();
    await there.waitForURL(`${ORIGIN}/#/records?cursor=20`);
    await there.getByTestId('record-row-v1-k1.1.14').waitFor();
    await there.goBack();
    await there.getByTestId('record-row-v1-k1.1.34').waitFor();
  });

  test('the hub refuses a confirmation by who issued the code, in its own sentence', async () => {
    const hub = madeUpHub({ signedIn: true });
    const there = await visit('/#/terminals', hub);
    await there.getByTestId('terminal-row-v3-k1').waitFor();
    expect(await says(there, 'fingerprint')).toBe('7K3M 9PQR 2WXA C4DE');
    await there.getByTestId('fingerprint-typed').fill('7k3m 9pqr 2wxa c4dx');
    expect((await texts(there, '#compared')).join()).toContain('第 16 位不一样');
    await there.getByTestId('fingerprint-typed').fill('7k3m 9pqr 2wxa c4de');
    await there.getByTestId('confirm-enrolment').click();
    expect(await says(there, 'refusal')).toBe('这个码是你发的，不能由你确认。 请另一位操作员来确认。');
    await there.getByTestId('language').click();
    expect(await says(there, 'refusal')).toBe(
      'You issued this code, so somebody else must confirm it. Ask another operator.',
    );
    expect(hub.asked.find((asked) => asked.path === 'terminals/v3-k1/confirm')?.body).toEqual({
      fingerprint: '7K3M-9PQR-2WXA-C4DE',
    });
  });

  test('how the devices are is said in words, and how far a clock is off', async () => {
    const there = await visit('/#/terminals', madeUpHub({ signedIn: true }));
    const row = there.getByTestId('terminal-row-v1-k1');
    const said = (await row.locator('.health').innerText()).replaceAll(/\s+/g, ' ');
    for (const words of ['纸 有', '读卡器 正常', '身份证读卡器 没有', '时钟差 −95 秒']) expect(said).toContain(words);
    expect(said).not.toMatch(/printsUnknown|\d{6}/);
    const byStick = (await there.getByTestId('terminal-row-v4-k1').locator('.health').innerText()).replaceAll(
      /\s+/g,
      ' ',
    );
    expect(byStick).toContain('U 盘带来 5 天前的数据');
    expect(byStick).not.toContain('时钟');
  });

  test.each([1024, 1100, 1240, 1440])('at %i pixels all of the bar can be seen, in both languages', async (width) => {
    const there = await visit('/#/records', madeUpHub({ signedIn: true }));
    await there.setViewportSize({ width, height: 768 });
    for (const language of ['zh', 'en']) {
      await there.getByTestId('sign-out').waitFor();
      const boxes = await Promise.all((await there.locator('header > *').all()).map((each) => each.boundingBox()));
      const ends = boxes.flatMap((box) => (box === null ? [] : [Math.round(box.x + box.width)]));
      expect(ends.length).toBeGreaterThan(5);
      expect(Math.max(...ends), language).toBeLessThanOrEqual(width - 16);
      // Side by side: nothing is seen where it lies on something else.
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
      for (const name of ['home', 'terminals', 'records', 'balances']) {
        await there.getByTestId(`nav-${name}`).click();
        await onPage(there, name);
        const beyond = await there.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(beyond, `${name} ${language}`).toBeLessThanOrEqual(0);
      }
      await there.getByTestId('language').click();
    }
  });

  test('a new terminal gets a code, shown once', async () => {
    const hub = madeUpHub({ signedIn: true });
    const there = await visit('/#/terminals', hub);
    await there.getByTestId('create-terminal').click();
    await there.getByTestId('new-tid').fill('v6-k1');
    await there.getByTestId('new-shop').selectOption('s6');
    await there.getByTestId('issue-code').click();
    expect(await says(there, 'issued-code')).toBe('HJ4K-7WQ2');
    expect(hub.asked.find((asked) => asked.method === 'POST')?.body).toEqual({ tid: 'v6-k1', shop: 's6' });
    await there.getByTestId('enrol-done').click();
    await there.getByTestId('issued-code').waitFor({ state: 'detached' });
  });

  test('keys: / searches, j and k move, Enter opens, ? helps', async () => {
    const there = await visit('/#/records', madeUpHub({ signedIn: true }));
    await there.getByTestId('record-row-v1-k1.1.34').waitFor();
    await there.keyboard.press('/');
    await there.keyboard.type('j?');
    expect(await there.getByTestId('search').inputValue()).toBe('j?');
    await there.getByTestId('empty').waitFor();
    await there.getByTestId('search').fill('');
    await there.getByTestId('record-row-v1-k1.1.34').waitFor();
    await there.keyboard.press('Escape');
    for (const key of ['j', 'j', 'j', 'k']) await there.keyboard.press(key);
    await there.waitForTimeout(3_300); // A refresh must not lose the row.
    await there.keyboard.press('Enter');
    await there.waitForURL(`${ORIGIN}/#/records/v1-k1.1.33`);
    await onPage(there, 'record');
    await there.getByTestId('check-code').waitFor();
    await there.keyboard.press('k');
    await there.waitForURL(`${ORIGIN}/#/records/v2-k1.1.32`);
    await there.keyboard.press('?');
    await there.getByTestId('key-help').waitFor();
    await there.keyboard.press('Escape');
    await there.getByTestId('key-help').waitFor({ state: 'detached' });
  });

  test('a hub that does not answer is said, and what was read stays', async () => {
    const hub = madeUpHub({ signedIn: true });
    const there = await visit('/#/records', hub);
    await there.getByTestId('record-row-v1-k1.1.34').waitFor();
    await there.route('**/api/console/records*', (route) => route.abort());
    expect(await says(there, 'refusal')).toContain('连不上县中心。');
    expect(await says(there, 'as-of')).toContain('没能更新');
    await there.getByTestId('record-row-v1-k1.1.34').waitFor();
  });

  test('empty lists say what would fill them', async () => {
    const hub = madeUpHub({ signedIn: true, bare: true });
    const there = await visit('/?lang=en#/terminals', hub);
    expect(await says(there, 'empty')).toContain('one-time code');
    await there.getByTestId('nav-records').click();
    await onPage(there, 'records');
    expect(await says(there, 'empty')).toContain('redeems at a kiosk');
    await there.getByTestId('nav-balances').click();
    await onPage(there, 'balances');
    expect(await says(there, 'empty')).toContain('residents are imported');
  });

  const PAGES = ['home', 'terminals', 'records', 'records/v1-k1.1.30', 'records/v1-k1.1.18', 'balances', 'nowhere'];
  for (const language of ['zh', 'en'])
    test(`axe finds nothing on any page in ${language}`, { timeout: 60_000 }, async () => {
      const there = await visit(`/?lang=${language}`, madeUpHub({ signedIn: false }));
      await there.getByTestId('user').fill('li.operator');
      await there.getByTestId('password').fill('wrong');
      await there.getByTestId('sign-in').click();
      await there.getByTestId('refusal').waitFor();
      expect(await violations(there)).toEqual([]);
      await there.getByTestId('password').fill('tall-river');
      await there.getByTestId('sign-in').click();
      await onPage(there, 'home');
      for (const path of PAGES) {
        await there.goto(`${ORIGIN}/?lang=${language}#/${path}`);
        await there.locator('h1').waitFor();
        await there.waitForTimeout(250);
        expect(await violations(there), path).toEqual([]);
      }
      await there.goto(`${ORIGIN}/?lang=${language}#/terminals`);
      await there.getByTestId('create-terminal').click();
      await there.getByTestId('new-tid').waitFor();
      expect(await violations(there), 'enrol').toEqual([]);
    });
});
