import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { syncPath } from '../../../protocol/node/durable-files.ts';
import { StoreRefusal } from '../../../protocol/node/store-refusal.ts';
import type { StoreBackup } from './port.ts';

/** PostgreSQL's own tools: pg_dump's snapshot of a running database, pg_restore and psql in one transaction. */
export function postgresBackup(url: string): StoreBackup {
  const { address, env } = withoutPassword(url);
  return {
    fileName: 'hub.dump',
    async take(file, onProgress) {
      onProgress(0);
      await run('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', `--file=${file}`, address], env);
      syncPath(file);
      onProgress(1);
    },
    async putBack(file, inc) {
      const tables = await run('psql', ['-XAtc', TABLES, address], env);
      if (tables.trim() !== '0')
        throw new StoreRefusal('That database is not empty.', 'Make a new one; nothing is written over.');
      await restoreMarked(file, inc, address, env);
    },
  };
}

const TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";

/** The dump as SQL, and the mark of a restored store behind it, in one transaction. */
function restoreMarked(file: string, inc: string, address: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const dump = spawn(tool('pg_restore'), ['--no-owner', '--no-privileges', '--file=-', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const psql = spawn(tool('psql'), ['-Xq', '--single-transaction', '-v', 'ON_ERROR_STOP=1', '-f', '-', address], {
      ...{ env, stdio: ['pipe', 'ignore', 'pipe'] },
    });
    let says = '';
    const heard = (bytes: Buffer) => {
      says = (says + bytes.toString()).slice(-2_000);
    };
    dump.stderr.on('data', heard);
    psql.stderr?.on('data', heard);
    psql.stdin?.on('error', () => undefined); // it says on stderr why it stopped reading
    const { stdin } = psql;
    if (stdin === null) return reject(new Error('psql has no input'));
    dump.stdout.pipe(stdin, { end: false });
    let whole = false;
    dump.on('close', (code) => {
      whole = code === 0;
      // Half a dump is no store: an error inside the transaction takes all of it back.
      stdin.end(whole ? `\nUPDATE public.counties SET inc = '${inc}', restoring = 1;\n` : '\nSELECT 1/0;\n');
    });
    for (const child of [dump, psql]) child.on('error', (error) => reject(missing(error)));
    psql.on('close', (code) => {
      if (code === 0 && whole) resolve();
      else
        reject(new StoreRefusal(`The restore failed: ${says.trim()}.`, 'Nothing was kept; mend that and try again.'));
    });
  });
}

function run(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool(name), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, says] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString();
    });
    child.stderr.on('data', (bytes: Buffer) => {
      says = (says + bytes.toString()).slice(-2_000);
    });
    child.on('error', (error) => reject(missing(error)));
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new StoreRefusal(`${name} failed: ${says.trim()}.`, 'Mend that and try again.'));
    });
  });
}

/** Debian keeps one set of tools a major version; the newest can read what older servers hold. */
function tool(name: string): string {
  const root = '/usr/lib/postgresql';
  const majors = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = majors.map((major) => join(root, major, 'bin', name)).find((path) => existsSync(path));
  return found ?? name;
}

function missing(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new StoreRefusal('PostgreSQL’s own tools are not on this machine.', 'apt-get install postgresql-client');
}

/** A password in the arguments could be read by everybody on the machine. */
function withoutPassword(url: string): { address: string; env: NodeJS.ProcessEnv } {
  const parsed = new URL(url);
  const password = decodeURIComponent(parsed.password);
  parsed.password = '';
  return { address: parsed.toString(), env: { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) } };
}
