import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';

const TRIES = 20;
/** vpcd takes two ports in a row, one for each slot of its stanza. */
const HIGHEST_FIRST_PORT = 65_534;
/** TCP_LISTEN in /proc/net/tcp. */
const LISTEN = '0A';

/** Two ports in a row that nobody had a moment ago. Rejects after 20 tries. */
export async function freePortPair(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const first = await tryListen(0);
    const port = portOf(first);
    const second = port > 0 && port <= HIGHEST_FIRST_PORT ? await tryListen(port + 1) : null;
    await Promise.all([closed(first), closed(second)]);
    if (second !== null) return port;
  }
  throw new Error(`No two free ports in a row were found in ${TRIES} tries.`);
}

/** Whether somebody listens there, asked without connecting: on vpcd's port a connection is a card. */
export async function isListening(port: number): Promise<boolean> {
  const table = await readFile('/proc/net/tcp', 'utf8');
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').some((line) => {
    const [, address, , state] = line.trim().split(/\s+/);
    return state === LISTEN && address?.endsWith(local) === true;
  });
}

function tryListen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ host: '0.0.0.0', port }, () => resolve(server));
  });
}

function portOf(server: Server | null): number {
  const address = server?.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function closed(server: Server | null): Promise<void> {
  return new Promise((resolve) => (server === null ? resolve() : server.close(() => resolve())));
}
