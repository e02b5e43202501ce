import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CARD_PROCESS_KIB_MAX,
  familyOf,
  handleFaults,
  handlesOf,
  memoryFaults,
  memoryOf,
  residentKib,
  survivors,
} from './vitals.ts';
import { createWatch } from './watch.ts';

/** What the soak would find: processes that leak on purpose, and one that does not. */

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Does `work` once for each byte it is sent, and answers with one. */
async function worker(work: string): Promise<{ readonly pid: number; turn(): Promise<void>; child: ChildProcess }> {
  const script = `const fs = require('fs'); const kept = [];
    process.stdin.on('data', (bytes) => { for (const _ of bytes) { ${work}; process.stdout.write('.'); } });
    process.stdout.write('.');`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  const answer = () => new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
  await answer();
  return {
    ...{ pid: child.pid ?? 0, child },
    turn() {
      const answered = answer();
      child.stdin?.write('.');
      return answered;
    },
  };
}

async function sampled(work: string): Promise<number[]> {
  const { pid, turn } = await worker(work);
  const samples: number[] = [];
  for (let n = 0; n < 30; n++) {
    await turn();
    samples.push(residentKib(pid));
  }
  return samples;
}

describe('memory', () => {
  it('of a process that keeps a megabyte each time grows, of an idle one it does not', async () => {
    expect(memoryFaults('leaky', await sampled('kept.push(Buffer.alloc(1 << 20, 1))'))).toEqual([
      expect.stringMatching(/^the memory of leaky grew by \d+\.\d %, from \d+ to \d+ KiB$/),
    ]);
    expect(memoryFaults('idle', await sampled(''))).toEqual([]);
  });

  it('of a card process has a bound, in whichever of its lives', async () => {
    const { pid, turn } = await worker(`kept.push(Buffer.alloc(${CARD_PROCESS_KIB_MAX} << 10, 1))`);
    const gone = await worker('');
    gone.child.kill('SIGKILL');
    await new Promise((resolve) => gone.child.once('exit', resolve));
    const watch = createWatch(
      { processes: () => [], cardProcesses: () => [gone.pid, pid] },
      { quietMs: 0, settlesMs: 0 },
    );
    await watch.begin();
    await watch.sample();
    expect([await watch.faults(), watch.cardProcess().samples]).toEqual([[], 1]);
    await turn();
    await watch.sample();
    expect(await watch.faults()).toEqual([
      expect.stringMatching(/^a card process took \d+ KiB of memory, more than \d+$/),
    ]);
  });

  it('is not judged by a few samples, nor by one garbage collection', () => {
    const flat = Array.from({ length: 40 }, (_, n) => 100_000 + (n % 7) * 500);
    expect(memoryOf(flat.slice(0, 19))).toBeNull();
    expect(memoryFaults('busy', flat.with(0, 60_000).with(39, 160_000))).toEqual([]);
    const garbage = flat.map((kib, n) => (n % 4 === 0 ? kib : kib + n * 2_000));
    expect(memoryFaults('busy', garbage)).toEqual([]);
    expect(
      memoryFaults(
        'busy',
        garbage.map((kib, n) => kib + n * 400),
      ),
    ).toHaveLength(1);
  });
});

describe('handles', () => {
  it('that stay open are named by their kind', async () => {
    const { pid, turn } = await worker(`kept.push(fs.openSync('/dev/zero'))`);
    const before = handlesOf(pid);
    await turn();
    await turn();
    expect(handleFaults('leaky', before, handlesOf(pid))).toEqual([
      'leaky has 2 handles of kind /dev/zero open, it had 0',
    ]);
  });

  it('that are lost are named too; only connections come and go', () => {
    expect(handleFaults('k', { '/j.sqlite': 2, socket: 3 }, { '/j.sqlite': 1, socket: 2 })).toEqual([
      'k has 1 handles of kind /j.sqlite open, it had 2',
    ]);
    expect(handleFaults('k', { socket: 2 }, { socket: 3 })).toHaveLength(1);
  });
});

describe('processes', () => {
  it('left behind by their parent are found', async () => {
    const { pid, turn, child } = await worker(`require('child_process').spawn('sleep', ['60'])`);
    await turn();
    const family = familyOf(pid);
    expect(family.map(({ command }) => command.split(' ').at(-1)).at(-1)).toBe('60');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const left = survivors(family);
    expect(left.map(({ command }) => command)).toEqual(['sleep 60']);
    for (const each of left) process.kill(each.pid, 'SIGKILL');
    await expect.poll(() => survivors(family)).toEqual([]);
  });

  it('that ended and came back by themselves are found, whatever their memory', async () => {
    const [one, other] = [await worker(''), await worker('')];
    let { pid } = one;
    const watch = createWatch(
      { processes: () => [{ name: 'hub', pid }], cardProcesses: () => [] },
      { quietMs: 0, settlesMs: 0 },
    );
    await watch.begin();
    expect(await watch.faults()).toEqual([]);
    ({ pid } = other);
    expect(await watch.faults()).toEqual(['hub ended, and was started again']);
  });
});
