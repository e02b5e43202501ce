import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { EXIT, fail } from '../program.ts';
import { checkVectors } from './check-vectors.ts';

/** `npm run -s vectors -- FILE.json [--json]`: published vectors against the functions that the programs use. */

const program = new Command('vectors')
  .description('Checks the published vectors of a file against the cryptography of cards and records.')
  .argument('<file>', 'a vector file: {"source", "vectors": [{"name", "algorithm", "input", "expected"}]}')
  .option('--json', 'write JSON and nothing else to stdout')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
program.parse();

const path = program.args[0] ?? '';
const checked = checkVectors(readJson(path));
if (typeof checked === 'string') fail(EXIT.usage, `${path} is no vector file.`, checked);
const failed = checked.filter(({ fault }) => fault !== null).length;
const passed = checked.length - failed;
if (program.opts<{ json?: boolean }>().json) {
  process.stdout.write(`${JSON.stringify({ passed, failed, vectors: checked })}\n`);
} else {
  for (const { name, algorithm, fault } of checked) {
    process.stdout.write(
      `${fault === null ? 'ok  ' : 'FAIL'}  ${algorithm}  ${name}${fault === null ? '' : `: ${fault}`}\n`,
    );
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}
process.exitCode = failed === 0 ? EXIT.fine : EXIT.finding;

function readJson(from: string): unknown {
  try {
    return JSON.parse(readFileSync(from, 'utf8'));
  } catch (error) {
    return fail(EXIT.usage, `${from} cannot be read: ${(error as Error).message}`, 'Give the path of a vector file.');
  }
}
