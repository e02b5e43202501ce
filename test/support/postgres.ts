import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';

/**
 * A real PostgreSQL server for tests: its own cluster in a temporary folder, on a free port of 127.0.0.1 and a socket beside
 * its data, with fsync on as the hub demands. It ends with the test process, however that ends.
 */
export interface PostgresServer {
  /** Makes an empty database and returns its URL, for the cluster's superuser. `options` as after CREATE DATABASE. */
  database(options?: string): Promise<string>;
  /** Runs statements as superuser; in `url`'s database, or the one every cluster has. */
  /** The same database by the socket beside the server's data. */
  onSocket(url: string): string;
  sql(text: string, url?: string): Promise<Record<string, unknown>[]>;
  /** kill -9 of the postmaster: a crash. Its children end by themselves; `restart` waits for that. */
  kill(): void;
  /** Stops it if it runs, and starts it again on the same port, with other settings where given. */
  restart(settings?: Settings): Promise<void>;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}
export type Settings = Readonly<Record<string, string>>;

const LEAST_MAJOR = 15;
const START_MS = 60_000;
const STOP_MS = 20_000;

const bin = newestBin();
const absence = bin === null ? `no PostgreSQL >= ${LEAST_MAJOR} under /usr/lib/postgresql` : null;
if (absence !== null && process.env.CI !== 'true')
  process.stderr.write(`skipped: ${absence}; apt-get install postgresql\n`);

/** For `describe.skipIf`: on a laptop without PostgreSQL its tests are skipped; in CI they fail by themselves. */
export const withoutPostgres: boolean = absence !== null && process.env.CI !== 'true';

/** Throws where PostgreSQL is not installed. Ask for one in `beforeAll` and stop it in `afterAll`. */
export async function startPostgres(settings: Settings = {}): Promise<PostgresServer> {
  if (bin === null) throw new Error(String(absence));
  const asRoot = process.getuid?.() === 0;
  // The postgres user must be able to go there: root's own temporary folder may be closed to it.
  const dir = mkdtempSync(join(asRoot ? '/tmp' : tmpdir(), 'tally-postgres-'));
  const as = (command: string, ...args: string[]): readonly [string, string[]] =>
    asRoot ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, args];
  if (asRoot) chownSync(dir, idOf('-u'), idOf('-g'));
  chmodSync(dir, 0o700);
  const data = join(dir, 'data');
  try {
    execFileSync(
      ...as(
        join(bin, 'initdb'),
        '-D',
        data,
        '-U',
        'postgres',
        '--auth=trust',
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
        '--no-sync',
      ),
      {
        ...{ stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' },
      },
    );
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }

  let port = await freePort();
  let asked: Settings = settings;
  let guard: ReturnType<typeof spawn> | null = null;
  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;

  async function start(): Promise<void> {
    const args = Object.entries({ ...defaults(dir, port), ...asked }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    // In a group of its own, so that Ctrl-C comes to us alone and the guard can clean up after us.
    const [command, full] = as('sh', '-c', GUARD, 'guard', dir, join(bin ?? '', 'postgres'), '-D', data, ...args);
    const child = spawn(command, full, { stdio: ['pipe', 'ignore', 'pipe'], cwd: '/', detached: true });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
    });
    child.stdin.on('error', () => undefined);
    guard = child;
    await until(START_MS, async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${log}`);
      return answers(urlOf('postgres'));
    });
  }
  async function end(): Promise<void> {
    const child = guard;
    guard = null;
    child?.stdin?.end('stop\n');
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
  }
  /** After a crash the old children may hold the shared memory for a moment, or somebody took the port. */
  async function startSomehow(tries: number, movePort: boolean): Promise<void> {
    for (let left = tries; ; left -= 1) {
      try {
        return await start();
      } catch (error) {
        await end();
        if (left <= 1) throw error;
        if (movePort) port = await freePort();
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  }

  const stop = async () => {
    await end();
    rmSync(dir, { recursive: true, force: true });
  };
  await startSomehow(3, true).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  let made = 0;
  return {
    async database(options = '') {
      made += 1;
      const name = `t${made}`;
      await query(urlOf('postgres'), `CREATE DATABASE ${name} ${options}`);
      return urlOf(name);
    },
    onSocket: (url) => url.replace('127.0.0.1', encodeURIComponent(dir)),
    sql: (text, url) => query(url ?? urlOf('postgres'), text),
    kill() {
      process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
      // Its guard would take the end of its input for our own death.
      guard?.stdin?.end('stop\n');
    },
    async restart(other) {
      await end();
      asked = other ?? asked;
      await startSomehow(20, false);
    },
    stop,
  };
}

/**
 * Beside the server a shell waits for a word from us. QUIT stops the server at once, without a checkpoint. Input that ends
 * without the word means that we were killed: then the folder goes too. (What a shell runs in the background has no input
 * unless it is told to: hence 3.)
 */
const GUARD = `exec 3<&0
dir=$1; shift
"$@" 3<&- & server=$!
(
  read -r word <&3
  kill -QUIT $server
  [ "$word" = stop ] && exit
  while kill -0 $server; do sleep 0.1; done
  rm -rf "$dir"
) 2>/dev/null &
wait $server`;

const defaults = (dir: string, port: number): Settings => ({
  ...{ port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: dir },
  ...{ fsync: 'on', max_connections: '60', shared_buffers: '64MB', log_min_messages: 'fatal', log_statement: 'none' },
});

function newestBin(): string | null {
  const root = '/usr/lib/postgresql';
  const majors = existsSync(root) ? readdirSync(root).map(Number) : [];
  const newest = Math.max(0, ...majors.filter((major) => existsSync(join(root, String(major), 'bin', 'postgres'))));
  return newest >= LEAST_MAJOR ? join(root, String(newest), 'bin') : null;
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = postgres(url, { max: 1, fetch_types: false, onnotice: () => undefined });
  try {
    return [...(await client.unsafe(text))];
  } finally {
    await client.end({ timeout: 1 });
  }
}

async function answers(url: string): Promise<boolean> {
  return query(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}

async function until(ms: number, true_: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + ms;
  while (!(await true_())) {
    if (Date.now() > end) throw new Error(`PostgreSQL did not answer within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
