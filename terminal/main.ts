import { type Common, commandLine, ending, WITH_PARENT } from '../protocol/node/command-line.ts';
import { onStopAsked } from '../protocol/node/program.ts';
import { TerminalConfig } from './config.ts';
import { noPrinter } from './devices/printer/no-printer.ts';
import { tcpPrinter } from './devices/printer/tcp-printer.ts';
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
    printer:
      printer.driver === 'tcp'
        ? tcpPrinter({ host: printer.host, port: printer.port, nowMs: () => performance.now() })
        : noPrinter(),
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

await program.parseAsync();
