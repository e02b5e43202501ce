import { Command } from 'commander';
import { EXIT } from '../../protocol/node/program.ts';
import { verifyExport } from './verify.ts';

/** `npm run -s verify -- DIR [--receipt CODE] [--json]` */
const program = new Command('verify')
  .description('Checks an export of the hub, without the hub: signatures, chains, sums, ledger, manifest.')
  .argument('<dir>', 'folder that `hub export` wrote')
  .option('--receipt <code>', 'also look for the record behind a receipt: its check code, or the whole text of its QR')
  .option('--json', 'write JSON and nothing else to stdout')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
program.parse();

const options = program.opts<{ receipt?: string; json?: boolean }>();
const result = await verifyExport(program.args[0] ?? '', options.receipt);
if (options.json) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
} else {
  for (const finding of result.findings) {
    process.stdout.write(`${finding.code}  ${finding.where}  ${finding.says}\n`);
  }
  for (const number of result.receipts) process.stdout.write(`receipt  ${number}  this record has the check code\n`);
  const { records, transfers, epochs, findings } = result;
  process.stdout.write(
    `${records} records of ${epochs} terminal epochs, ${transfers} transfers, ${findings.length} findings\n`,
  );
}
process.exitCode = result.findings.length === 0 ? EXIT.fine : EXIT.finding;
