import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';

/** Hub and agents as real processes: started, logged to a file, started again when they die, ended with the demo. */

export interface Program {
  readonly name: string;
  readonly argv: readonly string[];
  readonly log: string;
}
export interface Running {
  readonly name: string;
  pid(): number | undefined;
  /** As a power cut does to a process: it comes back by itself. */
  kill(): void;
  stop(): Promise<void>;
}

/** A program that ends so many times in a row within the window is not started again. */
const MAX_QUICK_ENDS = 5;
const QUICK_END_MS = 2_000;
const RESTART_MS = 200;
const STOP_MS = 5_000;

export function keepRunning(program: Program, onGivenUp: (says: string) => void): Running {
  mkdirSync(dirname(program.log), { recursive: true });
  const log: WriteStream = createWriteStream(program.log, { flags: 'a' });
  let child: ChildProcess | null = null;
  let stopping = false;
  let again: NodeJS.Timeout | undefined;
  let quickEnds = 0;
  let tail = '';

  function start(): void {
    const [command = '', ...args] = program.argv;
    const startedMs = performance.now();
    // The child stops when our end of its standard input closes, so nothing outlives the demo, however that ends.
    const started = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        tail = (tail + bytes.toString('utf8')).slice(-2_000);
        log.write(bytes);
      });
    }
    started.once('error', (error) => onGivenUp(`${program.name} cannot be started: ${error.message}`));
    started.once('close', (code) => {
      child = null;
      if (stopping) return;
      // Killed from outside it is not to blame: only a program that ends by itself, again and again, is hopeless.
      const byItself = code !== null && performance.now() - startedMs < QUICK_END_MS;
      quickEnds = byItself ? quickEnds + 1 : 0;
      const hopeless = code === 2 || code === 3 || quickEnds >= MAX_QUICK_ENDS;
      if (hopeless) onGivenUp(`${program.name} ended with ${code}; the end of ${program.log}:\n${tail}`);
      else again = setTimeout(start, RESTART_MS);
    });
  }
  start();

  return {
    name: program.name,
    pid: () => child?.pid,
    kill: () => child?.kill('SIGKILL'),
    async stop() {
      stopping = true;
      // It may have died a moment ago: nobody would end the one that came after it.
      clearTimeout(again);
      const ending = child;
      if (ending !== null) {
        const ended = new Promise<void>((done) => ending.once('close', () => done()));
        ending.kill('SIGTERM');
        const late = setTimeout(() => ending.kill('SIGKILL'), STOP_MS);
        await ended;
        clearTimeout(late);
      }
      log.end();
    },
  };
}
