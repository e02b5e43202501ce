'use strict';
// Makes a fresh clone ready: checks Node, installs npm packages when the lock file changed, builds when a source did.
// Plain old JavaScript without a single package: an old Node must get a sentence from it, not a syntax error.
var childProcess = require('child_process');
var crypto = require('crypto');
var fs = require('fs');
var path = require('path');

var root = path.join(__dirname, '..', '..');
var LEAST = [20, 19];

function fail(code, error, whatToDo) {
  process.stderr.write(error + '\n' + whatToDo + '\n');
  process.exit(code);
}

function checkNode(version) {
  var parts = version.split('.').map(Number);
  if (parts[0] > LEAST[0] || (parts[0] === LEAST[0] && parts[1] >= LEAST[1])) return null;
  return 'This is Node ' + version + '; Tallystick needs ' + LEAST.join('.') + ' or later.';
}

function run(command, args, what, whatToDo) {
  // Always a production build, whatever test runner or shell we were called from.
  var env = Object.assign({}, process.env, { NODE_ENV: 'production' });
  var result = childProcess.spawnSync(command, args, {
    cwd: root,
    env: env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) fail(3, what + ' failed.', whatToDo);
}

function hashOf(files) {
  var hash = crypto.createHash('sha256');
  files.forEach((file) => {
    hash
      .update(file)
      .update('\0')
      .update(fs.readFileSync(path.join(root, file)))
      .update('\0');
  });
  return hash.digest('hex');
}

function read(file) {
  try {
    return fs.readFileSync(path.join(root, file), 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return '';
  }
}

function walk(folder, found) {
  fs.readdirSync(path.join(root, folder))
    .sort()
    .forEach((name) => {
      var inside = folder + '/' + name;
      if (fs.statSync(path.join(root, inside)).isDirectory()) walk(inside, found);
      else if (!/\.test\.ts$|\.md$/.test(name)) found.push(inside);
    });
  return found;
}

/** npm packages as the lock file has them; installed again only when it changed. */
function install() {
  var stamp = 'node_modules/.tallystick-lock';
  // With pcscd's headers nfc-pcsc can be built, without them it stays absent: installing them later must count.
  var headers = fs.existsSync('/usr/include/PCSC/winscard.h') ? 'pcsc' : 'no-pcsc';
  var wanted = hashOf(['package-lock.json']) + ' ' + headers + ' ' + process.version;
  if (read(stamp) === wanted) return;
  ['g++', 'make', 'python3'].forEach((tool) => {
    var there = childProcess.spawnSync(tool, ['--version'], { stdio: 'ignore' });
    if (there.error)
      process.stderr.write(
        'note: ' +
          tool +
          ' is missing; native packages without a ready build need it (apt-get install g++ make python3)\n'
      );
  });
  process.stderr.write('installing npm packages; the first time takes some minutes\n');
  run(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund'],
    'npm ci',
    'See what npm wrote above; on Debian: apt-get install g++ make python3'
  );
  fs.writeFileSync(path.join(root, stamp), wanted);
}

/** dist/, made anew only when a source changed. */
function build() {
  var sources = [
    'protocol',
    'terminal',
    'hub',
    'firmware-sim',
    'bench',
    'ui',
    'test/simulate',
    'test/power',
    'test/support',
    'test/conformance',
  ].reduce(
    (found, folder) => (fs.existsSync(path.join(root, folder)) ? walk(folder, found) : found),
    [
      'tsconfig.json',
      'tsconfig.build.json',
      'package-lock.json',
      'deploy/workshop/prepare.cjs',
      'deploy/workshop/flatten.mjs',
    ]
  );
  var stamp = 'dist/.stamp';
  var wanted = hashOf(sources);
  if (read(stamp) === wanted) return;
  process.stderr.write('building\n');
  run(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    'The build',
    'See the errors above.'
  );
  sources.forEach((file) => {
    if (!/\.sql$/.test(file)) return;
    fs.mkdirSync(path.dirname(path.join(root, 'dist', file)), { recursive: true });
    fs.copyFileSync(path.join(root, file), path.join(root, 'dist', file));
  });
  ['kiosk', 'console', 'rig'].forEach((page) => {
    run(
      process.execPath,
      ['node_modules/vite/bin/vite.js', 'build', '--config', 'ui/vite.config.ts', '--mode', page],
      'The build of the ' + page + ' page',
      'See the errors above.'
    );
  });
  // Hundreds of small modules each; see protocol/schema.ts and terminal/agent/libraries.ts.
  ['dist/protocol/schema.js', 'dist/terminal/agent/libraries.js'].forEach(function (file) {
    run(process.execPath, ['deploy/workshop/flatten.mjs', file], 'Flattening ' + file, 'See the errors above.');
  });
  fs.writeFileSync(path.join(root, stamp), wanted);
}

function prepare() {
  var fault = checkNode(process.versions.node);
  if (fault) fail(3, fault, 'Install Node 20.19 or later from your system or from nodejs.org, then run this again.');
  install();
  build();
}

module.exports = { root: root, fail: fail, checkNode: checkNode, prepare: prepare, install: install };
