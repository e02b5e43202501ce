import { type Common, commandLine, ending, WITH_PARENT } from '../protocol/node/command-line.ts';
import { EXIT, fail, onStopAsked } from '../protocol/node/program.ts';
import { TerminalConfig } from './config.ts';
import { findJournal } from './journal-at-start.ts';
import type { Agent } from './serve.ts';

/**
 * `npm run terminal -- …`: one kiosk's commands. Each loads what it needs when it is called: a start waits for every module
 * that is read before its journal is being looked at.
 */

const { program, load, command } = commandLine({
  ...{ name: 'terminal', says: 'The agent of one village kiosk.', schema: TerminalConfig, demoFolder: 'kiosk-1' },
});

async function serve(options: Common): Promise<void> {
  const { config, dir } = load(options);
  const address = `127.0.0.1:${config.listenPort}`;
  await ending(address, async () => {
    let asked = false;
    const onNextEpoch = () => void ending(address, again);
    const begin = async (): Promise<Agent> => {
      // First of all: looked at on another core, it takes as long as everything else until the page stands.
      const journal = findJournal(config, dir);
      const [{ serveKiosk }, { driversOf }] = await Promise.all([import('./serve.ts'), import('./drivers.ts')]);
      return serveKiosk(config, dir, { journal, drivers: driversOf(config, dir), onNextEpoch });
    };
    let agent = await begin();
    /** In a new epoch everything begins anew, the drivers too. */
    async function again(): Promise<void> {
      await agent.stop();
      if (asked) return;
      agent = await begin();
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
  await ending(`127.0.0.1:${config.listenPort}`, async () => {
    const { carryIn, carryOut } = await import('./commands/courier.ts');
    const carry = way === 'out' ? carryOut : carryIn;
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
  await ending(folder, async () => {
    const { backupJournal } = await import('./commands/journal-files.ts');
    print(await backupJournal(config, dir, folder, options.json ? () => undefined : say), options);
  });
}
command('backup <folder>', 'copy the journal into a folder, also while the kiosk runs; keys and fence stay').action(
  (folder: string, o: Common) => backup(folder, o),
);

async function restore(file: string, options: Common): Promise<void> {
  const { config, dir } = load(options);
  await ending(file, async () => {
    const { restoreJournal } = await import('./commands/journal-files.ts');
    print(await restoreJournal(config, dir, file), options);
  });
}
command('restore <file>', 'put a backup in the journal’s place; it sells nothing until its next epoch').action(
  (file: string, o: Common) => restore(file, o),
);

async function doctor(options: Common): Promise<void> {
  const { config, dir } = load(options);
  const { examine } = await import('./commands/doctor.ts');
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
