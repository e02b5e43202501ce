import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { keepRunning } from './processes.ts';

const dir = mkdtempSync(join(tmpdir(), 'tally-processes-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

it('a program is started again when it dies, and not once more behind its stop', async () => {
  const starts = join(dir, 'starts');
  const script = `require('fs').appendFileSync(${JSON.stringify(starts)}, 'x'); setInterval(() => undefined, 1000)`;
  const givenUp = vi.fn();
  const argv = [process.execPath, '-e', script];
  const kept = keepRunning({ name: 'it', argv, log: join(dir, 'log') }, givenUp);
  const started = () => (existsSync(starts) ? readFileSync(starts, 'utf8').length : 0);
  const startedOnce = (times: number) => vi.waitFor(() => expect(started()).toBe(times), { timeout: 10_000 });
  await startedOnce(1);
  kept.kill();
  await startedOnce(2);
  kept.kill();
  await vi.waitFor(() => expect(kept.pid()).toBeUndefined(), { timeout: 10_000 });
  // Within the moment in which it would come back.
  await kept.stop();
  await wait(1_000);
  expect([started(), kept.pid(), givenUp.mock.calls]).toEqual([2, undefined, []]);
});
