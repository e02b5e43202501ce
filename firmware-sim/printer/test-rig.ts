import { connect, type Socket } from 'node:net';
import iconv from 'iconv-lite';
import { FaultBoard } from './faults.ts';
import { PrinterMachine } from './machine.ts';
import { paperText } from './paper-text.ts';

/** Helpers of the tests in this folder. */

/** Numbers are bytes, strings are GB18030 text. */
export function job(...parts: (number | string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.of(part);
      return typeof part === 'string' ? iconv.encode(part, 'gb18030') : Buffer.from(part);
    }),
  );
}

/** A machine without a socket: what it says is collected in `said`. */
export function bareMachine(widthDots: 576 | 384 = 576, fourByteFont = false) {
  const said: Buffer[] = [];
  const faults = new FaultBoard();
  const send = (bytes: Uint8Array): void => void said.push(Buffer.from(bytes));
  const machine = new PrinterMachine({ port: 0, widthDots, fourByteFont }, faults, { send, changed: () => {} });
  return {
    machine,
    faults,
    saidHex: () => Buffer.concat(said).toString('hex'),
    text: () => paperText(machine.paper.slips()),
  };
}

export function printedText(bytes: Uint8Array, widthDots: 576 | 384 = 576, fourByteFont = false): string {
  const { machine, text } = bareMachine(widthDots, fourByteFont);
  machine.receive(bytes);
  return text();
}

/** A host on loopback. `until` waits for a condition, at most 3 s. */
export interface Host {
  readonly socket: Socket;
  received(): string;
  error(): string | undefined;
  closed(): boolean;
}

export function host(port: number): Host {
  const chunks: Buffer[] = [];
  let error: string | undefined;
  let closed = false;
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('data', (bytes) => void chunks.push(bytes));
  socket.on('error', (failure: NodeJS.ErrnoException) => {
    error = failure.code;
  });
  socket.on('close', () => {
    closed = true;
  });
  return { socket, received: () => Buffer.concat(chunks).toString('hex'), error: () => error, closed: () => closed };
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 3_000; !condition(); ) {
    if (Date.now() > end) throw new Error(`waited 3 s in vain: ${what}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
