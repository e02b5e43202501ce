import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { layCard } from '../firmware-sim/card/index.ts';
import { startPrivatePcsc } from '../firmware-sim/pcsc/index.ts';
import { percentile, type Row, row } from './report.ts';
import { openBrowser, openKiosk } from './support/browser.ts';
import { startDemo } from './support/demo.ts';

/**
 * `tap`: a card is taken by the reader -> the balance is painted, in Chromium, through pcscd. Floor: the same card's UID
 * read through pcscd by nfc-pcsc alone, plus one painted frame. Both begin when the reader first speaks to the card.
 */
const TAPS = 20;
const GOAL_MS = 200;
const BETWEEN_MS = 600;

export async function benchTap(say: (line: string) => void): Promise<Row[]> {
  const demo = await startDemo(['--reader', 'pcsc']);
  const browser = await openBrowser();
  try {
    const kiosk = await openKiosk(browser, demo.ready.kiosk);
    await kiosk.screen('attract');
    const card = (await demo.cards())[0]?.id ?? '';
    const ours: number[] = [];
    for (let n = 0; n < TAPS; n++) {
      const painted = paintedBalance(kiosk.page);
      await demo.post(`api/cards/${card}/tap`, { holdMs: 500 });
      const takenAt = Date.now();
      ours.push((await painted) - takenAt);
      await kiosk.touch('cancel');
      await kiosk.screen('attract');
      await pause(BETWEEN_MS);
      say(`tap: ${n + 1} of ${TAPS}`);
    }
    const frameMs = await oneFrame(kiosk.page);
    const raw = (await rawUids(say)).map((ms) => ms + frameMs);
    return [0.5, 0.95].map((p) => {
      const floor = percentile(raw, p);
      const mine = percentile(ours, p);
      const compared = mine - floor;
      return row('tap', `p${p * 100} (goal: ours - floor)`, 'ms', { floor, ours: mine, goal: GOAL_MS, compared });
    });
  } finally {
    await browser.close();
    await demo.stop();
  }
}

/** Wall-clock ms at which the frame with the balance screen was painted. Text, as it runs in the page, not here. */
const PAINTED = `new Promise((resolve) => {
  const shown = (root) => root.querySelector('[data-screen="balance"]') !== null
    || [...root.querySelectorAll('*')].some((element) => element.shadowRoot !== null && shown(element.shadowRoot));
  // The frame that holds it is painted between this callback and the next one.
  const look = () => requestAnimationFrame(() => shown(document)
    ? requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()))
    : look());
  look();
})`;
const FRAME = 'new Promise((resolve) => requestAnimationFrame((a) => requestAnimationFrame((b) => resolve(b - a))))';

const paintedBalance = (page: Page) => page.evaluate<number>(PAINTED);
const oneFrame = (page: Page) => page.evaluate<number>(FRAME);

async function rawUids(say: (line: string) => void): Promise<number[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-bench-'));
  const pcsc = await startPrivatePcsc({ confDir: join(dir, 'pcscd'), port: 0 });
  const script = fileURLToPath(new URL('./raw-uid-process.js', import.meta.url));
  const [command = process.execPath, ...args] = [...pcsc.enter, process.execPath, script];
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    await message(child);
    await pause(BETWEEN_MS);
    const found: number[] = [];
    for (let n = 0; n < TAPS; n++) {
      const known = message(child);
      const laid = await layCard({ kind: 'uid', uid: '04a1b2c3d4e5f6' }, { host: '127.0.0.1', port: pcsc.cardPort });
      const takenAt = Date.now();
      found.push((await known) - takenAt);
      await laid.remove();
      await pause(BETWEEN_MS);
    }
    say(`tap: floor measured, ${TAPS} cards through pcscd alone`);
    return found;
  } finally {
    child.kill('SIGKILL');
    await pcsc.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function message(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (value) => resolve((value as { at?: number }).at ?? 0));
    child.once('exit', (code) => reject(new Error(`the raw PC/SC process ended with ${code}`)));
  });
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
