import { randomInt } from 'node:crypto';
import { type Common, commandLine, ending, WITH_PARENT } from '../protocol/node/command-line.ts';
import { EXIT, fail, onStopAsked } from '../protocol/node/program.ts';
import { carryIn, carryOut } from './commands/courier.ts';
import { TerminalConfig } from './config.ts';
import { deviceTransport } from './devices/printer/device-transport.ts';
import { noPrinter } from './devices/printer/no-printer.ts';
import type { PrinterPort } from './devices/printer/port.ts';
import { printerDriver } from './devices/printer/printer-driver.ts';
import { serialTransport } from './devices/printer/serial-transport.ts';
import { tcpTransport } from './devices/printer/tcp-transport.ts';
import type { Transport } from './devices/printer/transport.ts';
import { noReader } from './devices/reader/no-reader.ts';
import { pcscReader } from './devices/reader/supervisor.ts';
import { virtualReader } from './devices/reader/virtual-driver.ts';
import { type Drivers, serveKiosk } from './serve.ts';

/** `npm run terminal -- …`: one kiosk's commands, and the only file that names concrete drivers. */

const { program, load, command } = commandLine({
  ...{ name: 'terminal', says: 'The agent of one village kiosk.', schema: TerminalConfig, demoFolder: 'kiosk-1' },
});

function driversOf({ reader, printer }: TerminalConfig): Drivers {
  return {
    reader:
      reader.driver === 'pcsc'
        ? pcscReader({})
        : reader.driver === 'virtual'
          ? virtualReader({ port: reader.port })
          : noReader(),
    readerKind: reader.driver === 'pcsc' ? 'pcsc' : 'virtual',
    printer: printerOf(printer),
  };
}

function printerOf(printer: TerminalConfig['printer']): PrinterPort {
  const over = (transport: Transport) =>
    printerDriver({ transport, nowMs: () => performance.now(), seed: randomInt(65_536) });
  switch (printer.driver) {
    case 'tcp':
      return over(tcpTransport(printer));
    case 'serial':
      return over(serialTransport(printer));
    case 'usb':
      return over(deviceTransport(printer));
    case 'none':
      return noPrinter();
  }
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
