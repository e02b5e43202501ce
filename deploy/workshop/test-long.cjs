'use strict';
// `npm run test:long -- NAME`: what takes longer than a test run may. Each has a short seeded slice in `npm test`.
var childProcess = require('child_process');
var prepare = require('./prepare.cjs');

var LONG = {
  kills: {
    says: 'the agent killed (-9) at a random moment of each of 100 redemptions, and at each step of one',
    files: ['test/e2e/kills.test.ts', 'test/e2e/kill-steps.test.ts'],
    env: { TALLY_KILL_ROUNDS: '100', TALLY_KILL_STEPS: '60' },
  },
  alone: {
    says: 'a kiosk with 50,000 unsent records: starts, sells, and drains in order',
    files: ['test/e2e/alone.test.ts'],
    env: { TALLY_ALONE_RECORDS: '50000' },
  },
  'full-size': {
    says: 'a county of 305 terminals and 590,000 residents made, and a real hub on it asked; options: --help behind the name',
    program: 'dist/bench/county/main.js',
  },
  'hub-kills': {
    says: 'the hub, and its PostgreSQL, killed (-9) at a random moment of ingest, 50 times on each engine',
    files: ['test/e2e/hub-kills.test.ts'],
    env: { TALLY_HUB_KILL_ROUNDS: '50' },
  },
  power: {
    says: 'the power cut under the agent, the hub or both, 500 times',
    program: 'dist/test/power/main.js',
    args: ['--rounds', '500'],
  },
  soak: {
    says: 'two agents and a hub through 2,000 redemptions under every fault: books agree, memory flat, no handle left',
    files: ['test/e2e/soak.test.ts'],
    env: { TALLY_SOAK_REDEMPTIONS: '2000' },
  },
  'two-hubs': {
    says: 'two hubs on one PostgreSQL, 8 kiosks and the people at both consoles, for a minute',
    files: ['test/e2e/two-hubs.test.ts'],
    env: { TALLY_TWO_HUBS_MS: '60000' },
  },
};

function usage(code) {
  process.stdout.write('npm run test:long -- NAME\n\n');
  Object.keys(LONG).forEach(function (name) {
    process.stdout.write('  ' + name + '  ' + LONG[name].says + '\n');
  });
  process.exit(code);
}

var name = process.argv[2];
if (name === '--help') usage(0);
if (!Object.hasOwn(LONG, name || '')) usage(2);
prepare.prepare();
var long = LONG[name];
var args = long.program
  ? [long.program].concat(long.args || [], process.argv.slice(3))
  : ['node_modules/vitest/vitest.mjs', 'run'].concat(long.files);
var run = childProcess.spawnSync(process.execPath, args, {
  cwd: prepare.root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: Object.assign({}, process.env, long.env),
});
// A program says what it found, or what is missing, by its own number; of a test run there are only two.
process.exit(long.program && run.status !== null ? run.status : run.status === 0 ? 0 : 1);
