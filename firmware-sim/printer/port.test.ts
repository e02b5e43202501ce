import { afterEach, describe, expect, it } from 'vitest';
import { FaultBoard } from './faults.ts';
import { type SimulatedPrinter, startPrinter } from './index.ts';
import { PrinterPort } from './port.ts';
import { type Host, host, job, pause, until } from './test-rig.ts';

const GS = 0x1d;
const ASK = job(0x10, 4, 1);
const HEALTHY = '16';
const withId = (id: string): Buffer => job(`${id}\n`, GS, 0x28, 0x48, 6, 0, 48, 48, id);
const ack = (id: string): string => `3722${Buffer.from(id).toString('hex')}00`;

const open: { hosts: Host[]; printer: SimulatedPrinter | undefined } = { hosts: [], printer: undefined };

async function started(): Promise<SimulatedPrinter> {
  open.printer = await startPrinter({ port: 0 });
  return open.printer;
}

function connected(printer: SimulatedPrinter): Host {
  const made = host(printer.port);
  open.hosts.push(made);
  return made;
}

/** Connects and waits until the printer serves it. */
async function served(printer: SimulatedPrinter): Promise<Host> {
  const made = connected(printer);
  made.socket.write(ASK);
  await until(() => made.received() === HEALTHY, 'an answer to DLE EOT 1');
  return made;
}

afterEach(async () => {
  for (const { socket } of open.hosts.splice(0)) socket.destroy();
  await open.printer?.close();
  open.printer = undefined;
});

describe('a job over TCP', () => {
  it('prints, cuts, acknowledges; a half-closed connection still gets its answer', async () => {
    const printer = await started();
    let changes = 0;
    const stop = printer.onChange(() => changes++);
    const { socket, received, closed } = connected(printer);
    socket.end(Buffer.concat([withId('J001'), job(GS, 0x56, 66, 0)]));
    await until(closed, 'the printer closing its half');
    expect(received()).toBe(ack('J001'));
    expect(printer.paperText()).toBe('J001\n- - - 8< - - -\n');
    expect(printer.slipCount()).toBe(1);
    expect(changes).toBeGreaterThanOrEqual(2);
    stop();
    printer.tearOff();
    expect([printer.paperText(), printer.slipCount()]).toEqual(['', 0]);
  });

  it('sinceSlip shows what came after', async () => {
    const printer = await started();
    const { socket } = await served(printer);
    socket.write(job('one\n', GS, 0x56, 0));
    await until(() => printer.slipCount() === 1, 'the first slip');
    socket.write(job('two\n'));
    await until(() => printer.paperText(1) === 'two\n', 'the open second slip');
  });

  it('a second connection waits until the first has gone', async () => {
    const printer = await started();
    const first = await served(printer);
    const second = connected(printer);
    second.socket.write(job('second\n', 0x10, 4, 1));
    await until(() => printer.state().connections === 2, 'both connections');
    await pause(50);
    expect([printer.paperText(), second.received()]).toEqual(['', '']);
    first.socket.end(job('first\n'));
    await until(() => second.received() === HEALTHY, 'the second being served');
    expect(printer.paperText()).toBe('first\nsecond\n');
  });
});

describe('faults of the port', () => {
  it('printer-refuses: open connections are reset, new ones refused, until cleared', async () => {
    const printer = await started();
    const before = await served(printer);
    printer.setFault('printer-refuses', true);
    await until(before.closed, 'the reset');
    const during = connected(printer);
    await until(() => during.error() === 'ECONNREFUSED', 'ECONNREFUSED');
    printer.setFault('printer-refuses', false);
    await pause(50);
    await served(printer);
  });

  it('a fault flicked on and off leaves exactly one listener', async () => {
    const printer = await started();
    for (const on of [true, false, true, false, true]) printer.setFault('printer-refuses', on);
    await pause(50);
    const refused = connected(printer);
    await until(() => refused.error() === 'ECONNREFUSED', 'ECONNREFUSED');
    printer.setFault('printer-refuses', false);
    await pause(50);
    await served(printer);
  });

  it('power-off: connections and half-printed lines are gone, the paper stays', async () => {
    const printer = await started();
    const { socket, closed } = await served(printer);
    socket.write(job('kept\nlost'));
    await until(() => printer.paperText() === 'kept\n', 'the first line');
    printer.setFault('power-off', true);
    await until(closed, 'the reset');
    expect(printer.state()).toMatchObject({ power: 'off', connections: 0 });
    printer.setFault('power-off', false);
    await pause(50);
    (await served(printer)).socket.write(job('new\n'));
    await until(() => printer.paperText() === 'kept\nnew\n', 'the line after power-on');
  });

  it.each(['printer-black-hole', 'printer-never-reads'] as const)('%s: no answer until cleared', async (fault) => {
    const printer = await started();
    printer.setFault(fault, true);
    const { socket, received } = connected(printer);
    socket.write(ASK);
    await until(() => printer.state().connections === 1, 'the connection');
    await pause(50);
    expect(received()).toBe('');
    printer.setFault(fault, false);
    await until(() => received() === HEALTHY, 'the answer after clearing');
  });

  it.each([
    ['printer-black-hole', HEALTHY],
    ['printer-never-reads', `${HEALTHY}1400000f3c00000f`],
  ] as const)('%s: what it still says when the cover opens', async (fault, said) => {
    const printer = await started();
    const { socket, received } = await served(printer);
    if (fault === 'printer-never-reads') socket.write(job(GS, 0x61, 0xff));
    await pause(30);
    printer.setFault(fault, true);
    printer.setFault('cover-open', true);
    await pause(50);
    expect(received()).toBe(said);
  });

  it('printer-never-reads: a host that goes on sending is held up', async () => {
    const printer = await started();
    printer.setFault('printer-never-reads', true);
    const { socket } = connected(printer);
    await until(() => printer.state().connections === 1, 'the connection');
    socket.write(Buffer.alloc(32 * 1024 * 1024));
    await pause(300);
    expect(socket.writableLength).toBeGreaterThan(0);
  });

  it('printer-resets: after so many bytes, and what came before is on paper', async () => {
    const printer = await started();
    printer.setFault('printer-resets', true, { afterBytes: 4 });
    const { socket, error } = connected(printer);
    socket.write(job('abc\ndef\n'));
    await until(() => error() === 'ECONNRESET', 'ECONNRESET');
    expect(printer.paperText()).toBe('abc\n');
    printer.setFault('printer-resets', false);
    await served(printer);
  });

  it('printer-slow: one byte at a time; cleared, the rest comes at once', async () => {
    const printer = await started();
    printer.setFault('printer-slow', true, { intervalMs: 40 });
    const { socket } = connected(printer);
    socket.write(job('a\nb\nc\nd\ne\nf\n'));
    await until(() => printer.paperText() === 'a\n', 'the first line');
    expect(printer.paperText()).toBe('a\n');
    printer.setFault('printer-slow', false);
    await until(() => printer.paperText() === 'a\nb\nc\nd\ne\nf\n', 'the rest');
  });

  it('printer-slow: a host that has half-closed still gets its acknowledgement', async () => {
    const printer = await started();
    printer.setFault('printer-slow', true, { intervalMs: 2 });
    const { socket, received, closed } = connected(printer);
    socket.end(withId('J001'));
    await until(closed, 'the printer closing its half');
    expect(received()).toBe(ack('J001'));
  });

  it('printer-never-reads stops bytes that are on a slow wire already', async () => {
    const printer = await started();
    printer.setFault('printer-slow', true, { intervalMs: 10_000 });
    const { socket } = connected(printer);
    socket.write(job('a\n'));
    await until(() => printer.state().connections === 1, 'the connection');
    await pause(50);
    printer.setFault('printer-never-reads', true);
    printer.setFault('printer-slow', false);
    expect(printer.paperText()).toBe('');
    printer.setFault('printer-never-reads', false);
    await until(() => printer.paperText() === 'a\n', 'the line after clearing');
  });

  it('second-connection-refused: one host at a time, truly refused', async () => {
    const printer = await started();
    printer.setFault('second-connection-refused', true);
    const first = await served(printer);
    const second = connected(printer);
    await until(() => second.error() === 'ECONNREFUSED', 'ECONNREFUSED');
    first.socket.end();
    await until(() => printer.state().connections === 0, 'the first gone');
    await pause(50);
    await served(printer);
  });

  it('a full receive buffer holds the host up: no more is read than one packet beyond it', async () => {
    let takenBytes = 0;
    const reader = {
      receive: (bytes: Uint8Array) => {
        takenBytes += bytes.length;
      },
      get hasRoom() {
        return takenBytes < 1_000;
      },
    };
    const port = new PrinterPort('127.0.0.1', 0, new FaultBoard(), reader, () => {});
    await port.open();
    const { socket } = host(port.port);
    socket.write(Buffer.alloc(1024 * 1024));
    await until(() => takenBytes > 0, 'the first packet');
    await pause(100);
    expect(takenBytes).toBeLessThanOrEqual(65_536);
    socket.destroy();
    await port.close();
  });

  it('what waited in front of a printer without paper is printed when it is back', async () => {
    const printer = await started();
    printer.setFault('paper-out', true);
    const { socket } = connected(printer);
    const lines = 40_000;
    socket.end(job('x\n'.repeat(lines), GS, 0x56, 0, 'end\n'));
    await pause(200);
    expect(printer.paperText()).toBe('');
    printer.setFault('paper-out', false);
    await until(() => printer.paperText(1) === 'end\n', 'the last line');
  });
});

describe('faults of the acknowledgement', () => {
  it.each([
    ['ack-lost', ''],
    ['ack-doubled', ack('J002') + ack('J002')],
    ['ack-stale', ack('J001')],
  ] as const)('%s', async (fault, said) => {
    const printer = await started();
    const { socket, received } = await served(printer);
    socket.write(withId('J001'));
    await until(() => received() === HEALTHY + ack('J001'), 'the first acknowledgement');
    printer.setFault(fault, true);
    socket.write(withId('J002'));
    await until(() => printer.paperText().includes('J002'), 'the second job');
    await pause(50);
    expect(received()).toBe(HEALTHY + ack('J001') + said);
  });

  it('ack-late: to whoever is connected by then', async () => {
    const printer = await started();
    const first = await served(printer);
    printer.setFault('ack-late', true, { ms: 150 });
    first.socket.end(withId('J001'));
    await until(() => printer.state().connections === 0, 'the first gone');
    const second = await served(printer);
    await until(() => second.received() === HEALTHY + ack('J001'), "the first job's acknowledgement");
  });
});
