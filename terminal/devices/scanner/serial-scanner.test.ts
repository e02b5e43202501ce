import { chmodSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type SimulatedScanner, startScanner } from '../../../firmware-sim/scanner/index.ts';
import { closing, noPty, pause, saysWhatIsMissing, socketPath, until } from '../../../test/support/pty-tests.ts';
import type { ScannerPort } from './port.ts';
import { type SerialScannerOptions, serialScanner } from './serial-scanner.ts';

/** The real driver on serialport against a scanner that speaks the wire; each fault under its own name. */

saysWhatIsMissing('scanner');

function driver(path: string, change: Partial<SerialScannerOptions> = {}): { port: ScannerPort; told: string[] } {
  const told: string[] = [];
  const port = serialScanner({ path, baudRate: 9_600, nowMs: () => performance.now(), random: () => 0, ...change });
  port.onEvent((event) => {
    if (event.type === 'status') return;
    told.push(event.type === 'scan' ? event.code : event.reason);
  });
  closing.push(() => port.stop());
  port.start();
  return { port, told };
}

async function bench(): Promise<{ scanner: SimulatedScanner; port: ScannerPort; told: string[] }> {
  const scanner = await startScanner(socketPath());
  closing.push(() => scanner.close());
  const { port, told } = driver(scanner.path);
  await ready(port);
  return { scanner, port, told };
}
const ready = (port: ScannerPort) => until(port.status, ({ state }) => state === 'ready');

describe.skipIf(noPty !== null)('a scanner in COM mode', () => {
  it('tells each scan, in order', async () => {
    const { scanner, told } = await bench();
    for (const code of ['2090000001013', 'rice', '2090000001013']) scanner.scan(code);
    await until(
      () => told.length,
      (n) => n === 3,
    );
    expect(told).toEqual(['2090000001013', 'rice', '2090000001013']);
  });

  it('double scan: tells one', async () => {
    const { scanner, told } = await bench();
    await scanner.setFault('double-scan', true);
    scanner.scan('2090000001013');
    await scanner.setFault('double-scan', false);
    scanner.scan('rice');
    await until(
      () => told.length,
      (n) => n >= 2,
    );
    expect(told).toEqual(['2090000001013', 'rice']);
  });

  it('half frames: a line that comes in two parts is one code', async () => {
    const { scanner, told } = await bench();
    await scanner.setFault('half-frames', true);
    scanner.scan('2090000001013');
    expect(
      await until(
        () => told,
        ({ length }) => length > 0,
      ),
    ).toEqual(['2090000001013']);
  });

  it('half frames: half a line whose end never comes belongs to no later code', async () => {
    const { scanner, told } = await bench();
    scanner.sendRaw('1234');
    await pause(800);
    scanner.scan('rice');
    expect(
      await until(
        () => told,
        ({ length }) => length > 0,
      ),
    ).toEqual(['rice']);
  });

  it('noise: the line it spoils is refused, the next one is read', async () => {
    const { scanner, told } = await bench();
    await scanner.setFault('noise', true);
    scanner.scan('2090000001013');
    await scanner.setFault('noise', false);
    scanner.scan('rice');
    await until(
      () => told.length,
      (n) => n === 2,
    );
    expect(told).toEqual(['not-text', 'rice']);
  });

  it('stall: nothing is lost, and nothing is told until it goes on', async () => {
    const { scanner, port, told } = await bench();
    await scanner.setFault('stall', true);
    scanner.scan('rice');
    await pause(700);
    expect([told, port.status().state]).toEqual([[], 'ready']);
    await scanner.setFault('stall', false);
    expect(
      await until(
        () => told,
        ({ length }) => length > 0,
      ),
    ).toEqual(['rice']);
  });

  it('peer death: says unplugged though it never writes, keeps no half line, and comes back by itself', async () => {
    const { scanner, port, told } = await bench();
    const seen: unknown[] = [];
    port.onEvent((event) => event.type === 'status' && seen.push([event.status.state, event.status.reason]));
    await scanner.setFault('half-frames', true);
    scanner.scan('12345678');
    await scanner.setFault('peer-death', true);
    await until(port.status, ({ state }) => state === 'absent');
    expect(seen.slice(0, 2)).toEqual([
      ['fault', 'unplugged'],
      ['absent', 'no-device'],
    ]);
    await scanner.setFault('half-frames', false);
    await scanner.setFault('peer-death', false);
    await ready(port);
    scanner.scan('rice');
    expect(
      await until(
        () => told,
        ({ length }) => length > 0,
      ),
    ).toEqual(['rice']);
  });

  it('says unplugged when its name is given to another device, though the first one still holds on, and reads that one', async () => {
    const [first, second] = [await startScanner(socketPath()), await startScanner(socketPath())];
    closing.push(
      () => first.close(),
      () => second.close(),
    );
    const name = socketPath();
    symlinkSync(readlinkSync(first.path), name);
    const { port, told } = driver(name);
    await ready(port);
    rmSync(name);
    symlinkSync(readlinkSync(second.path), name);
    await until(port.status, ({ reason }) => reason === 'unplugged');
    await ready(port);
    second.scan('rice');
    expect(
      await until(
        () => told,
        ({ length }) => length > 0,
      ),
    ).toEqual(['rice']);
  });

  it('stops while its peer is dead, and tells nothing afterwards', async () => {
    const { scanner, port, told } = await bench();
    await scanner.setFault('peer-death', true);
    await port.stop();
    await scanner.setFault('peer-death', false);
    scanner.scan('rice');
    await pause(300);
    expect([told, port.status()]).toEqual([[], { state: 'absent', reason: null }]);
  });
});

describe('a port that cannot be opened', () => {
  it('no device: says so, and goes on looking', async () => {
    const { port } = driver(socketPath());
    expect(await until(port.status, ({ state }) => state === 'absent')).toEqual({
      state: 'absent',
      reason: 'no-device',
    });
  });

  it('is no serial port at all', async () => {
    const path = socketPath();
    writeFileSync(path, '');
    chmodSync(path, 0o600);
    const { port } = driver(path);
    expect(await until(port.status, ({ state }) => state === 'fault')).toEqual({
      state: 'fault',
      reason: 'cannot-open',
    });
  });

  it.skipIf(noPty !== null)('held: another program has it', async () => {
    const scanner = await startScanner(socketPath());
    closing.push(() => scanner.close());
    await ready(driver(scanner.path).port);
    // Root opens an exclusive port all the same: the lock on it is what refuses the second.
    const { port } = driver(scanner.path);
    expect(await until(port.status, ({ state }) => state === 'fault')).toEqual({ state: 'fault', reason: 'held' });
  });
});
