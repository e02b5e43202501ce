import { type Common, commandLine, ending, WITH_PARENT } from '../protocol/node/command-line.ts';
import { nodeHashing } from '../protocol/node/crypto.ts';
import { EXIT, fail, onStopAsked } from '../protocol/node/program.ts';
import type { Peripherals } from './agent/peripherals.ts';
import { carryIn, carryOut } from './commands/courier.ts';
import { TerminalConfig } from './config.ts';
import { noDisplay } from './devices/display/no-display.ts';
import { serialDisplay } from './devices/display/serial-display.ts';
import { noIdReader } from './devices/id-reader/no-id-reader.ts';
import { serialIdReader } from './devices/id-reader/serial-id-reader.ts';
import { noPrinter } from './devices/printer/no-printer.ts';
import { tcpPrinter } from './devices/printer/tcp-printer.ts';
import { noReader } from './devices/reader/no-reader.ts';
import { pcscReader } from './devices/reader/supervisor.ts';
import { virtualReader } from './devices/reader/virtual-driver.ts';
import { hidScanner } from './devices/scanner/hid-scanner.ts';
import { noScanner } from './devices/scanner/no-scanner.ts';
import { serialScanner } from './devices/scanner/serial-scanner.ts';
import { type Drivers, serveKiosk } from './serve.ts';

/** `npm run terminal -- …`: one kiosk's commands, and the only file that names concrete drivers. */

const { program, load, command } = commandLine({
  ...{ name: 'terminal', says: 'The agent of one village kiosk.', schema: TerminalConfig, demoFolder: 'kiosk-1' },
});

const nowMs = () => performance.now();

function driversOf(config: TerminalConfig): Drivers {
  const { reader, printer } = config;
  return {
    reader:
      reader.driver === 'pcsc'
        ? pcscReader({})
        : reader.driver === 'virtual'
          ? virtualReader({ port: reader.port })
          : noReader(),
    readerKind: reader.driver === 'pcsc' ? 'pcsc' : 'virtual',
    printer: printer.driver === 'tcp' ? tcpPrinter({ host: printer.host, port: printer.port, nowMs }) : noPrinter(),
    peripherals: peripheralsOf(config),
  };
}

function peripheralsOf({ scanner, idReader, display }: TerminalConfig): Peripherals {
  return {
    scanner:
      scanner?.driver === 'hid'
        ? hidScanner({ ...scanner, nowMs })
        : scanner?.driver === 'serial'
          ? serialScanner({ ...scanner, nowMs })
          : noScanner(),
    idReader:
      idReader?.driver === 'serial' ? serialIdReader({ ...idReader, hashing: nodeHashing, nowMs }) : noIdReader(),
    display: display?.driver === 'cd5220' ? serialDisplay(display) : noDisplay(),
  };
}

async function serve(options: Common): Promise<void> {
  const { config, dir } = load(options);
  await ending(`127.0.0.1:${config.listenPort}`, async () => {
    const agent = await serveKiosk(config, dir, driversOf(config));
    onStopAsked(options.withParent === true, () => agent.stop());
  });
}

command('serve', 'run the kiosk')
  .option(...WITH_PARENT)
  .action((o: Common) => serve(o));

/** Through the running agent, or on the journal itself where none runs: a journal has one writer. */
async function courier(way: string, folder: string, options: Common): Promise<void> {
  if (way !== 'out' && way !== 'in')
    fail(EXIT.usage, `There is no \`courier ${way}\`.`, 'Use `courier out FOLDER` or `courier in FOLDER`.');
  const { config, dir } = load(options);
  const carry = way === 'out' ? carryOut : carryIn;
  await ending(`127.0.0.1:${config.listenPort}`, async () => {
    const { says, ...done } = await carry(config, dir, folder);
    process.stdout.write(`${options.json ? JSON.stringify(done) : says}\n`);
  });
}

command(
  'courier <way> <folder>',
  '`courier out`: bundles for the hub onto a stick; `courier in`: its answers from it',
).action((way: string, folder: string, o: Common) => courier(way, folder, o));

await program.parseAsync();
