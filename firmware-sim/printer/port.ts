import { createServer, type Server, type Socket } from 'node:net';
import type { FaultBoard } from './faults.ts';
import { ANSWER_BYTES_WAITING_MAX, CONNECTIONS_MAX, LISTEN_TRIES_MAX } from './limits.ts';

/** What the port hands bytes to. */
export interface PortReader {
  receive(bytes: Uint8Array): void;
  readonly hasRoom: boolean;
}

interface Connection {
  readonly socket: Socket;
  /** Taken in since the connection was made, or since `printer-resets` was set. */
  takenBytes: number;
  /** Off the socket but, on a slow printer, not yet off the wire. */
  onWire: Uint8Array;
  ended: boolean;
}

const LISTEN_AGAIN_MS = 50;

/** TCP port 9100 of a printer: serves one connection, lets others wait, and plays the faults of the wire. */
export class PrinterPort {
  readonly #host: string;
  readonly #faults: FaultBoard;
  readonly #reader: PortReader;
  readonly #changed: () => void;
  readonly #connections: Connection[] = [];
  #server: Server | undefined;
  #port: number;
  #listenTries = 0;
  #listenTimer: NodeJS.Timeout | undefined;
  #slowTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(host: string, port: number, faults: FaultBoard, reader: PortReader, changed: () => void) {
    this.#host = host;
    this.#port = port;
    this.#faults = faults;
    this.#reader = reader;
    this.#changed = changed;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#connections.length;
  }

  /** Rejects when the port cannot be had. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => this.#listen(resolve, reject));
  }

  /** Sends to the connection being served; lost when there is none, or when it does not fetch its answers. */
  send(bytes: Uint8Array): void {
    const socket = this.#connections[0]?.socket;
    if (!socket?.writable || this.#faults.has('printer-black-hole')) return;
    if (socket.writableLength < ANSWER_BYTES_WAITING_MAX) socket.write(bytes);
  }

  /** A fault was set or cleared. */
  faultChanged(name: string): void {
    if (name === 'printer-resets') for (const connection of this.#connections) connection.takenBytes = 0;
    if (this.#faults.has('power-off') || this.#faults.has('printer-refuses')) this.#resetAll();
    this.#listenTries = 0;
    this.#settle();
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#listenTimer);
    clearTimeout(this.#slowTimer);
    const server = this.#server;
    this.#server = undefined;
    const done = server ? new Promise<void>((resolve) => server.close(() => resolve())) : Promise.resolve();
    this.#resetAll();
    return done;
  }

  /** Brings the listener and the reading of the served socket in line with the faults and the buffers. */
  #settle(): void {
    if (this.#closed) return;
    const taken = this.#faults.has('second-connection-refused') && this.#connections.length > 0;
    const wanted = !taken && !this.#faults.has('power-off') && !this.#faults.has('printer-refuses');
    if (!wanted) this.#stopListening();
    else if (!this.#server) this.#listen();
    const served = this.#connections[0];
    if (!served) return;
    if (this.#canRead()) this.#deliver(served);
    if (this.#resetIsDue(served)) return void served.socket.resetAndDestroy();
    const reading = this.#canRead() && served.onWire.length === 0 && this.#reader.hasRoom;
    if (reading) served.socket.resume();
    else served.socket.pause();
    if (served.ended && served.onWire.length === 0 && !served.socket.writableEnded) served.socket.end();
  }

  #canRead(): boolean {
    return !this.#faults.has('printer-black-hole') && !this.#faults.has('printer-never-reads');
  }

  #listen(resolve?: () => void, reject?: (error: Error) => void): void {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => this.#accept(socket));
    this.#server = server;
    server.once('listening', () => {
      const address = server.address();
      if (address && typeof address === 'object') this.#port = address.port;
      resolve?.();
    });
    server.on('error', (error) => {
      if (reject) return reject(error);
      if (this.#server === server) this.#listenAgain();
    });
    server.listen({ host: this.#host, port: this.#port });
  }

  /** Another process may hold our port for a moment after a fault had closed it. */
  #listenAgain(): void {
    this.#server = undefined;
    if (this.#closed || ++this.#listenTries > LISTEN_TRIES_MAX) return;
    this.#listenTimer = setTimeout(() => this.#settle(), LISTEN_AGAIN_MS);
  }

  #stopListening(): void {
    clearTimeout(this.#listenTimer);
    this.#server?.close();
    this.#server = undefined;
  }

  #accept(socket: Socket): void {
    const connection: Connection = { socket, takenBytes: 0, onWire: new Uint8Array(), ended: false };
    const second = this.#faults.has('second-connection-refused') && this.#connections.length > 0;
    // The kernel may have let it in before the listener was closed.
    if (this.#closed || second || this.#connections.length >= CONNECTIONS_MAX) {
      socket.on('error', () => {});
      socket.resetAndDestroy();
      return;
    }
    this.#connections.push(connection);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (bytes) => this.#arrived(connection, bytes));
    socket.on('end', () => {
      connection.ended = true;
      this.#settle();
    });
    socket.on('close', () => this.#gone(connection));
    // Adding a 'data' listener may start the flow; only the served connection is read.
    socket.pause();
    this.#settle();
    this.#changed();
  }

  #gone(connection: Connection): void {
    const at = this.#connections.indexOf(connection);
    if (at < 0) return;
    this.#connections.splice(at, 1);
    if (at === 0) clearTimeout(this.#slowTimer);
    this.#slowTimer = at === 0 ? undefined : this.#slowTimer;
    this.#settle();
    this.#changed();
  }

  #arrived(connection: Connection, bytes: Uint8Array): void {
    connection.onWire = connection.onWire.length === 0 ? bytes : Buffer.concat([connection.onWire, bytes]);
    this.#settle();
  }

  /** Hands over what is on the wire: all of it, or one byte at a time on a slow printer. */
  #deliver(connection: Connection): void {
    if (connection.onWire.length === 0) return;
    if (!this.#faults.has('printer-slow')) {
      const bytes = connection.onWire;
      connection.onWire = new Uint8Array();
      this.#take(connection, bytes);
      return;
    }
    this.#slowTimer ??= setTimeout(
      () => {
        this.#slowTimer = undefined;
        const bytes = connection.onWire;
        connection.onWire = bytes.subarray(1);
        this.#take(connection, bytes.subarray(0, 1));
        this.#settle();
      },
      this.#faults.number('printer-slow', 'intervalMs'),
    );
  }

  #take(connection: Connection, bytes: Uint8Array): void {
    if (!this.#faults.has('printer-resets')) {
      connection.takenBytes += bytes.length;
      this.#reader.receive(bytes);
      return;
    }
    const left = Math.max(0, this.#faults.number('printer-resets', 'afterBytes') - connection.takenBytes);
    const taken = bytes.subarray(0, left);
    connection.takenBytes += taken.length;
    if (taken.length > 0) this.#reader.receive(taken);
  }

  #resetIsDue(connection: Connection): boolean {
    return (
      this.#faults.has('printer-resets') && connection.takenBytes >= this.#faults.number('printer-resets', 'afterBytes')
    );
  }

  #resetAll(): void {
    for (const { socket } of [...this.#connections]) socket.resetAndDestroy();
  }
}
