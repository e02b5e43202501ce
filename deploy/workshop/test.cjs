'use strict';
// `npm test`: all that must pass. Installs what is missing (Debian packages as root on Debian; elsewhere it names the one
// line to run and counts what it skipped), checks the house, builds, runs every test, closes with `N passed, N failed`.
var childProcess = require('child_process');
var fs = require('fs');
var path = require('path');
var prepareGuestKernel = require('./guest-kernel.cjs').prepareGuestKernel;
var prepare = require('./prepare.cjs');

// What the tests need beyond npm: real pcscd and virtual readers, headers for nfc-pcsc, a browser, every Chinese character.
var DEBIAN = [
  'pcscd',
  'vsmartcard-vpcd',
  'libpcsclite-dev',
  'chromium',
  'fonts-noto-cjk',
  // The kiosk's voice.
  'espeak-ng',
  'g++',
  'make',
  'python3',
  'pkg-config',
  // The hub's other database; the tests start a cluster of their own.
  'postgresql',
  // A guest with a kernel of its own, in which a HID device can be plugged in.
  'qemu-system-x86',
  'busybox-static',
  // A disk of its own that breaks under the kiosk.
  'e2fsprogs',
];
var ci = process.env.CI === 'true';

function installed(name) {
  var query = childProcess.spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return !query.error && /install ok installed/.test(query.stdout);
}

/** Debian's postgresql would set up and start a cluster on port 5432 as it is installed: it is told before that it shall not. */
function withoutMainCluster() {
  var file = '/etc/postgresql-common/createcluster.conf';
  if (fs.existsSync(file)) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, 'create_main_cluster = false\n');
}

function debianPackages() {
  var missing = DEBIAN.filter((name) => !installed(name));
  if (missing.length === 0) return;
  var line = 'apt-get install --no-install-recommends ' + missing.join(' ');
  var root = process.getuid && process.getuid() === 0;
  if (fs.existsSync('/etc/debian_version') && root) {
    var options = {
      stdio: ['ignore', 2, 2],
      env: Object.assign({}, process.env, { DEBIAN_FRONTEND: 'noninteractive' }),
    };
    process.stderr.write('installing ' + missing.join(' ') + '\n');
    if (missing.includes('postgresql')) withoutMainCluster();
    childProcess.spawnSync('apt-get', ['update', '-qq'], options);
    var done = childProcess.spawnSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends'].concat(missing),
      options
    );
    if (done.status === 0) return;
  }
  if (ci) prepare.fail(3, 'These Debian packages are missing: ' + missing.join(' '), 'Run as root: ' + line);
  process.stderr.write(
    'not installed: ' +
      missing.join(' ') +
      '; tests of real parts are skipped and counted.\nOn Debian: sudo ' +
      line +
      '\n'
  );
}

function npm(args) {
  return childProcess.spawnSync('npm', args, { cwd: prepare.root, stdio: ['ignore', 'inherit', 'inherit'] }).status;
}

/** The guest's kernel; where it cannot be had its tests are skipped, and fail on CI. */
function guestKernel() {
  if (!installed('qemu-system-x86')) return;
  var missing = prepareGuestKernel();
  if (missing !== null) process.stderr.write(missing + ' No real HID device is read by the tests.\n');
}

/** How the tests of one fault ended: its own are those of that file and title, on however many wires they are played. */
function fared(fault, results) {
  var states = fault.tests.map(function (test) {
    var same = results.filter((each) => each.file.endsWith('/' + test.file) && each.title === test.title);
    if (same.length === 0) return 'not run';
    if (same.some((each) => each.status === 'failed')) return 'FAILED';
    return same.every((each) => each.status === 'passed') ? 'played' : 'skipped';
  });
  return ['FAILED', 'skipped', 'not run'].find((state) => states.includes(state)) || 'played';
}

/** Which faults of devices this run played, a line for each kind of device and outcome. */
function sayFaults(report) {
  var faults = JSON.parse(fs.readFileSync(path.join(prepare.root, 'test', 'device-faults.json'), 'utf8'));
  var results = (report.testResults || []).flatMap((file) =>
    file.assertionResults.map((each) => ({ file: file.name, title: each.title, status: each.status }))
  );
  var lines = new Map();
  faults.forEach(function (fault) {
    var key = fault.device + ', ' + fared(fault, results);
    lines.set(key, (lines.get(key) || []).concat(fault.fault));
  });
  process.stdout.write('\nFaults of devices (docs/devices.md):\n');
  for (var [key, names] of lines) process.stdout.write('  ' + key + ': ' + names.join('; ') + '\n');
}

debianPackages();
guestKernel();
prepare.prepare();
var checks = npm(['run', '-s', 'check']) === 0;
var report = path.join(prepare.root, 'node_modules', '.cache', 'tallystick-tests.json');
fs.rmSync(report, { force: true });
var args = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  '--outputFile.json=' + report,
].concat(process.argv.slice(2));
var run = childProcess.spawnSync(process.execPath, args, {
  cwd: prepare.root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
var result = fs.existsSync(report)
  ? JSON.parse(fs.readFileSync(report, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
// A file that cannot even be loaded has no failed test of its own, and must not count as nothing.
var broken = run.status !== 0 && result.numFailedTests === 0 ? 1 : 0;
var failed = result.numFailedTests + broken + (checks ? 0 : 1);
var passed = result.numPassedTests + (checks ? 1 : 0);
var skipped = result.numPendingTests || 0;
if (ci && skipped > 0) failed += skipped;
// A run of chosen files plays what it plays.
if (process.argv.length === 2) sayFaults(result);
if (!checks) process.stderr.write('npm run check found something; see above\n');
process.stdout.write(
  '\n' + passed + ' passed, ' + failed + ' failed' + (skipped > 0 ? ', ' + skipped + ' skipped' : '') + '\n'
);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
