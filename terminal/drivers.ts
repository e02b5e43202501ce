import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { nodeHashing } from '../protocol/node/crypto.ts';
import type { Peripherals } from './agent/peripherals.ts';
import type { TerminalConfig } from './config.ts';
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
import type { Drivers } from './serve.ts';

/** The drivers that a config asks for: the only file that names concrete ones. */

const nowMs = () => performance.now();

export function driversOf(config: TerminalConfig, dir: string): Drivers {
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
