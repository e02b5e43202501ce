import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { pcscAvailable } from '../../../firmware-sim/pcsc/index.ts';
import { compiledEntry } from '../../../test/support/compile.ts';
import { privatePcsc, type ReaderBench, readerBench, ready, signal, soon } from '../../../test/support/reader-bench.ts';

/** Whose the card process is, how long it lives, and that what changed while it slept is not missed. */

const benches: ReaderBench[] = [];
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()));
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(...given: Parameters<typeof readerBench>): Promise<ReaderBench> {
  const bench = await readerBench(...given);
  benches.push(bench);
  return ready(bench);
}

function runs(pid: number | null): boolean {
  try {
    return signal(pid, 0);
  } catch {
    return false; // ESRCH: it is gone.
  }
}

describe.skipIf(!pcscAvailable().ok)('through pcscd', { timeout: 30_000 }, () => {
  test('two private stacks side by side do not see each other', async () => {
    const [left, right] = await Promise.all([start(), start()]);
    await left.lay({ uid: '04000001' });
    await expect.poll(left.words, soon).toEqual(['card']);
    expect(right.words()).toEqual([]);
    left.pcsc.killPcscd('SIGKILL');
    await right.lay({ uid: '04000002' });
    await expect.poll(right.words, soon).toEqual(['card']);
    expect(right.told.find((event) => event.type === 'card')).toMatchObject({ card: { uid: '04000002' } });
  });

  test('unplugged: no-reader; plugged in again: taps are read', async () => {
    const bench = await start();
    await bench.lay();
    await expect.poll(bench.words, soon).toEqual(['card']);
    await bench.pcsc.plug({ reader: false, sam: false });
    await expect.poll(() => bench.reader.status().reason, soon).toBe('no-reader');
    expect(bench.words()).toEqual(['card', 'removed']);
    await bench.pcsc.plug({ reader: true, sam: false });
    await ready(bench);
    await bench.lay();
    await expect.poll(bench.words, soon).toEqual(['card', 'removed', 'card']);
  });

  test('a card changed for another while the card process slept: the second is a stay of its own', async () => {
    const bench = await start({ silenceMs: 20_000 });
    const card = await bench.lay({ uid: '04000001' });
    await expect.poll(bench.words, soon).toEqual(['card']);
    const pid = bench.reader.childPid();
    signal(pid, 'SIGSTOP');
    await card.remove();
    await bench.lay({ uid: '04000002' });
    // pcscd has powered it, so that the card process wakes to one change that was two.
    await new Promise((resolve) => setTimeout(resolve, 800));
    signal(pid, 'SIGCONT');
    await expect.poll(bench.words, soon).toEqual(['card', 'removed', 'card']);
    expect(bench.told.findLast((event) => event.type === 'card')).toMatchObject({ card: { uid: '04000002' } });
    expect(bench.reader.status().lastFault).toBe('swapped-unseen');
  });

  test('stop ends the card process', async () => {
    const { reader } = await start();
    const pid = reader.childPid();
    await reader.stop();
    expect(runs(pid)).toBe(false);
    expect(reader.status()).toEqual({ state: 'absent', reason: null, restarts: 0, lastFault: null });
  });
});

/** Elsewhere than on Linux with util-linux there is no leash; on CI there is. */
const leash = existsSync('/usr/bin/setpriv');
test('on CI card processes are on a leash', () => {
  if (process.env.CI === 'true') expect(leash).toBe(true);
});

/** A card process as ours would be if it did not look before it loads nfc-pcsc: it spins for ever without pcscd. */
async function spinningChild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tallystick-child-'));
  closing.push(() => rm(folder, { recursive: true }));
  const path = join(folder, 'spins.cjs');
  const nfcPcsc = createRequire(import.meta.url).resolve('nfc-pcsc');
  const says = `process.send({ type: 'status', state: 'ready', reason: null }, () => new NFC());`;
  await writeFile(path, `const { NFC } = require(${JSON.stringify(nfcPcsc)});\n${says}\n`);
  return path;
}

describe.skipIf(!pcscAvailable().ok || !leash)('an agent killed -9', { timeout: 30_000 }, () => {
  test.each(['stopped', 'spinning inside nfc-pcsc'])(
    'while its card process is %s: leaves none behind',
    async (how) => {
      const spins = how !== 'stopped';
      const pcsc = await privatePcsc();
      closing.push(() => pcsc.remove());
      if (spins) pcsc.killPcscd('SIGKILL');
      const childPath = spins ? await spinningChild() : compiledEntry('terminal/devices/reader/card-process.ts');
      const options = { childPath, enter: pcsc.enter, silenceMs: 60_000 };
      const script = `import { pcscReader } from ${JSON.stringify(compiledEntry('terminal/devices/reader/supervisor.ts'))};
      const reader = pcscReader(${JSON.stringify(options)});
      reader.onEvent(() => reader.status().state === 'ready' && console.log(reader.childPid()));
      reader.start();`;
      const argv = ['--input-type=module', '-e', script];
      const agent = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
      closing.push(async () => agent.kill('SIGKILL'));
      const said = await new Promise<string>((resolve) => agent.stdout.once('data', (chunk) => resolve(String(chunk))));
      const pid = Number(said);
      closing.push(async () => runs(pid) && signal(pid, 'SIGKILL'));
      if (spins) await new Promise((resolve) => setTimeout(resolve, 400));
      else signal(pid, 'SIGSTOP');
      expect(runs(pid)).toBe(true);
      agent.kill('SIGKILL');
      await expect.poll(() => runs(pid), soon).toBe(false);
    },
  );
});
