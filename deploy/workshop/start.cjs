'use strict';
// `npm start`: makes the clone ready, then becomes the demo.
var childProcess = require('child_process');
var path = require('path');
var prepare = require('./prepare.cjs');

prepare.prepare();
var demo = childProcess.spawn(
  process.execPath,
  [path.join(prepare.root, 'dist/firmware-sim/demo/main.js')].concat(process.argv.slice(2)),
  { stdio: 'inherit' }
);
// The demo hears the signals itself and stops its programs in order; we only wait, and end as it ended.
['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => {
  process.on(signal, () => {
    demo.kill(signal);
  });
});
demo.on('exit', (code, signal) => {
  process.exit(signal ? 1 : code);
});
