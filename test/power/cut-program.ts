import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, stopped } from '../../bench/support/demo.ts';
import { type CutDisk, cutDisk } from './after-cut.ts';
import { readDiskLog } from './disk-log.ts';
import { type ControlPage, createControlPage } from './preload.ts';

/** A real agent or hub whose disk can lose what was not synced. */

export interface CutProgram {
  readonly name: 'terminal' | 'hub';
  readonly control: ControlPage;
  /** Starts on the files as they are; resolves when `/readyz` answers 200. `died`: the power was cut before. */
  start(): Promise<'ready' | 'died'>;
  /** Resolves when the process has ended, however. */
  ended(): Promise<void>;
  /** The power goes now. */
  kill(): void;
  /** After the end: the files become what a cut leaves. */
  loseUnsynced(random: () => number): CutDisk;
  /** SIGTERM; the disk keeps everything. */
  stop(): Promise<void>;
  says(): string;
}
export interface CutProgramOptions {
  readonly name: 'terminal' | 'hub';
  readonly config: string;
  /** All its files that must survive are below. */
  readonly files: string;
  /** For log and control page; outside `files`. */
  readonly scratch: string;
  readonly url: string;
  readonly preload: string;
  readonly synchronous: Synchronous;
}
export type Synchronous = 'full' | 'normal';

const NORMAL = join(ROOT, 'test/power/synchronous-normal.mjs');
const READY_MS = 60_000;
const ANSWER_MS = 5_000;
const LOOK_MS = 20;
const SAYS_CHARS = 4_000;

export function createCutProgram(options: CutProgramOptions): CutProgram {
  const { name, files, scratch, url } = options;
  mkdirSync(scratch, { recursive: true });
  const log = join(scratch, `${name}.log`);
  const control = createControlPage(join(scratch, `${name}.control`));
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  let says = '';

  function spawned(): ChildProcess {
    rmSync(log, { force: true });
    const node = options.synchronous === 'normal' ? ['--import', NORMAL] : [];
    const args = [...node, join(ROOT, `dist/${name}/main.js`), 'serve', '--with-parent', '--config', options.config];
    const env = {
      ...process.env,
      ...{ LD_PRELOAD: options.preload, TALLY_CUT_WATCH: files, TALLY_CUT_LOG: log, TALLY_CUT_CONTROL: control.path },
      // Its writes would go past libc.
      UV_USE_IO_URING: '0',
    };
    return spawn(process.execPath, args, { env, stdio: ['pipe', 'ignore', 'pipe'] });
  }

  return {
    ...{ name, control },
    async start() {
      const process_ = spawned();
      child = process_;
      ended = new Promise((resolve) => process_.once('exit', () => resolve()));
      process_.stdin?.on('error', () => undefined); // it is gone already
      process_.stderr?.on('data', (bytes: Buffer) => {
        says = (says + bytes.toString()).slice(-SAYS_CHARS);
      });
      const endMs = performance.now() + READY_MS;
      let last = 'nothing';
      while (performance.now() < endMs) {
        if (process_.signalCode === 'SIGKILL') return 'died';
        if (process_.exitCode !== null) throw new Error(`${name} ended with ${process_.exitCode}: ${says}`);
        // Not listening yet, or gone again.
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null);
        if (answer?.status === 200) return 'ready';
        last = (await answer?.text().catch(() => null)) ?? last;
        if (/rolled-back|needs-new-epoch|fence-missing/.test(last)) break;
        await new Promise((done) => setTimeout(done, LOOK_MS));
      }
      throw new NotReady(name, last);
    },
    ended: () => ended,
    kill: () => void child?.kill('SIGKILL'),
    loseUnsynced(random) {
      for (const path of sharedMemory(files)) rmSync(path);
      return cutDisk(readDiskLog(log), random);
    },
    async stop() {
      control.disarm();
      if (child !== null && child.signalCode === null) await stopped(child);
    },
    says: () => says,
  };
}

/** It runs and does not get ready: of a kiosk, `why` says what closes it. */
export class NotReady extends Error {
  readonly why: string;
  constructor(name: string, why: string) {
    super(`${name} does not get ready; /readyz says ${why}`);
    this.name = 'NotReady';
    this.why = why;
  }
}

/** SQLite's index of the WAL: memory, which no cut leaves behind. */
function sharedMemory(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('-shm')).map((name) => join(folder, name));
}
