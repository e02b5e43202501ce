import { join } from 'node:path';
import { Command } from 'commander';
import type { Static, TSchema } from '../schema.ts';
import { readConfig } from './config-file.ts';
import { EXIT, fail, startSentence } from './program.ts';
import { StoreRefusal } from './store-refusal.ts';

/** What `hub` and `terminal` have in common on the command line: options, config files, endings. */

export interface Common {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly withParent?: boolean;
}

export interface ProgramKind<S extends TSchema> {
  readonly name: 'hub' | 'terminal';
  readonly says: string;
  readonly schema: S;
  /** Folder of its config file in the demo's data folder. */
  readonly demoFolder: string;
}

export function commandLine<S extends TSchema>({ name, says, schema, demoFolder }: ProgramKind<S>) {
  const program = new Command(name).description(says).exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage);
  });

  function load(options: Common): { config: Static<S>; dir: string } {
    const path = options.config ?? (options.data ? join(options.data, demoFolder, 'config.json') : `${name}.json`);
    const read = readConfig(path, schema);
    if (!read.ok) fail(EXIT.usage, read.error, read.whatToDo);
    return { config: read.config, dir: read.dir };
  }

  /** A command with the options that all of them take. */
  const command = (words: string, about: string) =>
    program
      .command(words)
      .description(about)
      .option('--config <file>', `config file (default ${name}.json)`)
      .option('--data <dir>', `data folder of the demo, as given to \`npm start\`: ${demoFolder} in it`)
      .option('--json', 'write JSON and nothing else to stdout');

  command('config <check>', '`config check`: reads the config file and says what is wrong').action(
    (word: string, o: Common) => {
      if (word !== 'check')
        fail(EXIT.usage, `There is no \`config ${word}\`.`, `Use \`${name} config check --config FILE\`.`);
      const { config } = load(o);
      process.stdout.write(o.json ? `${JSON.stringify(config)}\n` : 'The config file is right.\n');
    },
  );

  return { program, load, command };
}

/** Runs a command; what the machine refuses becomes a sentence, a bug of ours stays an exception. */
export async function ending(address: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StoreRefusal) fail(EXIT.environment, error.message, error.whatToDo);
    const says = startSentence(error, address);
    if (says) fail(EXIT.environment, ...says);
    throw error;
  }
}

export const WITH_PARENT = [
  '--with-parent',
  'stop when standard input closes, as it does when the program that started this one dies',
] as const;
