'use strict';
// `npm start`, `npm run hub`, `terminal`, `verify`, `vectors`, `bench`: makes the clone ready, then runs the built program in this place's name.
var childProcess = require('child_process');
var path = require('path');
var prepare = require('./prepare.cjs');

var PROGRAMS = {
  demo: 'firmware-sim/demo/main.js',
  hub: 'hub/main.js',
  terminal: 'terminal/main.js',
  verify: 'hub/export/verify-main.js',
  bench: 'bench/main.js',
  simulate: 'test/simulate/main.js',
  powercut: 'test/power/main.js',
  vectors: 'protocol/node/vectors/main.js',
};
// The simulator plays a seed on every core, and a seed's world lives as long as its seed. With room for it whole the collector
// moves next to nothing, and one thread does that in less time than helpers that push the other cores' worlds out of their
// caches (measured: a third more seeds a second).
var NODE_FLAGS = {
  simulate: ['--single-threaded-gc', '--min-semi-space-size=32', '--max-semi-space-size=32'],
};
prepare.prepare();
var program = PROGRAMS[process.argv[2]];
var child = childProcess.spawn(
  process.execPath,
  (NODE_FLAGS[process.argv[2]] || []).concat(path.join(prepare.root, 'dist', program), process.argv.slice(3)),
  { stdio: 'inherit' }
);
// The program hears the signals itself and stops in order; we only wait, and end as it ended.
['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => {
  process.on(signal, () => {
    child.kill(signal);
  });
});
child.on('exit', (code, signal) => {
  process.exit(signal ? 1 : code);
});
