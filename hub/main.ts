import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Common, commandLine, ending, WITH_PARENT } from '../protocol/node/command-line.ts';
import { EXIT, fail, onStopAsked } from '../protocol/node/program.ts';
import { HubConfig } from './config.ts';
import { createEnvelopePool } from './envelope-pool.ts';
import { writeExport } from './export/write-export.ts';
import { type HubParts, openHubParts } from './parts.ts';
import { prepareCounty } from './programme/import.ts';
import { readCountyFile } from './programme/read-county-file.ts';
import { storeCounty } from './programme/store-county.ts';
import { composeHub } from './serve.ts';

/** `npm run hub -- …`: the hub's commands. Exit 0 fine, 1 a finding, 2 wrong usage, 3 the environment lacks something. */

const { program, load, command } = commandLine({
  ...{ name: 'hub', says: 'The county hub of Tallystick.', schema: HubConfig, demoFolder: 'hub' },
});

function open(options: Common): Promise<HubParts> {
  const { config, dir } = load(options);
  return openHubParts(config, dir);
}

function countyOf({ store }: HubParts) {
  return store.books.read((books) => books.get('counties', {}));
}

async function serve(options: Common): Promise<void> {
  const parts = await open(options);
  if ((await countyOf(parts)) === undefined) {
    fail(EXIT.finding, 'This store holds no county yet.', 'Run `hub import --config FILE county.json` first.');
  }
  const pool = createEnvelopePool();
  const app = await composeHub(parts, { readEnvelope: pool.read });
  const { host, port } = parts.config.listen;
  await app.listen({ host, port });
  onStopAsked(options.withParent === true, async () => {
    await app.close();
    await pool.close();
    await parts.store.close();
  });
}

async function importCounty(file: string, options: Common): Promise<void> {
  const parts = await open(options);
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
  const at = Date.now();
  const stored = await parts.store.books.write((books) => storeCounty(books, config.county, prepared, at));
  await parts.store.close();
  if (!stored)
    fail(EXIT.finding, 'This store already holds a county; nothing was changed.', 'Import into an empty one.');
  const { residents, items, operators } = read.county;
  const counts = { residents: residents.length, items: items.length, operators: operators.length };
  process.stdout.write(`${options.json ? JSON.stringify(counts) : `imported ${residents.length} residents`}\n`);
}

async function exportAll(options: Common & { out: string }): Promise<void> {
  const parts = await open(options);
  const county = await countyOf(parts);
  if (county === undefined) fail(EXIT.finding, 'This store holds no county yet.', 'Import one first.');
  const out = resolve(options.out);
  const about = { county: county.id, inc: county.inc, at: Date.now() };
  const outcome = await writeExport(parts.store.exports, out, parts.hub, about);
  await parts.store.close();
  if (!outcome.ok) fail(EXIT.finding, outcome.error, outcome.whatToDo);
  const { files } = outcome.value.manifest;
  const words = Object.entries(files).map(([name, file]) => `${name} ${file.lines}`);
  process.stdout.write(options.json ? `${JSON.stringify(outcome.value)}\n` : `${out}: ${words.join(', ')}\n`);
}

const run = (work: () => Promise<void>) => ending('the hub’s port', work);

command('serve', 'run the hub')
  .option(...WITH_PARENT)
  .action((o: Common) => run(() => serve(o)));
command('import <file>', 'fill an empty store from a county file').action((file: string, o: Common) =>
  run(() => importCounty(file, o)),
);
command('export', 'write what an auditor can check without the hub; the hub may be running')
  .requiredOption('--out <dir>', 'a new folder')
  .action((o: Common & { out: string }) => run(() => exportAll(o)));

await program.parseAsync();
