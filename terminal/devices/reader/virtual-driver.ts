import { randomUUID } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Identified } from './apdu.ts';
import type { CardKeys } from './desfire/keys.ts';
import { field } from './field.ts';
import { identify } from './identify.ts';
import { tellings } from './listeners.ts';
import type { ReaderPort } from './port.ts';
import { type VpcdLink, vpcdLink } from './vpcd-link.ts';

/** Deadline of one answer from the card; a real storage card takes a few milliseconds. */
const ANSWER_MS = 1_000;
/** Cards on one reader at once; more than two are no different from two. */
const MOST_CARDS = 8;

export interface VirtualReaderOptions {
  /** Loopback TCP port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Default 127.0.0.1: anyone who reaches the port can lay a card. */
  readonly host?: string;
  readonly answerMs?: number;
  /** Default null: cards that authenticate are no cards of ours. */
  readonly keys?: CardKeys | null;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  readonly newPresenceId?: () => string;
}

export interface VirtualReader extends ReaderPort {
  /** The port that was bound; rejects when listening failed. Call after `start()`. */
  boundPort(): Promise<number>;
}

/**
 * A reader without pcscd: it listens and plays vpcd's part itself, so the same simulated card can be laid on either.
 * Statuses: `opening` until it listens, `busy` while it reads a card, `fault` (`port-in-use`, `cannot-listen`).
 */
export function virtualReader(options: VirtualReaderOptions): VirtualReader {
  const { port, host = '127.0.0.1', answerMs = ANSWER_MS, now = () => performance.now(), keys = null } = options;
  const heard = tellings({ state: 'absent', reason: null });
  const stays = field(options.newPresenceId ?? randomUUID, heard.tell);
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let bound: Promise<number> | null = null;

  const ready = (): void => heard.become({ state: 'ready', reason: null });
  const arrive = async (socket: Socket): Promise<void> => {
    if (sockets.size >= MOST_CARDS) return void socket.destroy();
    const atMs = now();
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const link = vpcdLink(socket, answerMs);
    socket.on('close', () => {
      sockets.delete(socket);
      stays.leave(socket);
    });
    const found = stays.arrive(socket, atMs);
    heard.become({ state: 'busy', reason: null });
    const who = await read(link, keys);
    if (server === null) return;
    ready();
    found(who);
  };
  const listen = (listening: Server): Promise<number> => {
    heard.become({ state: 'opening', reason: null });
    return new Promise((resolve, reject) => {
      listening.once('error', (error: NodeJS.ErrnoException) => {
        heard.become({ state: 'fault', reason: error.code === 'EADDRINUSE' ? 'port-in-use' : 'cannot-listen' });
        reject(error);
      });
      listening.listen({ host, port }, () => {
        resolve((listening.address() as AddressInfo).port);
        ready();
      });
    });
  };

  return {
    start() {
      if (server !== null) return;
      server = createServer((socket) => void arrive(socket));
      bound = listen(server);
      // A failure is a status; only who asks for the port sees it as an error.
      bound.catch(() => {});
    },
    async stop() {
      const stopping = server;
      if (stopping === null) return;
      stays.clear();
      server = null;
      heard.become({ state: 'absent', reason: null });
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => stopping.close(() => resolve()));
    },
    status: heard.status,
    sign: stays.sign,
    onEvent: heard.onEvent,
    boundPort: () => bound ?? Promise.reject(new Error('The virtual reader has not been started.')),
  };
}

async function read(link: VpcdLink, keys: CardKeys | null): Promise<Identified> {
  link.powerOn();
  const atr = await link.atr();
  if (typeof atr === 'string') return { ok: false, reason: atr };
  return identify(atr, (apdu) => link.transmit(apdu), keys);
}
