import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type { Act, KioskView } from '../../protocol/api/kiosk.ts';

/** The page needs no more than this: no inline script, no inline style, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface Posted {
  readonly session: string | null;
  readonly act: Act;
}

/** Stands in for the agent, for tests and pictures: serves the built page and streams whichever view it is told to. */
export class Stand {
  readonly posted: Posted[] = [];
  /** What is heard; null: no voice. */
  voice: Buffer | null = silence(1);
  readonly heard: string[] = [];
  view: KioskView;
  #rev = 0;
  readonly #folder: string;
  readonly #listeners = new Set<ServerResponse>();
  #server: Server | undefined;

  constructor(folder: string, view: KioskView) {
    this.#folder = folder;
    this.view = view;
  }

  /** Opens the stand on a free port of the loopback, or on the one given; returns its address. */
  async open(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://stand').pathname;
      if (path === '/api/live') return this.#live(response);
      if (path === '/api/speech') return this.#speak(request.url ?? '', response);
      if (path === '/api/act') {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          this.posted.push(JSON.parse(Buffer.concat(parts).toString()) as Posted);
          response.setHeader('content-type', 'application/json').end('{"ok":true}');
        });
        return;
      }
      void this.#file(path, response);
    });
    this.#server = server;
    await new Promise<void>((opened) => server.listen(port, '127.0.0.1', opened));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  }

  show(view: KioskView): void {
    this.#rev += 1;
    this.view = { ...view, rev: this.#rev };
    for (const listener of this.#listeners) this.#send(listener);
  }

  async close(): Promise<void> {
    const server = this.#server;
    for (const listener of this.#listeners) listener.destroy();
    server?.closeAllConnections();
    await new Promise<void>((closed) => (server === undefined ? closed() : server.close(() => closed())));
  }

  #speak(url: string, response: ServerResponse): void {
    this.heard.push(url);
    response.setHeader('cache-control', 'no-store');
    if (this.voice === null) response.writeHead(503).end();
    else response.setHeader('content-type', 'audio/wav').end(this.voice);
  }

  #live(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
    this.#send(response);
  }

  #send(response: ServerResponse): void {
    response.write(`event: view\ndata: ${JSON.stringify(this.view)}\n\n`);
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const name = normalize(path === '/' ? '/index.html' : path);
    try {
      const bytes = await readFile(join(this.#folder, name));
      response.setHeader('content-security-policy', POLICY);
      response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream').end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }
}

/** A WAV of so many seconds without a sound: 8 kHz, 8 bit, mono. */
export function silence(seconds: number): Buffer {
  const samples = Buffer.alloc(Math.round(seconds * 8_000), 0x80);
  const header = Buffer.from('RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data....', 'latin1');
  header.writeUInt32LE(36 + samples.length, 4);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
