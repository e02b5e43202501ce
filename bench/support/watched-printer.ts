import { connect, createServer, type Socket } from 'node:net';
import { startPrinter } from '../../firmware-sim/printer/index.ts';

/** The simulated printer behind a wire that says when the first byte of a slip came. */
export interface WatchedPrinter {
  readonly port: number;
  /** When the next slip's first byte arrives, by `performance.now()`. */
  nextFirstByte(): Promise<number>;
  close(): Promise<void>;
}
/** Questions about the status are shorter, slips are longer. */
const SLIP_BYTES = 64;

export async function startWatchedPrinter(): Promise<WatchedPrinter> {
  const printer = await startPrinter({ port: 0 });
  const sockets: Set<Socket> = new Set();
  let arrived: (atMs: number) => void = () => undefined;
  const server = createServer((line) => {
    const behind = connect({ host: '127.0.0.1', port: printer.port, noDelay: true });
    for (const [socket, other] of [
      [line, behind],
      [behind, line],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.once('close', () => other.destroy());
    }
    line.on('data', (bytes) => {
      if (bytes.length >= SLIP_BYTES) arrived(performance.now());
      behind.write(bytes);
    });
    behind.on('data', (bytes) => line.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    nextFirstByte: () =>
      new Promise((resolve) => {
        arrived = resolve;
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await printer.close();
    },
  };
}
