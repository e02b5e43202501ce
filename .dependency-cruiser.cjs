// The import arrows of ARCHITECTURE.md. `npm run check:arrows` refuses what they do not allow.
const edges = '^protocol/node/';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'protocol-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^protocol/' },
      to: { path: '^(terminal|hub|ui|firmware-sim|test|bench)/' },
    },
    {
      name: 'protocol-is-pure',
      comment:
        'No I/O, no clock, no Node in the rules: they run in a browser. Adapters both programs share stand in protocol/node.',
      severity: 'error',
      from: { path: '^protocol/', pathNot: `${edges}|\\.test\\.ts$` },
      to: { path: edges },
    },
    {
      name: 'protocol-has-no-node-builtins',
      severity: 'error',
      from: { path: '^protocol/', pathNot: `${edges}|\\.test\\.ts$` },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'terminal-and-hub-never-meet', severity: 'error', from: { path: '^terminal/' }, to: { path: '^hub/' } },
    { name: 'hub-and-terminal-never-meet', severity: 'error', from: { path: '^hub/' }, to: { path: '^terminal/' } },
    {
      name: 'redemption-knows-only-protocol',
      severity: 'error',
      from: { path: '^terminal/redemption/' },
      to: { path: '^(terminal/(?!redemption/)|protocol/node/)', pathNot: '\\.test\\.ts$' },
    },
    {
      name: 'ledger-knows-only-protocol',
      severity: 'error',
      from: { path: '^hub/ledger/' },
      to: { path: '^(hub/(?!ledger/)|protocol/node/)' },
    },
    {
      name: 'only-the-root-names-drivers',
      severity: 'error',
      from: { path: '^terminal/', pathNot: '^terminal/(drivers\\.ts|devices/)|\\.test\\.ts$' },
      to: {
        path: '^terminal/devices/.*(printer-driver|tcp-transport|serial-transport|device-transport|no-[a-z-]+|supervisor|virtual-driver|card-process|(hid|serial)-[a-z-]+)\\.ts$',
      },
    },
    {
      name: 'only-the-root-names-the-store',
      severity: 'error',
      from: { path: '^hub/', pathNot: '^hub/(parts\\.ts|store/)|\\.test\\.ts$' },
      to: { path: '^hub/store/' },
    },
    {
      name: 'one-process-loads-nfc-pcsc',
      severity: 'error',
      from: {
        pathNot: '^(terminal/devices/reader/(card-process|pcsc-slot)|bench/raw-uid-process)\\.ts$|\\.test\\.ts$|^test/',
      },
      to: { path: 'nfc-pcsc', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-knows-only-protocol',
      severity: 'error',
      from: { path: '^ui/' },
      to: { path: '^(terminal|hub|firmware-sim|test|bench|protocol/node)/' },
    },
    {
      name: 'the-simulators-fake-the-wire',
      comment: 'A simulated device that shares a codec with its driver shares its mistakes.',
      severity: 'error',
      from: { path: '^firmware-sim/' },
      to: { path: '^(terminal|hub|ui|protocol/cards)/' },
    },
    {
      name: 'programs-do-not-import-tests',
      severity: 'error',
      from: { path: '^(protocol|terminal|hub|ui|firmware-sim)/', pathNot: '\\.test\\.ts$|^ui/' },
      to: { path: '^test/' },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(nfc-pcsc|\\?)|\\.css$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
