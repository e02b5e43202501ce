import { existsSync } from 'node:fs';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

/** Debian's Chromium, driven as a person's hands would. Playwright's locators see through open shadow roots. */

const CHROMIUM = '/usr/bin/chromium';
/** Sandboxing needs a user that is not root; these are tests. The rest keeps it from calling home. */
const ARGS = [
  ...['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update'],
  ...['--disable-sync', '--no-first-run', '--disable-quic', '--disable-gpu'],
];

export const hasChromium = existsSync(CHROMIUM);

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** The same in a process of its own that can be killed (-9) with all its children. */
export async function openMortalBrowser(): Promise<{ readonly browser: Browser; kill(): Promise<void> }> {
  const server = await chromium.launchServer({ executablePath: CHROMIUM, args: ARGS });
  return { browser: await chromium.connect(server.wsEndpoint()), kill: () => server.kill() };
}

export interface KioskPage {
  readonly page: Page;
  readonly faults: readonly string[];
  id(testId: string): Locator;
  /** Waits for the screen; fails with the one that shows. */
  screen(name: string, withinMs?: number): Promise<Locator>;
  touch(testId: string): Promise<void>;
}

export async function openKiosk(
  browser: Browser,
  address: string,
  size = { width: 1280, height: 800 },
): Promise<KioskPage> {
  const page = await browser.newPage({ viewport: size });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(address);
  const id = (testId: string) => page.locator(`[data-testid="${testId}"]`);
  return {
    ...{ page, faults, id },
    async screen(name, withinMs = 10_000) {
      const root = page.locator(`[data-screen="${name}"]`);
      await root.waitFor({ timeout: withinMs }).catch(async () => {
        const shown = await page
          .locator('[data-screen]')
          .evaluateAll((all) => all.map((e) => e.getAttribute('data-screen')));
        throw new Error(`waited for screen ${name}; it shows ${shown.join(', ') || 'nothing'}`);
      });
      return root;
    },
    async touch(testId) {
      await id(testId).click({ timeout: 10_000 });
    },
  };
}

/** From the balance to the confirm screen with one of that item in the basket. */
export async function chooseItem(kiosk: KioskPage, sku: string): Promise<void> {
  await kiosk.screen('balance');
  await kiosk.touch('choose');
  await kiosk.screen('choose');
  const item = kiosk.id(`item-${sku}`);
  for (let page = 0; page < 3 && (await item.count()) === 0; page++) {
    const before = await kiosk.page.locator('[data-testid^="item-"]').first().getAttribute('data-testid');
    await kiosk.touch('page-next');
    await kiosk.page.locator(`[data-testid="${before}"]`).waitFor({ state: 'detached', timeout: 5_000 });
  }
  await item.click();
  await kiosk.screen('quantity');
  await kiosk.touch('basket');
  await kiosk.screen('confirm');
}
