import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeDurably } from '../../protocol/node/key-file.ts';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { Compile, type Static, Type } from '../../protocol/schema.ts';
import type { HubConfig } from '../config.ts';
import { takeCopies } from '../enrolment-copies.ts';
import { beginIncarnation } from '../fleet/restore.ts';
import { backupOf, copiesOf, missingKeys, openHubParts } from '../parts.ts';

/** `hub backup` of a running hub, and `hub restore` into an empty store. Keys are in neither. */

const About = Type.Object(
  {
    v: Type.Literal(1),
    county: Type.String(),
    /** Of the hub that was copied; a restored one has another. */
    inc: Type.String(),
    at: Type.Integer(),
    file: Type.String({ pattern: '^[a-z]+\\.[a-z]+$' }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  { additionalProperties: false },
);
export type About = Static<typeof About>;
const aboutCheck = Compile(About);
const ABOUT_FILE = 'backup.json';

interface Place {
  readonly config: HubConfig;
  readonly dir: string;
}

export async function backUp({ config, dir }: Place, folder: string, say: (line: string) => void): Promise<About> {
  const out = resolve(folder);
  if (existsSync(out)) fail(EXIT.finding, `${out} exists already.`, 'Name a new folder; nothing is written over.');
  const parts = await openHubParts(config, dir);
  const county = await parts.store.books.read((books) => books.get('counties', {}));
  await parts.store.close();
  if (county === undefined) fail(EXIT.finding, 'This store holds no county yet.', 'Import one first.');
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const backup = backupOf(config, dir);
  const path = join(out, backup.fileName);
  let said = -1;
  await backup.take(path, (done) => {
    const percent = Math.floor(done * 10) * 10;
    if (percent > said) say(`copied ${percent} %`);
    said = Math.max(said, percent);
  });
  const at = Date.now();
  const about: About = {
    v: 1,
    county: county.id,
    inc: county.inc,
    at,
    file: backup.fileName,
    sha256: await sha256Of(path),
  };
  // Last: a folder without it is no backup.
  writeDurably(join(out, ABOUT_FILE), Buffer.from(`${JSON.stringify(about, null, 2)}\n`), 0o600);
  return about;
}

export interface Restored {
  readonly inc: string;
  /** `<tid>.<ep>` enrolled after the backup, taken from the copies. */
  readonly enrolments: readonly string[];
  /** Live epochs that must report before the restore can end. */
  readonly waitsFor: number;
}

export async function putBack({ config, dir }: Place, folder: string, say: (line: string) => void): Promise<Restored> {
  const from = resolve(folder);
  const about = readAbout(from);
  if (about.county !== config.county)
    fail(EXIT.finding, `That backup is of county ${about.county}, not ${config.county}.`, 'Name the right backup.');
  const absent = missingKeys(config, dir);
  if (absent.length > 0)
    fail(
      EXIT.environment,
      `Missing: ${absent.join(', ')}.`,
      'Put the keys back from your safe first; no backup holds them.',
    );
  const file = join(from, about.file);
  say('checking the backup');
  if ((await sha256Of(file)) !== about.sha256)
    fail(EXIT.finding, `${file} is not what was written: its SHA-256 differs.`, 'Use another backup.');
  say('putting it back');
  const inc = randomBytes(12).toString('base64url');
  await backupOf(config, dir).putBack(file, inc);
  const parts = await openHubParts(config, dir);
  try {
    const rows = copiesOf(config, dir)?.all() ?? [];
    return await parts.store.books.write(async (books) => {
      const at = Date.now();
      await beginIncarnation(books, inc, at);
      const enrolments = await takeCopies(books, rows, at);
      const epochs = await books.list('epochs', 'all', {});
      const live = epochs.filter(({ state }) => state === 'open' || state === 'frozen');
      return { inc, enrolments, waitsFor: live.length };
    });
  } finally {
    await parts.store.close();
  }
}

function readAbout(from: string): About {
  const path = join(from, ABOUT_FILE);
  if (!existsSync(path))
    fail(EXIT.usage, `${from} is no backup: ${ABOUT_FILE} is not there.`, 'Name a backup’s folder.');
  let value: unknown = null;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!aboutCheck.Check(value)) fail(EXIT.finding, `${path} cannot be read.`, 'Use another backup.');
  return value;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
