import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, withoutPostgres } from '../../test/support/postgres.ts';
import { BEN, type HubFixture, hubFixture } from '../../test/support/tiny-hub.ts';
import type { HubConfig } from '../config.ts';
import { enrolmentCopies } from '../enrolment-copies.ts';
import { emptyEpoch } from '../fleet/enrolment.ts';
import { openHubParts } from '../parts.ts';

/** The hub's commands as a person types them, on the built program, beside a hub that is running. */

const PROGRAM = fileURLToPath(new URL('../../dist/hub/main.js', import.meta.url));
const LONG_MS = 60_000;

let hub: HubFixture;
beforeAll(async () => {
  hub = await hubFixture();
  writeFileSync(join(hub.dir, 'hub.json'), JSON.stringify(hub.config));
  writeFileSync(join(hub.dir, 'password'), `${BEN.password}\n`);
}, LONG_MS);
afterAll(() => hub.close());

function command(config: string, ...args: string[]) {
  const argv = [PROGRAM, ...args, '--config', join(hub.dir, config)];
  const done = spawnSync(process.execPath, argv, { encoding: 'utf8', timeout: LONG_MS });
  return { status: done.status, out: done.stdout, says: done.stderr };
}
/** The same county, somewhere else. */
function elsewhere(name: string, patch: Partial<HubConfig>): string {
  writeFileSync(join(hub.dir, name), JSON.stringify({ ...hub.config, ...patch }));
  return name;
}
const countyIn = async (config: string) => {
  const parts = await openHubParts(JSON.parse(readFileSync(join(hub.dir, config), 'utf8')) as HubConfig, hub.dir);
  const county = await parts.store.books.read((books) => books.get('counties', {}));
  const epochs = await parts.store.books.read((books) => books.list('epochs', 'all', {}));
  await parts.store.close();
  return { county, epochs };
};

describe('backup and restore', { timeout: LONG_MS }, () => {
  const out = () => join(hub.dir, 'backup');

  it('copies the store of a running hub, and writes over nothing', () => {
    const first = command('hub.json', 'backup', '--out', out());
    expect(first).toMatchObject({ status: 0, out: expect.stringContaining('The keys are not in it') });
    expect(first.says).toContain('copied 100 %');
    expect(JSON.parse(readFileSync(join(out(), 'backup.json'), 'utf8'))).toMatchObject({ county: 'test', v: 1 });
    expect(existsSync(join(out(), 'keys'))).toBe(false);
    expect(command('hub.json', 'backup', '--out', out())).toMatchObject({ status: 1 });
  });

  it('never puts a backup over a store that is there, nor without the keys', () => {
    expect(command('hub.json', 'restore', '--from', out())).toMatchObject({
      ...{ status: 3, says: expect.stringContaining('There is a store') },
    });
    const keyless = elsewhere('keyless.json', { store: 'sqlite:other.sqlite', keys: 'no-keys' });
    expect(command(keyless, 'restore', '--from', out())).toMatchObject({
      ...{ status: 3, says: expect.stringContaining('hub.key') },
    });
    expect(existsSync(join(hub.dir, 'other.sqlite'))).toBe(false);
  });

  it('makes a hub that knows it lost its memory, and whom it enrolled since', async () => {
    const copies = enrolmentCopies(join(hub.dir, 'copies'));
    const since = {
      ...emptyEpoch('k7', 1, 's1', 'v1'),
      codeHash: Uint8Array.of(1),
      issuedBy: 'ada',
      confirmedBy: 'ben',
    };
    const enrolled = { publicKey: new Uint8Array(32).fill(3), enrolmentJws: 'jws', enrolmentHash: 'hash' };
    copies.keep({ ...since, ...enrolled, state: 'open' });
    const again = elsewhere('again.json', { store: 'sqlite:again.sqlite', enrolmentCopies: 'copies' });
    const done = command(again, 'restore', '--from', out(), '--json');
    expect(done.status, done.says).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ enrolments: ['k7.1'], waitsFor: 1 });
    const [before, after] = [await countyIn('hub.json'), await countyIn(again)];
    expect(after.county).toMatchObject({ restoring: 1, inc: expect.not.stringMatching(before.county?.inc ?? '') });
    expect(after.epochs).toMatchObject([{ tid: 'k7', state: 'open', reportedInc: null }]);
    expect([...(after.epochs[0]?.publicKey ?? [])]).toEqual([...enrolled.publicKey]);
  });

  it('refuses a backup that is not what was written, and says so', () => {
    appendFileSync(join(out(), 'hub.sqlite'), 'x');
    const other = elsewhere('damaged.json', { store: 'sqlite:damaged.sqlite' });
    expect(command(other, 'restore', '--from', out())).toMatchObject({
      ...{ status: 1, says: expect.stringContaining('SHA-256 differs') },
    });
    expect(existsSync(join(hub.dir, 'damaged.sqlite'))).toBe(false);
    expect(command(other, 'restore', '--from', hub.dir)).toMatchObject({ status: 2 });
  });

  it.skipIf(withoutPostgres)('does the same with PostgreSQL’s own tools', async () => {
    const server = await startPostgres();
    try {
      const first = elsewhere('first.json', { store: await server.database() });
      const parts = await openHubParts({ ...hub.config, store: 'sqlite:hub.sqlite' }, hub.dir);
      const county = await parts.store.books.read((books) => books.get('counties', {}));
      await parts.store.close();
      const fresh = await openHubParts(JSON.parse(readFileSync(join(hub.dir, first), 'utf8')) as HubConfig, hub.dir);
      if (county !== undefined) await fresh.store.books.write((books) => books.add('counties', [county]));
      await fresh.store.close();
      const folder = join(hub.dir, 'pg-backup');
      expect(command(first, 'backup', '--out', folder)).toMatchObject({ status: 0 });
      expect(command(first, 'restore', '--from', folder)).toMatchObject({
        ...{ status: 3, says: expect.stringContaining('not empty') },
      });
      const second = elsewhere('second.json', { store: await server.database() });
      expect(command(second, 'restore', '--from', folder)).toMatchObject({ status: 0 });
      const after = await countyIn(second);
      expect(after.county).toMatchObject({ name: '测试县', restoring: 1 });
      expect(after.county?.inc).not.toBe(county?.inc);
    } finally {
      await server.stop();
    }
  });
});

describe('the smaller commands', { timeout: LONG_MS }, () => {
  it('migrate says from where to where', () => {
    expect(command('hub.json', 'migrate').out).toMatch(/^Schema \d+ is up to date\.\n$/);
    const made = command(
      elsewhere('made.json', { store: 'sqlite:made.sqlite', keys: 'made-keys' }),
      'migrate',
      '--json',
    );
    const { found, now } = JSON.parse(made.out) as { found: number; now: number };
    expect([found, now > 2]).toEqual([0, true]);
  });

  it('keys shows what is public, and nothing else', () => {
    const { out } = command('hub.json', 'keys', '--json');
    expect(Object.keys(JSON.parse(out) as object)).toEqual(['kid', 'publicKey', 'fingerprint']);
    const secret = readFileSync(join(hub.dir, 'keys', 'hub.key')).toString('base64url');
    expect(out).not.toContain(secret);
  });

  it('operator adds a person once, with a second factor; a short password is refused', () => {
    const file = join(hub.dir, 'new-password');
    writeFileSync(file, 'short\n');
    const add = ['operator', 'add', '--user', 'cai', '--name', '蔡', '--role', 'reviewer', '--password-file', file];
    expect(command('hub.json', ...add)).toMatchObject({ status: 2, says: expect.stringContaining('too short') });
    writeFileSync(file, 'long enough for anybody\n');
    const added = command('hub.json', ...add, '--json');
    expect(JSON.parse(added.out)).toMatchObject({ user: 'cai', totpSecret: expect.stringMatching(/^[A-Z2-7]{32}$/) });
    expect(command('hub.json', ...add)).toMatchObject({ status: 1 });
    expect(command('hub.json', 'operator', 'list').out).toContain('cai reviewer 蔡');
  });

  it('courier gives nothing to who is not signed in, and nothing for what no kiosk signed', () => {
    const folder = join(hub.dir, 'stick');
    spawnSync('mkdir', [folder]);
    writeFileSync(join(folder, 'bundle.json'), '{"v":1,"tid":"k7"}');
    writeFileSync(join(folder, 'bundle.sig'), 'x..y');
    const wrong = join(hub.dir, 'wrong');
    writeFileSync(wrong, 'not it\n');
    const bring = ['courier', folder, '--operator', BEN.user, '--password-file'];
    expect(command('hub.json', ...bring, wrong)).toMatchObject({ status: 1, says: expect.stringContaining('wrong') });
    const signed = command('hub.json', ...bring, join(hub.dir, 'password'));
    expect(signed).toMatchObject({ status: 1, says: expect.stringContaining('signature') });
    expect(existsSync(join(folder, 'answer.json'))).toBe(false);
  });
});
