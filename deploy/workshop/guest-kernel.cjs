'use strict';
// Debian's kernel for the guest in which the tests plug in a real HID device (test/hid): downloaded and unpacked into a
// cache, never installed. Plain old JavaScript, like everything that runs before npm packages are there.
var childProcess = require('child_process');
var fs = require('fs');
var path = require('path');

var CACHE = path.join(__dirname, '..', '..', '.cache', 'guest-kernel');
/** In the order in which they are loaded. */
var MODULES = [
  'drivers/virtio/virtio_ring',
  'drivers/virtio/virtio',
  'drivers/virtio/virtio_pci_modern_dev',
  'drivers/virtio/virtio_pci_legacy_dev',
  'drivers/virtio/virtio_pci',
  'net/9p/9pnet',
  'net/9p/9pnet_virtio',
  'fs/netfs/netfs',
  'fs/fscache/fscache',
  'fs/9p/9p',
  'drivers/hid/hid',
  'drivers/hid/uhid',
  'drivers/hid/hid-generic',
];

function run(command, args, cwd) {
  var done = childProcess.spawnSync(command, args, { cwd: cwd, encoding: 'utf8', maxBuffer: 1 << 24 });
  return { ok: !done.error && done.status === 0, out: done.stdout || '' };
}

/** Null when the kernel is there, else what is missing, in a sentence. */
function prepareGuestKernel() {
  if (fs.existsSync(path.join(CACHE, 'ready'))) return null;
  fs.rmSync(CACHE, { recursive: true, force: true });
  fs.mkdirSync(CACHE, { recursive: true });
  var depends = run('apt-cache', ['depends', 'linux-image-amd64'], CACHE).out;
  var found = /linux-image-[0-9]\S*-amd64/.exec(depends);
  if (!found) return 'No linux-image-amd64 is known to apt here.';
  process.stderr.write('fetching ' + found[0] + ' for the guest of the HID tests\n');
  if (!run('apt-get', ['download', '-q', found[0]], CACHE).ok) return 'apt-get cannot download ' + found[0] + '.';
  var deb = fs.readdirSync(CACHE).find((name) => /\.deb$/.test(name));
  var version = found[0].replace('linux-image-', '');
  var wanted = ['./boot/vmlinuz-' + version].concat(
    MODULES.map((name) => './lib/modules/' + version + '/kernel/' + name + '.ko')
  );
  var unpack = 'dpkg-deb --fsys-tarfile "$1" | tar -x "${@:2}"';
  if (!run('bash', ['-o', 'pipefail', '-c', unpack, 'bash', deb].concat(wanted), CACHE).ok)
    return 'The kernel package ' + deb + ' is not as Debian 12 has it.';
  fs.renameSync(path.join(CACHE, 'boot', 'vmlinuz-' + version), path.join(CACHE, 'vmlinuz'));
  MODULES.forEach((name, index) => {
    var from = path.join(CACHE, 'lib/modules', version, 'kernel', name + '.ko');
    // Numbered, so that their names alone say the order.
    fs.renameSync(from, path.join(CACHE, String(index).padStart(2, '0') + '-' + path.basename(name) + '.ko'));
  });
  ['boot', 'lib', deb].forEach((name) => {
    fs.rmSync(path.join(CACHE, name), { recursive: true });
  });
  fs.writeFileSync(path.join(CACHE, 'ready'), version);
  return null;
}

module.exports = { prepareGuestKernel: prepareGuestKernel };
