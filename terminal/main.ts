import { join } from 'node:path';
import { Command } from 'commander';
import { readConfig } from '../protocol/node/config-file.ts';
import { StoreRefusal } from '../protocol/node/durable-sqlite.ts';
import { EXIT, fail, onStopAsked, startSentence } from '../protocol/node/program.ts';
import { TerminalConfig } from './config.ts';
import { noPrinter } from './devices/printer/no-printer.ts';
import { tcpPrinter } from './devices/printer/tcp-printer.ts';
import { noReader } from './devices/reader/no-reader.ts';
import { pcscReader } from './devices/reader/supervisor.ts';
import { virtualReader } from './devices/reader/virtual-driver.ts';
import { type Drivers, serveKiosk } from './serve.ts';

/** `npm run terminal -- …`: one kiosk's commands, and the only file that names concrete drivers. */

interface Common {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly withParent?: boolean;
}

function load(options: Common): { config: TerminalConfig; dir: string } {
  const path = options.config ?? (options.data ? join(options.data, 'kiosk-1', 'config.json') : 'terminal.json');
  const read = readConfig(path, TerminalConfig);
  if (!read.ok) fail(EXIT.usage, read.error, read.whatToDo);
  return { config: read.config, dir: read.dir };
}

function driversOf({ reader, printer }: TerminalConfig): Drivers {
  return {
    reader:
      reader.driver === 'pcsc'
        ? pcscReader({})
        : reader.driver === 'virtual'
          ? virtualReader({ port: reader.port })
          : noReader(),
    readerKind: reader.driver === 'pcsc' ? 'pcsc' : 'virtual',
    printer:
      printer.driver === 'tcp'
        ? tcpPrinter({ host: printer.host, port: printer.port, nowMs: () => performance.now() })
        : noPrinter(),
  };
}

async function serve(options: Common): Promise<void> {
  const { config, dir } = load(options);
  try {
    const agent = await serveKiosk(config, dir, driversOf(config));
    onStopAsked(options.withParent === true, () => agent.stop());
  } catch (error) {
    if (error instanceof StoreRefusal) fail(EXIT.environment, error.message, error.whatToDo);
    const says = startSentence(error, `127.0.0.1:${config.listenPort}`);
    if (says) fail(EXIT.environment, ...says);
    throw error;
  }
}

const program = new Command('terminal').description('The agent of one village kiosk.').exitOverride((error) => {
  process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage);
});
const common = (command: Command) =>
  command
    .option('--config <file>', 'config file (default terminal.json)')
    .option('--data <dir>', 'data folder of the demo, as given to `npm start`: its first kiosk')
    .option('--json', 'write JSON and nothing else to stdout');
common(program.command('serve').description('run the kiosk'))
  .option('--with-parent', 'stop when standard input closes, as it does when the program that started this one dies')
  .action((o: Common) => serve(o));
common(
  program
    .command('config')
    .description('`config check`: reads the config file and says what is wrong')
    .argument('<check>'),
).action((word: string, o: Common) => {
  if (word !== 'check')
    fail(EXIT.usage, `There is no \`config ${word}\`.`, 'Use `terminal config check --config FILE`.');
  const { config } = load(o);
  process.stdout.write(o.json ? `${JSON.stringify(config)}\n` : 'The config file is right.\n');
});

await program.parseAsync();
