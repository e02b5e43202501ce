import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';

/** `npm start -- …`: the demo's options, as docs/surfaces.md has them. */

export const STORIES = {
  fresh: 'nothing has happened yet (default)',
  offline: 'the kiosks’ link to the hub is cut once they have started',
  'paper-out': 'the printers have run out of paper',
} as const;
export type Story = keyof typeof STORIES;

export const PANELS = {
  '10.1': { inch: 10.1, widthPx: 1280, heightPx: 800 },
  '15.6': { inch: 15.6, widthPx: 1920, heightPx: 1080 },
} as const;

export interface DemoOptions {
  readonly portBase: number;
  readonly data: string;
  readonly reset: boolean;
  readonly kiosks: number;
  readonly reader: 'pcsc' | 'virtual' | null;
  readonly panel: (typeof PANELS)[keyof typeof PANELS];
  readonly story: Story;
}

const MAX_PORT_BASE = 65_000;

export function parseOptions(argv: readonly string[], cwd: string): DemoOptions {
  const whole = (least: number, most: number) => (text: string) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
  const stories = Object.entries(STORIES).map(([name, says]) => `  ${name}: ${says}`);
  const program = new Command('npm start --')
    .description('A county on this machine: a hub, kiosks, and virtual hardware to try them with.')
    .option('--port-base <n>', 'hub N, kiosk k at N+9+k, the rig N+20', whole(1024, MAX_PORT_BASE), 8700)
    .option('--data <dir>', 'where the demo keeps its data', '.data/demo')
    .option('--reset', 'begin anew: delete what an earlier demo left in the data folder', false)
    .option('--kiosks <k>', 'how many kiosks', whole(1, 10), 1)
    .addOption(
      new Option('--reader <kind>', 'pcsc: real pcscd, as root on Debian; virtual: no PC/SC').choices([
        'pcsc',
        'virtual',
      ]),
    )
    .addOption(new Option('--panel <inch>', 'size of the kiosk’s screen').choices(Object.keys(PANELS)).default('10.1'))
    .addOption(
      new Option('--story <name>', 'what has happened when it starts').choices(Object.keys(STORIES)).default('fresh'),
    )
    .addHelpText('after', `\nStories:\n${stories.join('\n')}\n`)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  program.parse([...argv], { from: 'user' });
  const o = program.opts<{
    portBase: number;
    data: string;
    reset: boolean;
    kiosks: number;
    reader?: 'pcsc' | 'virtual';
    panel: keyof typeof PANELS;
    story: Story;
  }>();
  return { ...o, data: resolve(cwd, o.data), reader: o.reader ?? null, panel: PANELS[o.panel] };
}
