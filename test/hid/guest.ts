import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A small virtual machine (QEMU, software emulation) on Debian's kernel, whose files are this machine's own, read only: the
 * kernels that containers and CI run on let nobody make a HID device.
 */
const QEMU = '/usr/bin/qemu-system-x86_64';
const BUSYBOX = '/bin/busybox';
const MEMORY_MIB = 768;

export type GuestAvailable = { readonly ok: true } | { readonly ok: false; readonly missing: string };

/** `kernel`: the folder that deploy/workshop/guest-kernel.cjs fills. */
export function guestAvailable(kernel: string): GuestAvailable {
  for (const [path, name] of [
    [QEMU, 'qemu-system-x86'],
    [BUSYBOX, 'busybox-static'],
    ['/usr/bin/python3', 'python3'],
  ] as const)
    if (!existsSync(path)) return { ok: false, missing: `${path} is missing (apt-get install ${name})` };
  if (existsSync(join(kernel, 'ready'))) return { ok: true };
  return { ok: false, missing: 'the guest’s kernel is missing (npm test fetches it on Debian)' };
}

/** Runs `argv` in a guest as root and gives all that the console said. Ends it when the time is over. */
export async function runInGuest(kernel: string, argv: readonly string[], withinMs: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tallystick-guest-'));
  try {
    const initrd = writeInitrd(kernel, folder, argv);
    return await console_(
      [
        ...['-machine', 'pc,accel=tcg', '-cpu', 'max', '-smp', '2', '-m', String(MEMORY_MIB), '-no-reboot'],
        ...['-nodefaults', '-display', 'none', '-serial', 'stdio'],
        ...['-fsdev', 'local,id=root,path=/,security_model=none,readonly=on,multidevs=remap'],
        ...['-device', 'virtio-9p-pci,fsdev=root,mount_tag=root'],
        ...['-kernel', join(kernel, 'vmlinuz'), '-initrd', initrd],
        ...['-append', 'console=ttyS0 quiet panic=-1 mitigations=off rdinit=/init'],
      ],
      withinMs,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeInitrd(kernel: string, folder: string, argv: readonly string[]): string {
  const root = join(folder, 'root');
  for (const each of ['bin', 'dev', 'proc', 'sys', 'host']) mkdirSync(join(root, each), { recursive: true });
  copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
  const modules = readdirSync(kernel).filter((name) => name.endsWith('.ko'));
  for (const name of modules) copyFileSync(join(kernel, name), join(root, name));
  writeFileSync(join(root, 'init'), initOf(modules.sort(), argv), { mode: 0o755 });
  const initrd = join(folder, 'initrd');
  const pack = `cd "$1" && "$2" find . | "$2" cpio -o -H newc > "$3"`;
  const packed = spawnSync('sh', ['-c', pack, 'sh', root, BUSYBOX, initrd], { encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(`no initrd: ${packed.stderr}`);
  return initrd;
}

function initOf(modules: readonly string[], argv: readonly string[]): string {
  const quoted = argv.map((word) => `'${word}'`).join(' ');
  return `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
${modules.map((name) => `$b insmod /${name}`).join('\n')}
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro root /host || $b poweroff -f
for each in proc sys dev; do $b mount -o bind /$each /host/$each; done
$b mount -t tmpfs tmp /host/tmp
$b chroot /host ${quoted}
echo "@exit $?"
$b poweroff -f
`;
}

function console_(args: readonly string[], withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const qemu = spawn(QEMU, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const late = setTimeout(() => qemu.kill('SIGKILL'), withinMs);
    for (const stream of [qemu.stdout, qemu.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString('utf8');
      });
    }
    qemu.once('error', reject);
    qemu.once('close', () => {
      clearTimeout(late);
      resolve(said);
    });
  });
}
