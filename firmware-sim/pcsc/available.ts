import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where Debian's packages put them (pcscd 1.9.9, vsmartcard-vpcd 0.8). */
export const PCSCD = '/usr/sbin/pcscd';
export const VPCD_DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const UNSHARE_WITHIN_MS = 5_000;

export type PcscAvailable =
  | { readonly ok: true }
  /** `missing` completes "… is missing"; `install` is what to type, or whom to be. */
  | { readonly ok: false; readonly missing: string; readonly install: string };

/** Whether a private PC/SC stack can be started here: root, Debian's packages, nfc-pcsc built, own mount namespaces. */
export function pcscAvailable(): PcscAvailable {
  const no = (missing: string, install: string): PcscAvailable => ({ ok: false, missing, install });
  if (process.getuid?.() !== 0) return no('root', 'run as root, for a mount namespace of our own');
  if (!existsSync(PCSCD)) return no(PCSCD, 'apt-get install pcscd');
  if (!existsSync(VPCD_DRIVER)) return no(VPCD_DRIVER, 'apt-get install vsmartcard-vpcd');
  if (!nfcPcscBuilt()) return no('nfc-pcsc', 'apt-get install libpcsclite-dev, then npm ci');
  for (const program of ['unshare', 'nsenter', 'setpriv']) {
    if (!runs(program, ['--version'])) return no(program, 'apt-get install util-linux');
  }
  if (!runs('unshare', ['-m', 'true'])) return no('a private mount namespace', 'allow CAP_SYS_ADMIN to this container');
  return { ok: true };
}

function nfcPcscBuilt(): boolean {
  const require = createRequire(import.meta.url);
  try {
    const nested = createRequire(require.resolve('nfc-pcsc'));
    // Its native part is its own dependency. A build that failed may leave its JavaScript behind.
    const root = dirname(nested.resolve('@pokusew/pcsclite/package.json'));
    return existsSync(join(root, 'build/Release/pcsclite.node'));
  } catch {
    return false;
  }
}

function runs(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: UNSHARE_WITHIN_MS }).status === 0;
}
