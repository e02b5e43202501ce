import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { compiledEntry } from '../../test/support/compile.ts';
import { pcscAvailable } from './available.ts';
import { freePortPair, isListening } from './ports.ts';
import { startPrivatePcsc } from './private-pcsc.ts';

const available = pcscAvailable();
if (!available.ok) console.warn(`SKIPPED: ${available.missing} is missing (${available.install}); no private pcscd.`);
const folders: string[] = [];

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'tallystick-pcsc-'));
  folders.push(made);
  return made;
}

afterEach(async () => {
  for (const made of folders.splice(0)) await rm(made, { recursive: true, force: true });
});

/** Processes whose command line names this folder: our pcscd and no other. */
function pcscdsOf(confDir: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`-c\0${confDir}\0`);
    } catch {
      return false; // It ended while we looked.
    }
  });
}

test('on CI a private pcscd can be started; elsewhere it is said what is missing', () => {
  if (process.env.CI === 'true' || available.ok) expect(available).toEqual({ ok: true });
  else expect(available).toEqual({ ok: false, missing: expect.any(String), install: expect.any(String) });
});

test('a port pair is free and can be asked without connecting', async () => {
  const port = await freePortPair();
  expect(await isListening(port)).toBe(false);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '0.0.0.0', resolve));
  expect(await isListening(port)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
});

describe.skipIf(!available.ok)('a private pcscd', () => {
  test('starts, is killed, starts again, and leaves nothing behind', async () => {
    const confDir = join(await folder(), 'conf');
    const pcsc = await startPrivatePcsc({ confDir, port: 0 });
    const [program = '', ...rest] = pcsc.enter;
    const inside = spawnSync(program, [...rest, 'sh', '-c', 'pwd; ls /run/pcscd'], { encoding: 'utf8' });
    expect(inside.stdout.split('\n')).toEqual([process.cwd(), 'pcscd.comm', 'pcscd.pid', '']);
    expect([await isListening(pcsc.cardPort), await isListening(pcsc.cardPort + 1)]).toEqual([true, true]);
    await expect(startPrivatePcsc({ confDir: await folder(), port: pcsc.cardPort })).rejects.toThrow(/in use/);
    pcsc.killPcscd('SIGKILL');
    await expect.poll(() => isListening(pcsc.cardPort)).toBe(false);
    await pcsc.startPcscd();
    expect(await isListening(pcsc.cardPort)).toBe(true);
    await pcsc.close();
    expect(await isListening(pcsc.cardPort)).toBe(false);
    expect(pcscdsOf(confDir)).toBe(false);
    expect(existsSync(`/proc/${pcsc.enter[2]}`)).toBe(false);
  });

  test('goes when its owner is killed -9', async () => {
    const confDir = join(await folder(), 'conf');
    const entry = compiledEntry('firmware-sim/pcsc/private-pcsc.ts');
    const script = `import { startPrivatePcsc } from ${JSON.stringify(entry)};
      const pcsc = await startPrivatePcsc({ confDir: ${JSON.stringify(confDir)}, port: 0 });
      console.log(JSON.stringify([pcsc.enter[2], pcsc.cardPort]));
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve) => owner.stdout.once('data', (chunk) => resolve(String(chunk))));
    const [holder, port]: [string, number] = JSON.parse(line);
    expect([pcscdsOf(confDir), existsSync(`/proc/${holder}`), await isListening(port)]).toEqual([true, true, true]);
    owner.kill('SIGKILL');
    const gone = async (): Promise<boolean[]> => [
      pcscdsOf(confDir),
      existsSync(`/proc/${holder}`),
      await isListening(port),
    ];
    await expect.poll(gone, { timeout: 5_000 }).toEqual([false, false, false]);
  });
});
