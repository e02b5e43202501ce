import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { readConfig } from '../protocol/node/config-file.ts';
import { StoreRefusal } from '../protocol/node/durable-sqlite.ts';
import { EXIT, fail, onStopAsked, startSentence } from '../protocol/node/program.ts';
import { HubConfig } from './config.ts';
import { writeExport } from './export/write-export.ts';
import { type HubParts, openHubParts } from './parts.ts';
import { readCountyFile } from './programme/county-file.ts';
import { prepareCounty } from './programme/import.ts';
import { composeHub } from './serve.ts';

/** `npm run hub -- …`: the hub's commands. Exit 0 fine, 1 a finding, 2 wrong usage, 3 the environment lacks something. */

interface Common {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly withParent?: boolean;
}

function load(options: Common): { config: HubConfig; dir: string } {
  // `--data` names the demo's folder, in which the hub's config stands where the demo put it.
  const path = options.config ?? (options.data ? join(options.data, 'hub', 'config.json') : 'hub.json');
  const read = readConfig(path, HubConfig);
  if (!read.ok) fail(EXIT.usage, read.error, read.whatToDo);
  return { config: read.config, dir: read.dir };
}

function open(options: Common): HubParts {
  const { config, dir } = load(options);
  return openHubParts(config, dir);
}

async function serve(options: Common): Promise<void> {
  const parts = open(options);
  if ((await parts.store.downlink.county()) === null) {
    fail(EXIT.finding, 'This store holds no county yet.', 'Run `hub import --config FILE county.json` first.');
  }
  const app = await composeHub(parts);
  const { host, port } = parts.config.listen;
  await app.listen({ host, port });
  onStopAsked(options.withParent === true, async () => {
    await app.close();
    parts.store.close();
  });
}

async function importCounty(file: string, options: Common): Promise<void> {
  const parts = open(options);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    fail(EXIT.usage, `${file} cannot be read as JSON: ${(error as Error).message}.`, 'Name a county file.');
  }
  const read = readCountyFile(value);
  if (!read.ok)
    fail(EXIT.finding, `${file} is not right:\n  ${read.faults.join('\n  ')}`, 'Mend these; nothing was stored.');
  const { hub, seal, config } = parts;
  const onProgress = (done: number, of: number) => {
    if (!options.json && (done % 400 === 0 || done === of)) process.stderr.write(`prepared ${done} of ${of} people\n`);
  };
  const prepared = await prepareCounty(read.county, { county: config.county, seal, hub, randomBytes, onProgress });
  const stored = await parts.store.programme.importCounty(prepared, Date.now());
  parts.store.close();
  if (!stored)
    fail(EXIT.finding, 'This store already holds a county; nothing was changed.', 'Import into an empty one.');
  const { residents, items, operators } = read.county;
  const counts = { residents: residents.length, items: items.length, operators: operators.length };
  process.stdout.write(`${options.json ? JSON.stringify(counts) : `imported ${residents.length} residents`}\n`);
}

async function exportAll(options: Common & { out: string }): Promise<void> {
  const parts = open(options);
  const county = await parts.store.downlink.county();
  if (county === null) fail(EXIT.finding, 'This store holds no county yet.', 'Import one first.');
  const out = resolve(options.out);
  const about = { county: county.id, inc: county.inc, at: Date.now() };
  const outcome = writeExport(parts.store.exports, out, parts.hub, about);
  parts.store.close();
  if (!outcome.ok) fail(EXIT.finding, outcome.error, outcome.whatToDo);
  const { files } = outcome.value.manifest;
  const words = Object.entries(files).map(([name, file]) => `${name} ${file.lines}`);
  process.stdout.write(options.json ? `${JSON.stringify(outcome.value)}\n` : `${out}: ${words.join(', ')}\n`);
}

const program = new Command('hub').description('The county hub of Tallystick.').exitOverride((error) => {
  process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage);
});
const common = (command: Command) =>
  command
    .option('--config <file>', 'config file (default hub.json)')
    .option('--data <dir>', 'data folder of the demo, as given to `npm start`')
    .option('--json', 'write JSON and nothing else to stdout');

common(program.command('serve').description('run the hub'))
  .option('--with-parent', 'stop when standard input closes, as it does when the program that started this one dies')
  .action((o: Common) => run(() => serve(o)));
common(program.command('import').description('fill an empty store from a county file').argument('<file>')).action(
  (file: string, o: Common) => run(() => importCounty(file, o)),
);
common(program.command('export').description('write what an auditor can check without the hub; the hub may be running'))
  .requiredOption('--out <dir>', 'a new folder')
  .action((o: Common & { out: string }) => run(() => exportAll(o)));
common(
  program
    .command('config')
    .description('`config check`: reads the config file and says what is wrong')
    .argument('<check>'),
).action((word: string, o: Common) => {
  if (word !== 'check') fail(EXIT.usage, `There is no \`config ${word}\`.`, 'Use `hub config check --config FILE`.');
  const { config } = load(o);
  process.stdout.write(o.json ? `${JSON.stringify(config)}\n` : 'The config file is right.\n');
});

async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StoreRefusal) fail(EXIT.environment, error.message, error.whatToDo);
    const says = startSentence(error, 'the hub’s port');
    if (says) fail(EXIT.environment, ...says);
    throw error;
  }
}

await program.parseAsync();
