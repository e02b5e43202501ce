import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/**
 * Runs inside the guest, on the host's files: the kiosk's own HID driver, as it is built, before a device that a kernel
 * enumerates. What happens goes to the console, a line each: `@step NAME`, `@scan CODE`, `@status STATE REASON`.
 */
const root = process.argv[2];
const { hidScanner } = await import(`${root}/dist/terminal/devices/scanner/hid-scanner.js`);
const WITHIN_MS = 30_000;
const QUIET_MS = 700;
const say = (...words) => process.stdout.write(`@${words.join(' ')}\n`);

const python = spawn('/usr/bin/python3', ['-S', fileURLToPath(new URL('uhid-scanner.py', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
async function device(words) {
  python.stdin.write(`${words}\n`);
  await answers.next();
}

function driver(options = {}) {
  const seen = [];
  const scanner = hidScanner({ nowMs: () => performance.now(), random: () => 0, ...options });
  scanner.onEvent((event) => {
    const words =
      event.type === 'status'
        ? ['status', event.status.state, event.status.reason ?? '-']
        : [event.type, event.code ?? event.reason];
    seen.push(words.join(' '));
    say(...words);
  });
  scanner.start();
  return {
    stop: () => scanner.stop(),
    async until(wanted) {
      const endMs = performance.now() + WITHIN_MS;
      while (!seen.includes(wanted)) {
        if (performance.now() > endMs) throw new Error(`no "${wanted}" among ${JSON.stringify(seen)}`);
        await pause(10);
      }
      seen.length = 0;
    },
  };
}

say('step no device');
const scanner = driver();
await scanner.until('status absent no-device');

say('step enumerated and read');
await device('plug 0b81');
await scanner.until('status ready -');
await device('scan 2090000001013');
await scanner.until('scan 2090000001013');

say('step double scan');
await device('scan rice');
await device('scan rice');
await scanner.until('scan rice');
await pause(QUIET_MS);

say('step unplug mid-report');
await device('part 20900000010');
await device('unplug');
await scanner.until('status absent unplugged');
await device('plug 0b81');
await scanner.until('status ready -');
await device('scan salt');
await scanner.until('scan salt');
await scanner.stop();
await device('unplug');

say('step keyboard wedge');
await device('wedge 0b6a');
const wedge = driver({ vendorId: 0x0c2e, productId: 0x0b6a });
await wedge.until('status fault keyboard-wedge');
await wedge.stop();
await device('unplug');

say('step no permission');
await device('plug 0b81');
process.setgroups([]);
process.setgid(65_534);
process.setuid(65_534);
const outsider = driver();
await outsider.until('status fault no-permission');
await outsider.stop();

const ended = once(python, 'exit');
python.stdin.end();
await ended;
say('step end');
