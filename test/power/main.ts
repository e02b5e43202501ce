import { Command } from 'commander';
import { EXIT, fail } from '../../protocol/node/program.ts';
import type { Synchronous } from './cut-program.ts';
import { builtPreload } from './preload.ts';
import { type PowerOutcome, powerRounds } from './rounds.ts';

/** `npm run powercut -- --rounds N [--seed S] [--synchronous normal]`: docs/surfaces.md, "Commands". */

const SAY_EVERY = 10;

const program = new Command('powercut')
  .description('Cuts the power under a real agent and a real hub, and looks for what they had acknowledged.')
  .option('--rounds <n>', 'how many cuts', '20')
  .option('--seed <s>', 'of where the cuts fall and what they take', '1')
  .option('--synchronous <how>', '`normal`: the control, with stores that do not sync each commit', 'full')
  .option('--json', 'write JSON and nothing else to stdout')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
program.parse();
if (program.args.length > 0) fail(EXIT.usage, `There is no "${program.args[0]}" here.`, 'See --help.');
const options = program.opts<{ rounds: string; seed: string; synchronous: string; json?: boolean }>();
const rounds = wholeNumber(options.rounds, '--rounds');
const seed = wholeNumber(options.seed, '--seed');
const { synchronous } = options;
if (!isSynchronous(synchronous)) {
  fail(EXIT.usage, `--synchronous ${synchronous} is neither full nor normal.`, 'Leave it out, or say normal.');
}
const built = builtPreload();
if ('missing' in built) fail(EXIT.environment, built.missing, built.install);

const say = (line: string) => void process.stderr.write(`${line}\n`);
const outcome = await powerRounds({
  ...{ rounds, seed, synchronous, preload: built.path, onFinding: say },
  onRound: (round, so) => {
    if (round % SAY_EVERY === 0 && options.json !== true) say(`${round} of ${rounds} rounds: ${words(so)}`);
  },
});
if (outcome.faults > 0) say(`${outcome.faults} other faults, named above`);
process.stdout.write(options.json ? `${JSON.stringify({ seed, synchronous, ...outcome })}\n` : `${words(outcome)}\n`);
process.exitCode = outcome.lost + outcome.doubled + outcome.faults > 0 ? EXIT.finding : EXIT.fine;

function words(so: PowerOutcome): string {
  return `${so.rounds} rounds, ${so.acknowledged} acknowledged, ${so.lost} lost, ${so.doubled} doubled`;
}

function isSynchronous(text: string): text is Synchronous {
  return text === 'full' || text === 'normal';
}

function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    fail(EXIT.usage, `${name} ${text} is no whole number from 1 on.`, 'Say one.');
  return value;
}
