import { Command } from 'commander';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { readHubKeys } from './hub-keys.ts';
import { verifyExport } from './verify.ts';

/** `npm run -s verify -- DIR [--receipt CODE] [--hub-key FILE|KEY] [--json]` */
const program = new Command('verify')
  .description('Checks an export of the hub, without the hub: signatures, chains, sums, ledger, manifest.')
  .argument('<dir>', 'folder that `hub export` wrote')
  .option('--receipt <code>', 'also look for the record behind a receipt: its check code, or the whole text of its QR')
  .option(
    '--hub-key <key>',
    'the hub’s public key as you know it: 43 characters, or a file with them or with a JWK set',
  )
  .option('--json', 'write JSON and nothing else to stdout')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
program.parse();

const options = program.opts<{ receipt?: string; hubKey?: string; json?: boolean }>();
const hubKeys = options.hubKey === undefined ? undefined : readHubKeys(options.hubKey);
if (hubKeys === null) {
  const whatToDo = 'Give its 43 characters of base64url, or a file with them or with a JWK set such as keys.json.';
  fail(EXIT.usage, 'That is no public key of a hub.', whatToDo);
}
const result = await verifyExport(program.args[0] ?? '', {
  ...(options.receipt === undefined ? {} : { receipt: options.receipt }),
  ...(hubKeys === undefined ? {} : { hubKeys }),
});
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
