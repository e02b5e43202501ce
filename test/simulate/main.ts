import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Command } from 'commander';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { BUGS } from './bugs.ts';
import { runSeed } from './run-seed.ts';

/** `npm run simulate -- --seeds N [--start S] [--bug NAME] [--crypto real]`: docs/surfaces.md, "Commands". */

interface Task {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly bug: string | null;
  readonly crypto: 'keyed' | 'real';
}
interface Told {
  readonly seed: number;
  readonly events: number;
  readonly faults: number;
  readonly days: number;
  readonly violation: string | null;
}

/** Every so many seeds one runs on real signatures. */
const REAL_EVERY = 100;

if (isMainThread) await main();
else await work(workerData as Task);

async function work(task: Task): Promise<void> {
  const bug = BUGS.find((each) => each.name === task.bug) ?? null;
  for (let seed = task.from; seed < task.to; seed += task.step) {
    const crypto = task.crypto === 'real' || seed % REAL_EVERY === REAL_EVERY - 1 ? 'real' : 'keyed';
    const result = await runSeed({ seed, bug, crypto });
    parentPort?.postMessage({ seed, ...result } satisfies Told);
  }
}

async function main(): Promise<void> {
  const program = new Command('simulate')
    .description(
      'Plays seeded months of three kiosks and a hub, with everything going wrong, and checks the invariants.',
    )
    .option('--seeds <n>', 'how many', '100')
    .option('--start <s>', 'the first seed', '1')
    .option('--bug <name>', 'one fault of the protocol switched on, or `list`')
    .option('--crypto <kind>', '`real`: Ed25519 for every seed, not each hundredth only', 'keyed')
    .option('--json', 'write JSON and nothing else to stdout')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
  program.parse();
  const options = program.opts<{ seeds: string; start: string; bug?: string; crypto: string; json?: boolean }>();
  if (options.bug === 'list') {
    process.stdout.write(`${BUGS.map((bug) => bug.name).join('\n')}\n`);
    return;
  }
  const seeds = wholeNumber(options.seeds, '--seeds');
  const start = wholeNumber(options.start, '--start');
  if (options.bug !== undefined && !BUGS.some((bug) => bug.name === options.bug)) {
    fail(EXIT.usage, `There is no bug "${options.bug}".`, 'Name one of: npm run -s simulate -- --bug list');
  }
  if (options.crypto !== 'keyed' && options.crypto !== 'real') {
    fail(EXIT.usage, `--crypto ${options.crypto} is neither keyed nor real.`, 'Leave it out, or say real.');
  }
  const total = await runAll(seeds, start, options.bug ?? null, options.crypto, options.json === true);
  const { events, faults, days, violations } = total;
  const line = `${seeds} seeds, ${events} events, ${faults} faults, ${days} simulated days, ${violations} violations`;
  process.stdout.write(options.json ? `${JSON.stringify({ seeds, ...total })}\n` : `${line}\n`);
  process.exitCode = violations > 0 ? EXIT.finding : EXIT.fine;
}

function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    fail(EXIT.usage, `${name} ${text} is no number of seeds.`, 'Say a whole number from 1 on.');
  return value;
}

/** Seeds are dealt to as many threads as there are cores. */
async function runAll(seeds: number, start: number, bug: string | null, crypto: 'keyed' | 'real', quiet: boolean) {
  const total = { events: 0, faults: 0, days: 0, violations: 0, firstSeed: null as number | null };
  let done = 0;
  const began = performance.now();
  const threads = Math.min(seeds, availableParallelism());
  const say = (told: Told) => {
    total.events += told.events;
    total.faults += told.faults;
    total.days += told.days;
    done += 1;
    if (told.violation !== null) {
      total.violations += 1;
      total.firstSeed = Math.min(total.firstSeed ?? told.seed, told.seed);
      const replay = `npm run -s simulate -- --seeds 1 --start ${told.seed}${bug === null ? '' : ` --bug ${bug}`}`;
      process.stderr.write(`seed ${told.seed}: ${told.violation}\n  again: ${replay}\n`);
    }
    if (!quiet && (done % 500 === 0 || done === seeds)) {
      const rate = done / ((performance.now() - began) / 1_000);
      process.stderr.write(`${done} of ${seeds} seeds, ${rate.toFixed(1)} a second\n`);
    }
  };
  await Promise.all(
    Array.from({ length: threads }, (_, n) => {
      const task: Task = { from: start + n, to: start + seeds, step: threads, bug, crypto };
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: task });
      return new Promise<void>((resolve, reject) => {
        worker.on('message', say);
        worker.on('error', reject);
        worker.on('exit', () => resolve());
      });
    }),
  );
  return total;
}
