import { type ChildProcess, spawn } from 'node:child_process';

const READY_WITHIN_MS = 5_000;
const ENDS_WITHIN_MS = 1_000;

/** A process that does nothing but keep a mount namespace with an empty /run/pcscd of its own. */
export interface Holder {
  readonly pid: number;
  close(): Promise<void>;
}

/** The directory is made on the machine itself, for there must be something to mount over; pcscd would make it too. */
const SCRIPT = 'mkdir -p /run/pcscd && mount -t tmpfs -o mode=755,size=1m tmpfs /run/pcscd && echo ready && exec cat';

/**
 * Starts it. `cat` ends when its stdin closes, and the kernel closes that pipe however our process ends, kill -9 too:
 * with the last process in it the namespace and its tmpfs go. Rejects with a sentence when it is not ready in 5 s.
 */
export function startHolder(): Promise<Holder> {
  // `unshare`, `sh` and `cat` exec one another: this pid is the one in the namespace.
  const held = spawn('unshare', ['-m', '--propagation', 'private', '--', 'sh', '-c', SCRIPT], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      held.kill('SIGKILL');
      reject(new Error(`No private mount namespace: ${why}`));
    };
    const timer = setTimeout(() => fail(`not ready within ${READY_WITHIN_MS} ms.`), READY_WITHIN_MS);
    held.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-500);
    });
    held.once('error', (error) => fail(error.message));
    held.once('exit', () => fail(said.trim() || 'its holder ended.'));
    held.stdout.once('data', () => {
      clearTimeout(timer);
      held.removeAllListeners('exit');
      const { pid } = held;
      if (pid === undefined) return fail('its holder has no pid.');
      resolve({ pid, close: () => end(held) });
    });
  });
}

function end(held: ChildProcess): Promise<void> {
  if (held.exitCode !== null || held.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => held.kill('SIGKILL'), ENDS_WITHIN_MS);
    held.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    held.stdin?.end();
  });
}
