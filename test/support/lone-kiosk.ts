import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { ROOT, stopped } from '../../bench/support/demo.ts';
import { layCard } from '../../firmware-sim/card/index.ts';
import { demoCounty } from '../../firmware-sim/demo/county/county.ts';
import { cardIssuer } from '../../firmware-sim/rig/card-issuer.ts';
import { walletFor } from '../../firmware-sim/rig/wallet.ts';
import type { KioskView } from '../../protocol/api/kiosk.ts';
import type { RigState } from '../../protocol/api/rig.ts';
import { journalPath, type TerminalConfig } from '../../terminal/config.ts';
import { hands } from './hands.ts';

/** A demo's kiosk without the demo: its agent's real process alone, with no hub and no printer to reach. */

export interface LoneKiosk {
  /** `before`: words before `node`, each of which execs the next; `node`: options of node itself. */
  switchOn(options?: { before?: readonly string[]; node?: readonly string[]; env?: NodeJS.ProcessEnv }): ChildProcess;
  switchOff(): Promise<void>;
  /** What `/readyz` says: null where it sells. Waits until that is so. */
  until(closedBy: string | null): Promise<void>;
  state(): Promise<RigState>;
  /** One sale to the so-many-th resident; `onConfirm` runs before the last touch. Ends at whatever screen that leads to. */
  sale(resident: number, onConfirm?: () => void): Promise<KioskView>;
  /** The card lies there long enough to be read. */
  tap(resident: number): Promise<KioskView>;
  /** What it says on stderr: its log. */
  says(): string;
  readonly folder: string;
  readonly data: string;
}
const WITHIN_MS = 30_000;
const LOOK_MS = 20;
const TAP_MS = 1_500;
const SAYS_CHARS = 100_000;

/** `folder`: where the kiosk's config file is. `address`: its page, with the token. */
export function loneKiosk(folder: string, address: string): LoneKiosk {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as TerminalConfig;
  const slot = { host: '127.0.0.1', port: config.reader.driver === 'virtual' ? config.reader.port : 0 };
  const wallet = walletFor(demoCounty, demoCounty.villages[0]?.id ?? '', cardIssuer(new Uint8Array(32)));
  const { origin, searchParams } = new URL(address);
  const page = hands(address);
  let agent: ChildProcess | null = null;
  let says = '';

  async function readyz(): Promise<string | null> {
    const answer = await fetch(`${origin}/readyz`);
    return answer.ok ? null : answer.text();
  }

  /** Back to the first screen, as a person leaves it who gives up. */
  async function walkAway(): Promise<void> {
    const { session, screen } = await page.view();
    if (screen !== 'attract') await page.act(session, { type: 'cancel' });
  }

  /** A card lies there for as long as `work` takes; what the person sees then. */
  async function withCard(resident: number, work: () => Promise<KioskView>): Promise<KioskView> {
    const laid = await layCard({ kind: 'uid', uid: wallet[resident]?.card.uid ?? '' }, slot);
    try {
      return await work();
    } catch {
      // It did not come to the end: what the person sees instead is the answer.
      return await page.view();
    } finally {
      await laid.remove();
    }
  }

  async function sale(resident: number, onConfirm: () => void = () => undefined): Promise<KioskView> {
    await walkAway();
    await page.screen('attract', WITHIN_MS);
    return withCard(resident, () => page.redeem('salt', onConfirm));
  }

  return {
    ...{ folder, data: resolve(folder, config.data), says: () => says, sale },
    tap: (resident) => withCard(resident, () => page.screen('balance', TAP_MS)),
    switchOn({ before = [], node = [], env = {} } = {}) {
      const main = [...node, join(ROOT, 'dist/terminal/main.js'), 'serve', '--with-parent'];
      const [program = '', ...argv] = [...before, process.execPath, ...main, '--config', join(folder, 'config.json')];
      says = '';
      const started = spawn(program, argv, { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'pipe'] });
      started.stderr.on('data', (bytes: Buffer) => {
        says = (says + bytes).slice(-SAYS_CHARS);
      });
      agent = started;
      return started;
    },
    async switchOff() {
      if (agent !== null && agent.signalCode === null) await stopped(agent);
      agent = null;
    },
    async until(closedBy) {
      const endMs = performance.now() + WITHIN_MS;
      for (let last = 'nothing'; ; await new Promise((done) => setTimeout(done, LOOK_MS))) {
        const now = await readyz().catch((error: Error) => error.message); // it may not listen yet: the bound ends it
        if (closedBy === null ? now === null : now?.includes(`"${closedBy}"`)) return;
        last = now ?? 'it sells';
        if (performance.now() > endMs) throw new Error(`not ${closedBy ?? 'ready'}: ${last}\n${says.slice(-3_000)}`);
      }
    },
    async state() {
      const headers = { authorization: `Bearer ${searchParams.get('token')}` };
      return (await (await fetch(`${origin}/api/state`, { headers })).json()) as RigState;
    },
  };
}

export interface JournalRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
}

/**
 * All records of its journal, whoever writes it meanwhile. `pid`: of an agent that sees a disk of its own there; a copy is
 * read then, as SQLite would look behind `/proc/PID/root` for the file that others see.
 */
export function journalRows(kiosk: LoneKiosk, pid?: number): JournalRow[] {
  if (pid === undefined) return rowsOf(kiosk.data);
  const copy = mkdtempSync(join(tmpdir(), 'tally-journal-'));
  try {
    cpSync(`/proc/${pid}/root${kiosk.data}`, copy, { recursive: true, filter: (path) => !path.endsWith('-shm') });
    return rowsOf(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function rowsOf(data: string): JournalRow[] {
  const db = new Database(journalPath({ data }, '/'), { readonly: true });
  const found = db.prepare('SELECT seq, at, type FROM records ORDER BY seq').all() as JournalRow[];
  db.close();
  return found;
}
