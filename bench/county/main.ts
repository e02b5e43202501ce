import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { HubConfig } from '../../hub/config.ts';
import { openHubParts } from '../../hub/parts.ts';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { diskFault } from './disk.ts';
import { joinVillage } from './join-village.ts';
import { makeCounty } from './make-county.ts';
import { measureCounty } from './measure.ts';
import { monthJob } from './month-job.ts';
import { byResidents, type CountySize, FULL, joiningVillage, planCounty } from './plan.ts';
import { progress } from './progress.ts';
import { freePort } from './real-hub.ts';
import { signBeside } from './sign-threads.ts';

/**
 * `npm run test:long -- full-size`: makes a county of full size in a hub's store, starts the real hub on it, and asks what
 * kiosks and people ask. Exit 1 where one of the three answers that must come within a second does not.
 */

const COUNTY = 'yunxi';
const DAYS_MAX = 60;

/** How the county in a folder was made, so that it can be asked again. */
interface MadeFile {
  readonly size: CountySize;
  readonly nowMs: number;
  /** How often it was asked. */
  readonly asked: number;
}

const program = new Command('full-size')
  .description('Makes a county of full size, and asks a real hub on it.')
  .option('--data <dir>', 'where the hub’s config, keys and store go and stay; a folder that is removed without it')
  .option('--store <store>', 'sqlite:<path> or postgres://…, an empty one', 'sqlite:hub.sqlite')
  .option('--scale <n>', '1 is 305 villages and 590,000 residents', '1')
  .option('--seed <n>', 'another seed is another county', '1')
  .option('--days <n>', 'days of records of each terminal', String(FULL.days))
  .option('--make-only', 'make it, and ask nothing')
  .option('--ask-only', 'ask the county that --data holds already')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
program.parse();
const options = program.opts<{
  data?: string;
  store: string;
  scale: string;
  seed: string;
  days: string;
  makeOnly?: boolean;
  askOnly?: boolean;
}>();

const say = (line: string) => process.stderr.write(`${line}\n`);
const dir = options.data === undefined ? mkdtempSync(join(tmpdir(), 'tally-county-')) : resolve(options.data);
try {
  if (options.askOnly !== true) await make();
  process.exitCode = options.makeOnly === true || (await ask()) ? EXIT.fine : EXIT.finding;
  if (options.data !== undefined)
    say(`it stays in ${dir}; \`npm run hub -- serve --config ${join(dir, 'hub.json')}\` runs it`);
} finally {
  if (options.data === undefined) rmSync(dir, { recursive: true, force: true });
}

function sizeAsked(): CountySize {
  const [scale, seed, days] = [Number(options.scale), Number(options.seed), Number(options.days)];
  if (!(scale > 0 && scale <= 1))
    end(EXIT.usage, `"${options.scale}" is no scale.`, 'Use a number above 0, at most 1.');
  if (!Number.isSafeInteger(seed)) end(EXIT.usage, `"${options.seed}" is no seed.`, 'Use a whole number.');
  if (!(Number.isSafeInteger(days) && days > 0 && days <= DAYS_MAX))
    end(EXIT.usage, `"${options.days}" is no number of days.`, `Use a whole number from 1 to ${DAYS_MAX}.`);
  return { scale, seed, days, recordsADay: FULL.recordsADay };
}

async function make(): Promise<void> {
  const size = sizeAsked();
  const plan = planCounty(size);
  mkdirSync(dir, { recursive: true });
  const fault = options.store.startsWith('postgres') ? null : diskFault(plan, dir);
  if (fault !== null) end(EXIT.environment, ...fault);
  const port = await freePort();
  const config: HubConfig = {
    ...{ county: COUNTY, store: options.store, keys: 'keys', listen: { host: '127.0.0.1', port } },
    ...{ publicUrl: `http://127.0.0.1:${port}`, pollMs: 5_000, log: 'warn' },
  };
  writeFileSync(join(dir, 'hub.json'), JSON.stringify(config, null, 2));
  const nowMs = Date.now();
  const parts = await openHubParts(config, dir);
  const signing = signBeside();
  const made = await makeCounty(plan, { parts, signing, nowMs, say: progress(plan, say, () => performance.now()) });
  await signing.close();
  await parts.store.close();
  keep({ size, nowMs, asked: 0 });
  say(`county: made ${made.terminals} terminals, ${made.residents} residents, ${made.records} records`);
}

/** True where nothing came too late. Each time it asks, another village joins and another terminal closes its day. */
async function ask(): Promise<boolean> {
  const file = join(dir, 'made.json');
  if (!existsSync(file)) end(EXIT.usage, `${dir} holds no made county.`, 'Make one first, without --ask-only.');
  const { size, nowMs, asked } = JSON.parse(readFileSync(file, 'utf8')) as MadeFile;
  const configFile = join(dir, 'hub.json');
  const config = JSON.parse(readFileSync(configFile, 'utf8')) as HubConfig;
  const plan = planCounty(size);
  const joining = joiningVillage(plan, asked);
  const quiet = byResidents(plan.villages.filter(({ trouble }) => trouble === 'none'));
  const place = quiet[asked % quiet.length];
  if (place === undefined) throw new Error('every terminal of this county has a trouble');
  const parts = await openHubParts(config, dir);
  await joinVillage(parts, plan.seed, joining, nowMs);
  const busy = await monthJob(parts, plan, place, nowMs);
  const county = await parts.store.books.read((books) => books.get('counties', {}));
  await parts.store.close();
  keep({ size, nowMs, asked: asked + 1 });
  const address = config.publicUrl;
  const slow = await measureCounty({ plan, configFile, address, inc: county?.inc ?? '', joining, busy, say });
  for (const { what, ms } of slow) say(`too late: ${what}, ${Math.round(ms)} ms`);
  return slow.length === 0;
}

function keep(made: MadeFile): void {
  writeFileSync(join(dir, 'made.json'), JSON.stringify(made));
}

/** Ends with a sentence, and leaves no folder behind that nobody asked for. */
function end(code: number, says: string, whatToDo: string): never {
  if (options.data === undefined) rmSync(dir, { recursive: true, force: true });
  fail(code, says, whatToDo);
}
