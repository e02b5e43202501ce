import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const HOLDS_WITHIN_MS = 5_000;
const TRIES_EVERY_MS = 1;

/** Another program that has the reader's card to itself, as scdaemon likes to. */
export interface ExclusiveHolder {
  /** Ends it; resolves once it is gone. Safe to call twice. */
  letGo(): Promise<void>;
}

/**
 * Takes every card of the pcscd behind `enter` for itself, the one that lies there and each that comes. Resolves when it
 * waits for cards; `holding` is called with each it has. It ends with our process, however that ends.
 */
export function holdExclusively(enter: readonly string[], holding: () => void = () => undefined) {
  const nfc = createRequire(createRequire(import.meta.url).resolve('nfc-pcsc'));
  // It tries all the time: told of a card as everybody is, it would be first by luck alone.
  const script = `process.stdin.on('end', () => process.exit()).resume();
    require(${JSON.stringify(nfc.resolve('@pokusew/pcsclite'))})().on('reader', (reader) => {
      const take = () => reader.connect({ share_mode: reader.SCARD_SHARE_EXCLUSIVE }, (error) => {
        if (error) setTimeout(take, ${TRIES_EVERY_MS});
        else console.log('held');
      });
      reader.on('error', () => process.exit());
      reader.on('status', ({ state }) => {
        if (reader.connected && !(state & reader.SCARD_STATE_PRESENT)) reader.disconnect(take);
      });
      take();
      console.log('waits');
    });`;
  const [program = process.execPath, ...rest] = [...enter, process.execPath, '-e', script];
  const held = spawn(program, rest, { stdio: ['pipe', 'pipe', 'ignore'] });
  // It may be gone before we let it go.
  held.stdin.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => {
    held.once('exit', () => resolve());
    held.once('error', () => resolve());
  });
  const letGo = (): Promise<void> => {
    held.kill('SIGKILL');
    return gone;
  };
  return new Promise<ExclusiveHolder>((resolve, reject) => {
    const timer = setTimeout(() => {
      void letGo();
      reject(new Error(`No other program could take the reader within ${HOLDS_WITHIN_MS} ms.`));
    }, HOLDS_WITHIN_MS);
    held.stdout.on('data', (chunk) => {
      clearTimeout(timer);
      resolve({ letGo });
      if (String(chunk).includes('held')) holding();
    });
  });
}
