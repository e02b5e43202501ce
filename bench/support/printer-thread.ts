import { connect, createServer, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { startPrinter } from '../../firmware-sim/printer/index.ts';

/** A simulated printer and the wire before it, which look at the clock while the agent's own thread is busy. */
export type FromPrinter = { readonly port: number } | { readonly firstByteNs: bigint };

/** Questions about the status are shorter, slips are longer. */
const SLIP_BYTES = 64;

const printer = await startPrinter({ port: 0 });
const sockets: Set<Socket> = new Set();
const tell = (what: FromPrinter) => parentPort?.postMessage(what);
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
    if (bytes.length >= SLIP_BYTES) tell({ firstByteNs: process.hrtime.bigint() });
    behind.write(bytes);
  });
  behind.on('data', (bytes) => line.write(bytes));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
tell({ port: typeof address === 'object' && address !== null ? address.port : 0 });

parentPort?.once('message', async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await printer.close();
  parentPort?.close();
});
