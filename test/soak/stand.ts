import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_PORTS, ROOT } from '../../bench/support/demo.ts';
import { onStoppedKiosk, type StoppedKiosk } from '../../bench/support/stopped-kiosk.ts';
import { demoCounty } from '../../firmware-sim/demo/county/county.ts';
import { countyFile } from '../../firmware-sim/demo/county-file.ts';
import { hubDesk } from '../../firmware-sim/demo/enrol-kiosks.ts';
import { startHub } from '../../firmware-sim/demo/hub.ts';
import { type DemoKiosk, startKiosk } from '../../firmware-sim/demo/kiosk.ts';
import { freePorts, type KioskLayout, layoutOf } from '../../firmware-sim/demo/layout.ts';
import { parseOptions } from '../../firmware-sim/demo/options.ts';
import { loadPeople } from '../../firmware-sim/demo/people.ts';
import type { Running } from '../../firmware-sim/demo/processes.ts';
import { cardIssuer } from '../../firmware-sim/rig/card-issuer.ts';
import type { CountyFile } from '../../hub/programme/county-file.ts';
import { familyOf, type ProcessId, survivors } from './vitals.ts';

/**
 * The demo's own hub and kiosks, each a process with its hardware, in a county where points do not run out. An agent has one
 * reader: so a village whose kiosk has the virtual one, and a second village whose kiosk has a pcscd of its own.
 */

export interface SoakKiosk {
  readonly layout: KioskLayout;
  readonly shop: string;
  /** As it runs now: behind a rest its hardware is another. */
  now(): DemoKiosk;
  /** All that its printers put out, as far as it was collected, and what they hold now. */
  paper(): string;
  /** Takes what is finished from the printer's roll, which keeps some hundreds of slips. */
  collect(): void;
}
export interface SoakStand {
  readonly dir: string;
  readonly kiosks: readonly SoakKiosk[];
  readonly hubPath: string;
  readonly hubConfigPath: string;
  readonly county: CountyFile;
  readonly hub: { now(): Running | null; down(): Promise<void>; up(): Promise<void> };
  /** Agents and hub by name, while they run. */
  processes(): { readonly name: string; readonly pid: number }[];
  /** Those that read cards just now, below their agents: with every fault of a reader another one. */
  cardProcesses(): readonly number[];
  /** Stops kiosks and hub, lets each kiosk's own rules write into its stopped journal, and starts all again. */
  rest(write: (kiosk: StoppedKiosk) => void): Promise<void>;
  /** Notes all that runs below it: `left` says which of the noted still do. */
  note(pid: number | undefined): void;
  left(): string[];
  stop(): Promise<void>;
  /** Stops, and removes every file. */
  close(): Promise<void>;
}

/** Of each resident, beside the demo's own: more than thousands of redemptions can spend. */
const PLENTY_PTS = 1_000_000;
/** As the printer's text shows where the knife went through. */
const CUT = '8<';
/** A process that was told to go, or lost its parent. */
const GONE_WITHIN_MS = 5_000;
const LOOK_MS = 50;

export async function createSoakStand({ pcsc }: { readonly pcsc: boolean }): Promise<SoakStand> {
  const { NODE_OPTIONS = '' } = process.env;
  // Programs inherit it; `close` puts it back.
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} --import=${new URL('./collect-on-signal.mjs', import.meta.url).href}`;
  const dir = mkdtempSync(join(tmpdir(), 'tally-soak-'));
  const base = await freePorts(DEMO_PORTS);
  const argv = ['--data', dir, '--port-base', String(base), '--kiosks', pcsc ? '2' : '1'];
  const options = parseOptions(argv, dir);
  const layout = layoutOf(options);
  const people = loadPeople(dir);
  const county = withPlenty(countyFile(people, Date.now()) as CountyFile);
  const programs = { hub: join(ROOT, 'dist/hub/main.js'), terminal: join(ROOT, 'dist/terminal/main.js') };
  const noted: ProcessId[] = [];
  const note = (pid: number | undefined) => void noted.push(...(pid === undefined ? [] : familyOf(pid)));
  let gaveUp: string | null = null;
  const onGivenUp = (says: string) => {
    gaveUp = says;
  };
  let hub: Running | null = null;
  const hubUp = async () => {
    hub = await startHub({ layout, county: () => county, program: programs.hub, onGivenUp });
  };
  const hubDown = async () => {
    const stopping = hub;
    hub = null;
    note(stopping?.pid());
    await stopping?.stop();
  };
  const running: DemoKiosk[] = [];
  const rolls = layout.kiosks.map(() => ({ text: '', slips: 0 }));
  const hanging = (i: number) => running[i]?.unit.printer.paperText(rolls[i]?.slips) ?? '';
  const collect = (i: number) => {
    const [roll, text] = [rolls[i], hanging(i)];
    if (roll === undefined || !text.includes(CUT)) return;
    roll.text += text.slice(0, text.indexOf('\n', text.lastIndexOf(CUT)) + 1);
    roll.slips = running[i]?.unit.printer.slipCount() ?? 0;
  };

  async function start(): Promise<void> {
    await hubUp();
    desk ??= await hubDesk(`http://127.0.0.1:${layout.hubPort}`, people.setup);
    for (const each of layout.kiosks) {
      const readerKind = each.k === 2 ? 'pcsc' : 'virtual';
      const wiring = { layout: each, options, hubPort: layout.hubPort, rigPort: layout.rigPort, readerKind } as const;
      running.push(await startKiosk({ ...wiring, issuer, desk, programs, onGivenUp }));
    }
    await Promise.all(running.map((kiosk) => kiosk.ready()));
  }
  let desk: Awaited<ReturnType<typeof hubDesk>> | null = null;
  const issuer = cardIssuer(new Uint8Array(32));

  async function stop(): Promise<void> {
    for (const [i, roll] of rolls.entries()) {
      // The slip that hangs there goes with its printer.
      roll.text += `${hanging(i)}\n${CUT}\n`;
      roll.slips = 0;
    }
    for (const kiosk of running.splice(0)) {
      note(kiosk.agent.pid());
      await kiosk.close();
    }
    await hubDown();
    if (gaveUp !== null) throw new Error(gaveUp);
  }
  const close = async () => {
    await stop().finally(() => {
      process.env.NODE_OPTIONS = NODE_OPTIONS;
      rmSync(dir, { recursive: true, force: true });
    });
  };
  const runningAt = (i: number): DemoKiosk => {
    const kiosk = running[i];
    if (kiosk === undefined) throw new Error(gaveUp ?? `kiosk ${i + 1} does not run`);
    return kiosk;
  };
  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...{ dir, county, hubConfigPath: layout.hubConfigPath, hubPath: join(layout.hubDir, 'hub.sqlite'), note },
    hub: { now: () => hub, down: hubDown, up: hubUp },
    kiosks: layout.kiosks.map((each, i) => ({
      ...{ layout: each, shop: demoCounty.villages[i]?.shopId ?? '', now: () => runningAt(i) },
      paper: () => (rolls[i]?.text ?? '') + hanging(i),
      collect: () => collect(i),
    })),
    processes: () =>
      [...running.map(({ agent }) => agent), ...(hub === null ? [] : [hub])].flatMap((program) => {
        const pid = program.pid();
        return pid === undefined ? [] : [{ name: program.name, pid }];
      }),
    cardProcesses: () =>
      running.flatMap(({ agent }) => {
        const below = familyOf(agent.pid() ?? 0).filter(({ command }) => command.includes('card-process.js'));
        return below.map(({ pid }) => pid);
      }),
    async rest(write) {
      await stop();
      for (const each of layout.kiosks) onStoppedKiosk(each.dir, Date.now, write);
      await start();
    },
    left: () => survivors(noted).map(({ pid, command }) => `${command} (${pid}) still runs`),
    ...{ stop, close },
  };
}

/** What still runs of what was noted, a moment later. */
export async function leftBehind(stand: Pick<SoakStand, 'left'>): Promise<string[]> {
  const endMs = performance.now() + GONE_WITHIN_MS;
  while (stand.left().length > 0 && performance.now() < endMs) await new Promise((done) => setTimeout(done, LOOK_MS));
  return stand.left();
}

function withPlenty(county: CountyFile): CountyFile {
  const policy = { ...county.policy, capPts: 2 * PLENTY_PTS };
  const residents = county.residents.map((resident) => ({
    ...resident,
    credits: [...resident.credits, { credit: `soak-${resident.acct}`, activity: 'soak', pts: PLENTY_PTS, at: 1_000 }],
  }));
  return { ...county, policy, residents };
}
