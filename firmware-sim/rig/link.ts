import { connect, createServer, type Server, type Socket } from 'node:net';

/** The kiosk's network to the hub: a TCP relay with a switch. Down is a cable pulled, not a polite goodbye. */
export interface Link {
  readonly port: number;
  isUp(): boolean;
  set(up: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startLink(hub: { readonly host: string; readonly port: number }): Promise<Link> {
  const sockets: Set<Socket> = new Set();
  let server: Server | null = await listen(0);
  const port = portOf(server);

  function relay(client: Socket): void {
    const upstream = connect(hub);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      // A relay has nobody to tell: when one side breaks, the other is broken too.
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(upstream);
    upstream.pipe(client);
  }

  function listen(on: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      const opened = createServer(relay);
      opened.once('error', reject);
      opened.listen(on, '127.0.0.1', () => resolve(opened));
    });
  }

  async function down(): Promise<void> {
    const closing = server;
    server = null;
    for (const socket of sockets) socket.resetAndDestroy();
    if (closing) await new Promise<void>((done) => closing.close(() => done()));
  }

  return {
    port,
    isUp: () => server !== null,
    async set(up) {
      if (up && server === null) server = await listen(port);
      if (!up) await down();
    },
    close: down,
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a relay without a port');
  return address.port;
}
