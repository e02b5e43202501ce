import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { PCSCD } from './available.ts';
import { type Holder, startHolder } from './holder.ts';
import { freePortPair, isListening } from './ports.ts';
import { type PluggedIn, removeReaderConf, writeReaderConf } from './reader-conf.ts';

const READY_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 25;
const ENDS_WITHIN_MS = 1_500;
/** As much of pcscd's last words as an error message can bear. */
const LAST_WORDS_CHARACTERS = 1_000;

export interface PrivatePcscOptions {
  /** pcscd reads every file in it: a directory for this alone. Made when missing. */
  readonly confDir: string;
  /** The first slot's port, the second's is the next one; 0 takes two free ones. */
  readonly port: number;
}

export interface PrivatePcsc {
  /** Put before a command to run it where this pcscd is; each word execs, so the pid stays the command's own. It runs in our directory. */
  readonly enter: readonly string[];
  /** Where a card is laid on the first slot; `cardPort + 1` is the second. */
  readonly cardPort: number;
  /** Where the card lies that is always in the SAM slot, where one is plugged in. */
  readonly samPort: number;
  /** Kills pcscd alone; the namespace stays, for `startPcscd`. */
  killPcscd(signal: NodeJS.Signals): void;
  /** Starts pcscd when it does not run; resolves when it is ready, rejects with a sentence after 8 s. */
  startPcscd(): Promise<void>;
  /** Plugs readers in and out. vpcd's cannot come and go under a running pcscd, so it is ended and started again. */
  plug(readers: PluggedIn): Promise<void>;
  close(): Promise<void>;
}

/**
 * Debian's pcscd with vpcd's virtual reader in a mount namespace of its own: any number side by side, none of them the
 * machine's. Ask `pcscAvailable()` first. All of it goes with `close()`, and with this process however that ends.
 * vpcd listens on all interfaces, not on loopback alone: whoever reaches the port lays cards. For demo and tests only.
 */
export async function startPrivatePcsc({ confDir, port }: PrivatePcscOptions): Promise<PrivatePcsc> {
  const cardPort = port === 0 ? await freePortPair() : port;
  if (await isListening(cardPort)) throw new Error(`Port ${cardPort} for the virtual card reader is in use.`);
  const samPort = await freePortPair();
  const ports = { card: cardPort, sam: samPort };
  let plugged: PluggedIn = { reader: true, sam: false };
  await writeReaderConf(confDir, plugged, ports);
  const holder = await startHolder();
  let pcscd: ChildProcess | null = null;

  const startPcscd = async (): Promise<void> => {
    if (pcscd !== null && runs(pcscd)) return;
    const slots = [...(plugged.reader ? [cardPort, cardPort + 1] : []), ...(plugged.sam ? [samPort, samPort + 1] : [])];
    pcscd = await startDaemon(holder, confDir, slots);
  };
  const plug = async (readers: PluggedIn): Promise<void> => {
    if (pcscd !== null) await ended(pcscd);
    plugged = readers;
    await writeReaderConf(confDir, readers, ports);
    await startPcscd();
  };
  const close = async (): Promise<void> => {
    if (pcscd !== null) await ended(pcscd);
    await holder.close();
    await removeReaderConf(confDir);
  };
  try {
    await startPcscd();
  } catch (error) {
    await close();
    throw error;
  }
  const killPcscd = (signal: NodeJS.Signals): void => void pcscd?.kill(signal);
  return { enter: enter(holder), cardPort, samPort, killPcscd, startPcscd, plug, close };
}

function enter(holder: Holder): readonly string[] {
  // Entering a mount namespace moves to its root; `-w` goes back to where the holder, and so we, were started.
  return ['nsenter', '-t', String(holder.pid), '-m', '-w', '--'];
}

async function startDaemon(holder: Holder, confDir: string, slots: readonly number[]): Promise<ChildProcess> {
  const [program = 'nsenter', ...rest] = enter(holder);
  // pdeathsig: when we are killed -9 nobody else would end it, and it would keep the namespace.
  const args = [...rest, 'setpriv', '--pdeathsig', 'KILL', PCSCD, '-f', '-c', confDir];
  const pcscd = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  const hear = (chunk: Buffer): void => {
    words = `${words}${chunk}`.slice(-LAST_WORDS_CHARACTERS);
  };
  pcscd.stdout.on('data', hear);
  pcscd.stderr.on('data', hear);
  pcscd.on('error', (error) => hear(Buffer.from(error.message)));
  const until = performance.now() + READY_WITHIN_MS;
  while (!(await isReady(holder, slots))) {
    if (performance.now() > until || !runs(pcscd)) {
      await ended(pcscd);
      throw new Error(`The private pcscd is not ready on ports ${slots}. It said: ${words.trim() || 'nothing'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return pcscd;
}

async function isReady(holder: Holder, slots: readonly number[]): Promise<boolean> {
  const listening = await Promise.all(slots.map((port) => isListening(port)));
  return listening.every((each) => each) && (await accepts(holder));
}

/** Seen through the holder's root, the socket of another namespace can be asked from here. */
function accepts(holder: Holder): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(`/proc/${holder.pid}/root/run/pcscd/pcscd.comm`);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function runs(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function ended(child: ChildProcess): Promise<void> {
  if (!runs(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
