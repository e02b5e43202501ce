import { Command } from 'commander';
import { EXIT, fail } from '../protocol/node/program.ts';
import { benchCommit } from './commit.ts';
import { benchIngest } from './ingest.ts';
import { type Row, table } from './report.ts';
import { benchStart } from './start.ts';
import { benchTap } from './tap.ts';

/** `npm run bench -- [NAME] [--json] [--gate]`: each figure beside its floor, from the same run. */

const BENCHES: Readonly<Record<string, (say: (line: string) => void) => Promise<Row[]>>> = {
  tap: benchTap,
  commit: benchCommit,
  start: benchStart,
  ingest: benchIngest,
};

const program = new Command('bench')
  .description('Measures ours beside its floor, in the same run.')
  .argument('[name]', `one of: ${Object.keys(BENCHES).join(', ')}; all without a name`)
  .option('--json', 'write JSON and nothing else to stdout')
  .option('--gate', 'exit 1 where a goal is missed')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
program.parse();
const options = program.opts<{ json?: boolean; gate?: boolean }>();
const name = program.args[0];
if (name !== undefined && !Object.hasOwn(BENCHES, name)) {
  fail(EXIT.usage, `There is no benchmark "${name}".`, `Name one of: ${Object.keys(BENCHES).join(', ')}.`);
}

const rows: Row[] = [];
for (const [each, bench] of Object.entries(BENCHES)) {
  if (name === undefined || name === each) rows.push(...(await bench((line) => process.stderr.write(`${line}\n`))));
}
process.stdout.write(options.json ? `${JSON.stringify(rows)}\n` : `${table(rows)}\n`);
process.exitCode = options.gate && rows.some((row) => !row.pass) ? EXIT.finding : EXIT.fine;
