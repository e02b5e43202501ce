import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { type Common, commandLine, ending, WITH_PARENT } from '../protocol/node/command-line.ts';
import { nodeHashing } from '../protocol/node/crypto.ts';
import { EXIT, fail, onStopAsked } from '../protocol/node/program.ts';
import type { Peripherals } from './agent/peripherals.ts';
import { carryIn, carryOut } from './commands/courier.ts';
import { examine } from './commands/doctor.ts';
import { backupJournal, restoreJournal } from './commands/journal-files.ts';
import { TerminalConfig } from './config.ts';
import { noDisplay } from './devices/display/no-display.ts';
import { serialDisplay } from './devices/display/serial-display.ts';
import { noIdReader } from './devices/id-reader/no-id-reader.ts';
import { serialIdReader } from './devices/id-reader/serial-id-reader.ts';
import { deviceTransport } from './devices/printer/device-transport.ts';
import { noPrinter } from './devices/printer/no-printer.ts';
import type { PrinterPort } from './devices/printer/port.ts';
import { printerDriver } from './devices/printer/printer-driver.ts';
import { serialTransport } from './devices/printer/serial-transport.ts';
import { tcpTransport } from './devices/printer/tcp-transport.ts';
import type { Transport } from './devices/printer/transport.ts';
import { readKeyFile } from './devices/reader/desfire/soft-keys.ts';
import { noReader } from './devices/reader/no-reader.ts';
import type { ReaderPort } from './devices/reader/port.ts';
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

function driversOf(config: TerminalConfig, dir: string): Drivers {
  const { reader, printer } = config;
  return {
    reader: readerOf(config, dir),
    readerKind: reader.driver === 'pcsc' ? 'pcsc' : 'virtual',
    printer: printerOf(printer),
    peripherals: peripheralsOf(config),
  };
}

/** The keys are read here too, so that a file that cannot be used is a sentence at the start and not a fault later. */
function readerOf({ reader, cardKeys }: TerminalConfig, dir: string): ReaderPort {
  const cardKeysPath = cardKeys === undefined ? null : resolve(dir, cardKeys);
  const keys = cardKeysPath === null ? null : readKeyFile(cardKeysPath);
  switch (reader.driver) {
    case 'pcsc':
      return pcscReader(cardKeysPath === null ? {} : { cardKeysPath });
    case 'virtual':
      return virtualReader({ port: reader.port, keys });
    case 'none':
      return noReader();
  }
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

function printerOf(printer: TerminalConfig['printer']): PrinterPort {
  const over = (transport: Transport) => printerDriver({ transport, nowMs, seed: randomInt(65_536) });
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
    let asked = false;
    let agent = await serveKiosk(config, dir, driversOf(config, dir), again);
    /** In a new epoch everything begins anew, the drivers too. */
    async function again(): Promise<void> {
      await agent.stop();
      if (asked) return;
      agent = await serveKiosk(config, dir, driversOf(config, dir), again);
      // Asked to stop in the middle of this, somebody has stopped the one before only.
      if (asked) await agent.stop();
    }
    onStopAsked(options.withParent === true, () => {
      asked = true;
      return agent.stop();
    });
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
    print(await carry(config, dir, folder), options);
  });
}

command(
  'courier <way> <folder>',
  '`courier out`: bundles for the hub onto a stick; `courier in`: its answers from it',
).action((way: string, folder: string, o: Common) => courier(way, folder, o));

async function backup(folder: string, options: Common): Promise<void> {
  const { config, dir } = load(options);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  await ending(folder, async () =>
    print(await backupJournal(config, dir, folder, options.json ? () => undefined : say), options),
  );
}
command('backup <folder>', 'copy the journal into a folder, also while the kiosk runs; keys and fence stay').action(
  (folder: string, o: Common) => backup(folder, o),
);

async function restore(file: string, options: Common): Promise<void> {
  const { config, dir } = load(options);
  await ending(file, async () => print(await restoreJournal(config, dir, file), options));
}
command('restore <file>', 'put a backup in the journal’s place; it sells nothing until its next epoch').action(
  (file: string, o: Common) => restore(file, o),
);

async function doctor(options: Common): Promise<void> {
  const { config, dir } = load(options);
  const findings = await examine(config, dir);
  const lines = findings.map(({ what, ok, says }) => `${ok ? 'ok  ' : 'LOOK'}  ${what.padEnd(8)}${says}`);
  process.stdout.write(`${options.json ? JSON.stringify(findings) : lines.join('\n')}\n`);
  process.exitCode = findings.every(({ ok }) => ok) ? EXIT.fine : EXIT.finding;
}
command('doctor', 'devices, clock, disk, journal, fence, hub: what is so, and what to do').action((o: Common) =>
  doctor(o),
);

function print({ says, ...done }: { says: string }, { json }: Common): void {
  process.stdout.write(`${json ? JSON.stringify(done) : says}\n`);
}

await program.parseAsync();
