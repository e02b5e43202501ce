import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Common, commandLine, ending, WITH_PARENT } from '../protocol/node/command-line.ts';
import { nodeHashing } from '../protocol/node/crypto.ts';
import { EXIT, fail, onStopAsked } from '../protocol/node/program.ts';
import { toBase64url } from '../protocol/primitives/base64url.ts';
import { backUp, putBack } from './commands/backup.ts';
import { takeBundles } from './commands/courier.ts';
import { addOperator, listOperators, type NewOperator } from './commands/people.ts';
import { HubConfig } from './config.ts';
import { createEnvelopePool } from './envelope-pool.ts';
import { writeExport } from './export/write-export.ts';
import { fingerprintOf } from './fleet/enrolment.ts';
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

async function backup(options: Common & { out: string }): Promise<void> {
  const about = await backUp(load(options), options.out, saying(options));
  print(
    options,
    about,
    `${resolve(options.out)}: county ${about.county}, ${about.file}. The keys are not in it; keep them in your safe.`,
  );
}

async function restore(options: Common & { from: string }): Promise<void> {
  const done = await putBack(load(options), options.from, saying(options));
  const also = done.enrolments.length === 0 ? '' : ` Enrolled since that backup: ${done.enrolments.join(', ')}.`;
  const next =
    `Restored, with a new incarnation.${also} Start the hub; ${done.waitsFor} kiosks report by themselves what they hold. ` +
    'Enter again what people did since the backup; then two people end the restore.';
  print(options, done, next);
}

async function migrate(options: Common): Promise<void> {
  const parts = await open(options);
  const { found, now } = parts.store.engine.schema;
  await parts.store.close();
  print(options, { found, now }, found === now ? `Schema ${now} is up to date.` : `Schema ${found} is now ${now}.`);
}

async function keys(options: Common): Promise<void> {
  const parts = await open(options);
  await parts.store.close();
  const { kid, publicKey } = parts.hub;
  const fingerprint = fingerprintOf(publicKey, nodeHashing);
  print(
    options,
    { kid, publicKey: toBase64url(publicKey), fingerprint },
    `${kid} ${toBase64url(publicKey)} ${fingerprint}`,
  );
}

async function operatorCommand(word: string, options: Common & Partial<NewOperator>): Promise<void> {
  const { user, name, role, passwordFile } = options;
  const parts = await open(options);
  try {
    if ((await countyOf(parts)) === undefined)
      fail(EXIT.finding, 'This store holds no county yet.', 'Import one first.');
    if (word === 'list') {
      const rows = await listOperators(parts);
      return print(options, rows, rows.map((row) => `${row.user} ${row.role} ${row.name}`).join('\n'));
    }
    if (word !== 'add' || !user || !name || !role || !passwordFile)
      fail(EXIT.usage, '`operator list`, or `operator add` with all of its options.', 'See `hub operator --help`.');
    const { totpSecret } = await addOperator(parts, { user, name, role, passwordFile });
    print(options, { user, totpSecret }, `${user} may sign in. Second factor, shown once: ${totpSecret}`);
  } finally {
    await parts.store.close();
  }
}

async function courier(folder: string, options: Common & { operator: string; passwordFile: string; code?: string }) {
  const parts = await open(options);
  try {
    const { operator: user, passwordFile, code } = options;
    const done = await takeBundles(parts, { folder, user, passwordFile, ...(code === undefined ? {} : { code }) });
    const each = done.map(({ tid, answer }) => `Taken from ${tid}; its answer is in ${answer}.`);
    print(options, done, each.join('\n'));
  } finally {
    await parts.store.close();
  }
}

function print(options: Common, value: unknown, words: string): void {
  process.stdout.write(`${options.json ? JSON.stringify(value) : words}\n`);
}
const saying = (options: Common) => (line: string) => void (options.json || process.stderr.write(`${line}\n`));

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
command('backup', 'copy the store of a running hub into a new folder; the keys are not in it')
  .requiredOption('--out <dir>', 'a new folder')
  .action((o: Common & { out: string }) => run(() => backup(o)));
command('restore', 'put a backup into an empty store, with a new incarnation')
  .requiredOption('--from <dir>', 'the folder of a backup')
  .action((o: Common & { from: string }) => run(() => restore(o)));
command('migrate', 'bring the store’s schema up to date, with a role that may').action((o: Common) =>
  run(() => migrate(o)),
);
command('keys', 'show the hub’s public key, to compare with what kiosks and auditors have').action((o: Common) =>
  run(() => keys(o)),
);
command('operator <what>', '`operator list`, `operator add`: people who sign in to the console')
  .option('--user <user>', 'what they sign in with')
  .option('--name <name>', 'their name')
  .option('--role <role>', 'operator, reviewer, auditor or admin')
  .option('--password-file <file>', 'its first line is the password')
  .action((word: string, o: Common & Partial<NewOperator>) => run(() => operatorCommand(word, o)));
command('courier <folder>', 'take what a kiosk put on a stick, and write the answer beside it')
  .requiredOption('--operator <user>', 'who brings it')
  .requiredOption('--password-file <file>', 'its first line is the password')
  .option('--code <code>', 'the one-time code of the second factor')
  .action((folder: string, o: Common & { operator: string; passwordFile: string; code?: string }) =>
    run(() => courier(folder, o)),
  );

await program.parseAsync();
