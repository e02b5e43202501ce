import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FromChild, readFromChild, type ToChild } from './child-messages.ts';
import { type Tellings, tellings } from './listeners.ts';
import { DIGEST_BYTES, type ReaderPort } from './port.ts';
import { restartDelayMs } from './restart-backoff.ts';
import { signRequests } from './sign-requests.ts';

/**
 * Put before the card process: the kernel kills it when we are gone, however we went and however frozen it is. util-linux
 * has it; without it a card process that hangs in native code while we are killed -9 would stay.
 */
const LEASH: readonly string[] = ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'];
/** From start to the first word: a cold Node on a slow disk. */
const FIRST_WORD_MS = 5_000;
/** Eight beats of the card process; a frozen one is dead. */
const SILENCE_MS = 2_000;
/** One that has lived this long is not failing at its start: the backoff begins anew. */
const SETTLED_MS = 10_000;
/** Between "stop" and kill -9. */
const STOP_MS = 500;

export interface PcscReaderOptions {
  /** The compiled card process; default `./card-process.js` beside this file. */
  readonly childPath?: string;
  readonly execArgv?: readonly string[];
  /** Put before `node` to reach a private pcscd, e.g. `nsenter -t PID -m --`; it must exec, not fork. Default: nothing. */
  readonly enter?: readonly string[];
  /** Its file of card keys, which the card process reads for itself; default none: cards that authenticate are not taken. */
  readonly cardKeysPath?: string;
  /** How long the card process may be silent before it is killed; default 2 s. */
  readonly silenceMs?: number;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

export interface PcscReader extends ReaderPort {
  /** The card process that runs now, to name it in a log or to kill it in a test. */
  childPid(): number | null;
}

/**
 * A PC/SC reader through pcscd and nfc-pcsc, both kept out of this process: the card process is watched by its
 * heartbeat, killed when silent, and started again with backoff. Reasons: `no-pcscd`, `no-nfc-pcsc`, `no-reader`,
 * `reader-held` (another program), `reader-error`, `stuck-apdu` (a mute card holds the reader), `swapped-unseen`,
 * `silent-child`, `child-ended`, `bad-card-keys` (their file cannot be used).
 */
export function pcscReader(options: PcscReaderOptions = {}): PcscReader {
  const { random = Math.random, now = () => performance.now(), silenceMs = SILENCE_MS } = options;
  const heard = tellings({ state: 'absent', reason: null });
  const stays = stayKeeper(heard, now);
  const requests = signRequests();
  let running = false;
  let child: ChildProcess | null = null;
  let failures = 0;
  let again: NodeJS.Timeout | undefined;
  let watch: NodeJS.Timeout | undefined;
  let frozen = false;

  const watchFor = (ms: number, watched: ChildProcess): void => {
    clearTimeout(watch);
    watch = setTimeout(() => {
      frozen = true;
      watched.kill('SIGKILL');
    }, ms);
  };
  const lost = (gone: ChildProcess, startedMs: number): void => {
    if (child !== gone) return;
    child = null;
    clearTimeout(watch);
    requests.lost();
    stays.processLost();
    if (!running) return;
    // A child that ends because pcscd or the reader went has said so; that says more than its end.
    const saidWhy = ['absent', 'fault'].includes(heard.status().state) && !frozen;
    if (!saidWhy) heard.become({ state: 'fault', reason: frozen ? 'silent-child' : 'child-ended' });
    failures = now() - startedMs >= SETTLED_MS ? 0 : failures + 1;
    again = setTimeout(open, restartDelayMs(Math.max(0, failures - 1), random()));
  };
  const open = (): void => {
    frozen = false;
    heard.become({ state: 'opening', reason: heard.status().reason });
    const startedMs = now();
    const opened = startChild(options, stays.heldId());
    child = opened;
    watchFor(FIRST_WORD_MS, opened);
    opened.on('message', (message) => {
      if (opened !== child || !running) return;
      watchFor(silenceMs, opened);
      const said = readFromChild(message);
      if (said?.type === 'signature') requests.answered(said.request, said.signature);
      else if (said !== null) stays.take(said);
    });
    // A program that cannot be started gives `error` and no `exit`; one that ends may give both.
    opened.once('error', () => lost(opened, startedMs));
    opened.once('exit', () => lost(opened, startedMs));
  };

  return {
    start() {
      if (running) return;
      running = true;
      open();
    },
    async stop() {
      if (!running) return;
      running = false;
      clearTimeout(again);
      const stopping = child;
      if (stopping !== null) await endChild(stopping);
      requests.lost();
      stays.end();
      heard.become({ state: 'absent', reason: null });
    },
    async sign(presenceId, digest) {
      if (digest.length !== DIGEST_BYTES) throw new Error(`a card signs ${DIGEST_BYTES} bytes, not ${digest.length}`);
      const asked = child;
      // A process that is gone and not yet known to be so takes nothing; its end answers.
      if (asked === null || !asked.connected || presenceId !== stays.heldId()) return { outcome: 'gone' };
      return requests.ask(presenceId, digest, (message) => asked.send(message, () => {}));
    },
    status: heard.status,
    onEvent: heard.onEvent,
    childPid: () => child?.pid ?? null,
  };
}

interface StayKeeper {
  take(said: Exclude<FromChild, { readonly type: 'signature' }>): void;
  end(): void;
  /** Ends the stay that a lost process could not end, but a mute card's: it would freeze the next one just so. */
  processLost(): void;
  /** The stay that the next card process must end, and tell nothing before. */
  heldId(): string | null;
}

/** Passes on what the card process says, and knows the stay that it began. */
function stayKeeper(heard: Tellings, now: () => number): StayKeeper {
  let presenceId: string | null = null;
  let mute = false;
  const end = (): void => {
    if (presenceId === null) return;
    const ended = presenceId;
    presenceId = null;
    heard.tell({ type: 'removed', presenceId: ended });
  };
  const take: StayKeeper['take'] = (said) => {
    switch (said.type) {
      case 'beat':
        return;
      case 'status':
        return heard.become({ state: said.state, reason: said.reason });
      case 'removed':
        if (said.presenceId === presenceId) end();
        return;
      case 'card':
      case 'card-refused':
        end();
        presenceId = said.presenceId;
        // A reader that another program holds makes no card mute: the next process reads it when that lets go.
        mute = said.type === 'card-refused' && said.reason === 'mute' && heard.status().reason !== 'reader-held';
        return said.type === 'card-refused'
          ? heard.tell(said)
          : heard.tell({ type: 'card', presenceId, card: said.card, atMs: now() - said.ageMs });
    }
  };
  return {
    ...{ take, end },
    processLost() {
      if (!mute) end();
    },
    heldId: () => presenceId,
  };
}

function startChild(options: PcscReaderOptions, heldId: string | null): ChildProcess {
  const { childPath, execArgv = [], enter = [], cardKeysPath } = options;
  const path = childPath ?? fileURLToPath(new URL('./card-process.js', import.meta.url));
  const leash = existsSync(LEASH[0] ?? '') ? LEASH : [];
  const [program = process.execPath, ...rest] = [...enter, ...leash, process.execPath, ...execArgv, path];
  const env = {
    ...process.env,
    ...(heldId === null ? {} : { TALLYSTICK_HELD_STAY: heldId }),
    ...(cardKeysPath === undefined ? {} : { TALLYSTICK_CARD_KEYS: cardKeysPath }),
  };
  return spawn(program, rest, { stdio: ['pipe', 'inherit', 'inherit', 'ipc'], env });
}

function endChild(stopping: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => stopping.kill('SIGKILL'), STOP_MS);
    const ended = (): void => {
      clearTimeout(timer);
      resolve();
    };
    stopping.once('exit', ended);
    stopping.once('error', ended);
    const stop: ToChild = { type: 'stop' };
    // A child that is gone already has no channel; its `exit` comes all the same.
    if (stopping.connected) stopping.send(stop, () => {});
    else stopping.kill('SIGKILL');
  });
}
