import { stat } from 'node:fs/promises';
import { backoffMs } from './line-backoff.ts';
import { type OpenPort, openPort, type PortFault } from './open-port.ts';

/** One serial port, kept open: what scanner, ID reader and customer display have in common. */

export type LineState = 'absent' | 'opening' | 'ready' | 'fault';
/** `stalled`: it takes no more bytes. */
export type LineReason = PortFault | 'stalled';
export interface LineStatus {
  readonly state: LineState;
  readonly reason: LineReason | null;
}

export interface SerialLineOptions {
  readonly path: string;
  readonly baudRate: number;
  /** The bytes are the listener's own: it may wipe them. */
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Called after each change of status. */
  readonly onStatus: (status: LineStatus) => void;
  /** A write that is not through by then meets a stalled peer. */
  readonly writeWithinMs?: number;
  /** In [0, 1); for tests. */
  readonly random?: () => number;
}

export interface SerialLine {
  start(): void;
  /** Bounded, also where the peer never drains. */
  stop(): Promise<void>;
  status(): LineStatus;
  /** False: not ready, or the peer took it not in time and the line is opened anew. One write at a time. */
  write(bytes: Uint8Array): Promise<boolean>;
}

const WRITE_WITHIN_MS = 2_000;
/** Closing a real port may wait for bytes that never leave: longer than this nobody waits for it. */
const CLOSE_WITHIN_MS = 1_000;
/**
 * A peer that died need not show before the next write, and a scanner is never written to; a name may be given to another
 * device while the old one is held open. So whether the path still is what was opened is looked at; `get()` would not do,
 * a pseudo-terminal has no modem lines (ENOTTY).
 */
const LOOK_EVERY_MS = 500;

export function serialLine(options: SerialLineOptions): SerialLine {
  const { path, onStatus, writeWithinMs = WRITE_WITHIN_MS, random = Math.random } = options;
  let status: LineStatus = { state: 'absent', reason: null };
  let port: OpenPort | null = null;
  let node: string | null = null;
  let stopped = true;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing = false;

  function become(state: LineState, reason: LineReason | null): void {
    if (status.state === state && status.reason === reason) return;
    status = { state, reason };
    onStatus(status);
  }

  function retry(state: 'absent' | 'fault', reason: LineReason): void {
    clearTimeout(timer);
    port = null;
    if (stopped) return;
    become(state, reason);
    timer = setTimeout(() => void open(), backoffMs(failures, random()));
    failures += 1;
  }

  async function open(): Promise<void> {
    if (status.reason === null) become('opening', null);
    node = await nodeOf(path);
    if (stopped) return;
    if (node === null) return retry('absent', 'no-device');
    port = openPort(
      { path, baudRate: options.baudRate },
      {
        opened() {
          become('ready', null);
          timer = setTimeout(() => void look(), LOOK_EVERY_MS);
        },
        bytes: options.onBytes,
        closed: (reason) => retry(reason === 'no-device' ? 'absent' : 'fault', reason),
      },
    );
  }

  async function look(): Promise<void> {
    const line = port;
    const now = await nodeOf(path);
    if (line === null || port !== line) return;
    if (now !== node) return fail('unplugged');
    // A line that lasted a moment is worth trying again at once when it breaks.
    failures = 0;
    timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  }

  function fail(reason: LineReason): void {
    const failed = port;
    retry('fault', reason);
    if (failed !== null) void close(failed);
  }

  async function write(bytes: Uint8Array): Promise<boolean> {
    const line = port;
    if (line === null || status.state !== 'ready' || writing) return false;
    writing = true;
    const through = await new Promise<boolean | 'late'>((resolve) => {
      const late = setTimeout(() => resolve('late'), writeWithinMs);
      line.write(bytes, (ok) => {
        clearTimeout(late);
        resolve(ok);
      });
    });
    writing = false;
    if (through === true) return true;
    if (port === line && through === 'late') fail('stalled');
    return false;
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      void open();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      clearTimeout(timer);
      const closing = port;
      port = null;
      status = { state: 'absent', reason: null };
      if (closing !== null) await close(closing);
    },
    status: () => status,
    write,
  };
}

/** Resolves when it is closed, or when that takes too long. */
function close(port: OpenPort): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, CLOSE_WITHIN_MS);
    void port.close().then(() => {
      clearTimeout(late);
      resolve();
    });
  });
}

/** Names the very device behind a path: a plug that was pulled and put in again is another one. */
async function nodeOf(path: string): Promise<string | null> {
  // Any error here means the same: what was opened is no longer at this path.
  const found = await stat(path).catch(() => null);
  return found === null ? null : `${found.dev}:${found.ino}:${found.rdev}:${found.ctimeMs}`;
}
