import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page, type Route } from 'playwright-core';
import { build } from 'vite';

/** For the tests of a page: builds it, serves it to a real browser at a made-up address, and looks for axe's violations. */
export const CHROMIUM = '/usr/bin/chromium';
export const ORIGIN = 'http://page.test';
const ARGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** True when there is a browser. Without one a test is skipped aloud, except in CI, where it fails. */
export function browserIsHere(test: string): boolean {
  if (existsSync(CHROMIUM)) return true;
  if (process.env.CI === 'true') throw new Error(`${test} needs ${CHROMIUM}: apt-get install chromium`);
  console.warn(`skipped ${test}: no ${CHROMIUM} (apt-get install chromium)`);
  return false;
}

export interface BuiltPage {
  open(path: string, answer: (route: Route, url: URL) => Promise<void> | void): Promise<Page>;
  close(): Promise<void>;
}

export async function builtPage(mode: 'console' | 'rig'): Promise<BuiltPage> {
  const outDir = mkdtempSync(join(tmpdir(), `tally-${mode}-`));
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
  await build({ configFile, mode, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });

  async function open(path: string, answer: (route: Route, url: URL) => Promise<void> | void): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      if (url.origin !== ORIGIN || url.pathname.startsWith('/api/')) return answer(route, url);
      const file = join(outDir, url.pathname === '/' ? 'index.html' : url.pathname);
      if (!existsSync(file)) return route.fulfill({ status: 404 });
      return route.fulfill({
        body: readFileSync(file),
        contentType: TYPES[extname(file)] ?? 'application/octet-stream',
      });
    });
    await page.goto(ORIGIN + path);
    return page;
  }

  return {
    open,
    close: async () => {
      await browser.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** What axe finds on the page, one line each; empty when all is well. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], iframes: false }).then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ' ' + n.target.join(' ') + ' ' + n.failureSummary)))`,
  );
  return found as readonly string[];
}
