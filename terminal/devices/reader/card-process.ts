import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { StoreRefusal } from '../../../protocol/node/store-refusal.ts';
import { fromHex } from '../../../protocol/primitives/bytes.ts';
import { type FromChild, readToChild, type ToChild } from './child-messages.ts';
import type { CardKeys } from './desfire/keys.ts';
import { readKeyFile } from './desfire/soft-keys.ts';
import { type CardEvent, type Field, field } from './field.ts';
import { isSamSlot, watchSlot } from './pcsc-slot.ts';

/**
 * The card process: the only file that loads nfc-pcsc, which freezes its process while pcscd is away and never recovers
 * from pcscd's restart. So it is loaded only after pcscd's socket answered, and when pcscd goes the whole process goes.
 */

/** As libpcsclite finds it. */
const SOCKET_PATH = process.env.PCSCLITE_CSOCK_NAME ?? '/run/pcscd/pcscd.comm';
const BEAT_MS = 250;
const PROBE_EVERY_MS = 500;
const KEYS_EVERY_MS = 1_000;
/** A socket that neither accepts nor refuses: pcscd is stopped. */
const PROBE_MS = 1_000;
/** pcscd's list of readers comes in a few milliseconds; without one by then there is no reader. */
const LISTED_WITHIN_MS = 500;
/** The stay of a mute card that the process before this one could not end. */
const HELD_STAY = process.env.TALLYSTICK_HELD_STAY;
/** The path only: the keys themselves never leave this process. */
const CARD_KEYS_PATH = process.env.TALLYSTICK_CARD_KEYS;

const now = (): number => performance.now();

function tell(message: FromChild): void {
  // Without a supervisor there is nobody to read for.
  if (process.send === undefined || !process.connected) return quit();
  process.send(message);
}

/** Not `process.exit`: that waits for native threads, and one that hangs in pcscd would keep us for ever. */
function quit(): void {
  process.kill(process.pid, 'SIGKILL');
}

function die(state: 'absent' | 'fault', reason: string): void {
  if (process.send === undefined || !process.connected) return quit();
  process.send({ type: 'status', state, reason } satisfies FromChild, quit);
}

/** Resolves with a connection that pcscd accepted, or null. It is kept: when it closes, pcscd is gone. */
function probe(): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(SOCKET_PATH);
    const give = (found: Socket | null): void => {
      clearTimeout(timer);
      if (found === null) socket.destroy();
      resolve(found);
    };
    const timer = setTimeout(() => give(null), PROBE_MS);
    socket.once('connect', () => give(socket));
    socket.on('error', () => give(null));
  });
}

async function waitForPcscd(): Promise<void> {
  for (;;) {
    const canary = await probe();
    if (canary !== null) {
      canary.on('close', () => die('absent', 'no-pcscd'));
      canary.resume();
      return;
    }
    tell({ type: 'status', state: 'absent', reason: 'no-pcscd' });
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  }
}

async function sign({ request, presenceId, digest }: Extract<ToChild, { type: 'sign' }>, stays: Field): Promise<void> {
  const bytes = fromHex(digest);
  if (bytes !== null) tell({ type: 'signature', request, signature: await stays.sign(presenceId, bytes) });
}

/** Undefined where their file cannot be used; `terminal doctor` and the agent's own start say why. */
function cardKeys(): CardKeys | null | undefined {
  try {
    return CARD_KEYS_PATH === undefined ? null : readKeyFile(CARD_KEYS_PATH);
  } catch (error) {
    if (error instanceof StoreRefusal) return undefined;
    throw error;
  }
}

/** Somebody may just be writing it: it is read again until it can be used. */
async function usableKeys(): Promise<CardKeys | null> {
  for (;;) {
    const keys = cardKeys();
    if (keys !== undefined) return keys;
    tell({ type: 'status', state: 'fault', reason: 'bad-card-keys' });
    await new Promise((resolve) => setTimeout(resolve, KEYS_EVERY_MS));
  }
}

async function watchReaders(stays: Field, keys: CardKeys | null, holds: () => boolean): Promise<void> {
  const loaded = await import('nfc-pcsc').catch(() => null);
  // It will not come by itself: stay and beat, a restart would change nothing.
  if (loaded === null) return tell({ type: 'status', state: 'fault', reason: 'no-nfc-pcsc' });
  const nfc = new loaded.NFC();
  let readers = 0;
  const noReader = (): void => {
    if (readers === 0) tell({ type: 'status', state: 'absent', reason: 'no-reader' });
  };
  setTimeout(noReader, LISTED_WITHIN_MS);
  const become = (state: 'ready' | 'busy' | 'fault', reason: string | null): void =>
    tell({ type: 'status', state, reason });
  nfc.on('error', () => die('fault', 'reader-error'));
  nfc.on('reader', (reader) => {
    if (isSamSlot(reader.name)) return;
    readers += 1;
    const leaveAlone = holds();
    watchSlot(reader, { field: stays, keys, leaveAlone, now, become, die: (reason) => die('fault', reason) });
    reader.on('end', () => {
      readers -= 1;
      noReader();
    });
    if (leaveAlone) become('busy', 'stuck-apdu');
    else become('ready', null);
  });
}

async function main(): Promise<void> {
  process.on('disconnect', quit);
  setInterval(() => tell({ type: 'beat' }), BEAT_MS);
  tell({ type: 'beat' });
  let holds = HELD_STAY !== undefined;
  const pass = (event: CardEvent): void => {
    if (event.presenceId === HELD_STAY) {
      holds = false;
      tell({ type: 'status', state: 'ready', reason: null });
    }
    if (event.type !== 'card') return tell(event);
    const { type, presenceId, card, atMs } = event;
    tell({ type, presenceId, card, ageMs: now() - atMs });
  };
  const stays = field(randomUUID, pass, HELD_STAY);
  process.on('message', (message) => {
    const asked = readToChild(message);
    if (asked?.type === 'stop') quit();
    if (asked?.type === 'sign') void sign(asked, stays);
  });
  const keys = await usableKeys();
  await waitForPcscd();
  await watchReaders(stays, keys, () => holds);
}

await main();
