import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { percentile, type Row, row } from './report.ts';
import { openBrowser } from './support/browser.ts';
import { type Demo, ROOT, startDemo, stopped } from './support/demo.ts';
import { liveAlone } from './support/month-alone.ts';

/**
 * `start`: the agent's cold start -> a page that sells, with a month of unsent records in its journal. Floor: Node's own start
 * plus opening the same file.
 */
const STARTS = 7;
const RECORDS = 50_000;
const GOAL_MS = 1_500;
const GOAL_RSS_MB = 150;
const GOAL_SCRIPT_KB = 60;
const WAIT_MS = 15_000;

export async function benchStart(say: (line: string) => void): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), 'tally-bench-'));
  const browser = await openBrowser();
  try {
    const demo = await startDemo(['--reader', 'virtual'], data);
    await demo.halt(); // the data stays; the agent now starts alone, with no hub to ask, as after a power cut
    say(`start: writing ${RECORDS} records`);
    liveAlone(join(data, 'kiosk-1'), RECORDS);
    const ours: number[] = [];
    const rss: number[] = [];
    for (let n = 0; n < STARTS; n++) {
      const one = await coldStart(demo, data, browser);
      ours.push(one.ms);
      rss.push(one.rssMb);
      say(`start: ${n + 1} of ${STARTS}`);
    }
    const floors: number[] = [];
    for (let n = 0; n < STARTS; n++) floors.push(await bareStart(data));
    const floor = percentile(floors, 0.5);
    const startMs = percentile(ours, 0.5);
    const scriptKb = kioskScriptKb();
    const rssMb = percentile(rss, 0.5);
    return [
      row('start', 'agent start to a page that sells, 50,000 records, p50', 'ms', {
        floor,
        ours: startMs,
        goal: GOAL_MS,
        compared: startMs,
      }),
      row('start', 'agent memory, p50', 'MB', { floor: 0, ours: rssMb, goal: GOAL_RSS_MB, compared: rssMb }),
      row('start', 'kiosk page script, gzip', 'kB', {
        floor: 0,
        ours: scriptKb,
        goal: GOAL_SCRIPT_KB,
        compared: scriptKb,
      }),
    ];
  } finally {
    await browser.close();
    rmSync(data, { recursive: true, force: true });
  }
}

async function coldStart(demo: Demo, data: string, browser: Browser): Promise<{ ms: number; rssMb: number }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const startedMs = performance.now();
  const config = join(data, 'kiosk-1', 'config.json');
  const agent = spawn(process.execPath, [join(ROOT, 'dist/terminal/main.js'), 'serve', '--config', config], {
    stdio: 'ignore',
  });
  await listening(demo.ready.kiosk, startedMs + WAIT_MS);
  await page.goto(demo.ready.kiosk);
  // Not before its journal has been looked at: until then the page says that it is starting.
  await page.locator('[data-screen="attract"]').waitFor({ timeout: WAIT_MS });
  const ms = performance.now() - startedMs;
  const status = readFileSync(`/proc/${agent.pid}/status`, 'utf8');
  const rssMb = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  await page.close();
  await stopped(agent);
  return { ms, rssMb };
}

/** As a kiosk's launcher does: the browser is pointed there once somebody answers. */
async function listening(address: string, endMs: number): Promise<void> {
  while (performance.now() < endMs) {
    const answers = await fetch(new URL('/healthz', address)).then(
      () => true,
      () => false, // not listening yet: this is what is being measured
    );
    if (answers) return;
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error('the agent does not answer');
}

function bareStart(data: string): Promise<number> {
  const journal = join(data, 'kiosk-1', 'data', 'journal.sqlite');
  const script = `new (require('better-sqlite3'))(${JSON.stringify(journal)}).prepare('select count(*) from records').get()`;
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const node = spawn(process.execPath, ['-e', script], { cwd: ROOT, stdio: 'ignore' });
    node.once('exit', () => resolve(performance.now() - startedMs));
  });
}

function kioskScriptKb(): number {
  const assets = join(ROOT, 'dist/ui/kiosk/assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  return scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name)), { level: 9 }).length, 0) / 1000;
}
