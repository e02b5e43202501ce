import { PRINTER_FAULTS } from '../../firmware-sim/printer/index.ts';
import type { Blow, Lasting } from './plan.ts';
import type { SoakKiosk, SoakStand } from './stand.ts';

/** Plays what a plan says on the real things, and takes it back. */

export interface Playing {
  /** How often each was played. */
  readonly played: Readonly<Record<string, number>>;
  count(name: string): void;
  begin(kiosk: SoakKiosk, fault: Lasting): Promise<void>;
  /** A redemption was made: what lasted long enough ends. */
  sold(): Promise<void>;
  blow(kiosk: SoakKiosk, blow: Blow): Promise<void>;
  /** What cannot be seen to end by itself is taken back; resolves when the whole stand is without a fault. */
  endAll(): Promise<void>;
  /** What lasts just now, by name. */
  lasting(): readonly string[];
  /** Whether a printer's fault lasts at this kiosk. */
  printerTroubled(kiosk: SoakKiosk): boolean;
}

interface On {
  readonly name: string;
  readonly kiosk: SoakKiosk;
  left: number;
}

export function createPlaying(stand: SoakStand): Playing {
  const played: Record<string, number> = {};
  let on: On[] = [];
  const count = (name: string) => {
    played[name] = (played[name] ?? 0) + 1;
  };

  async function set({ name, kiosk }: Pick<On, 'name' | 'kiosk'>, up: boolean, params: Lasting['params'] = {}) {
    const { unit, desk } = kiosk.now();
    switch (name) {
      case 'network-cut':
        return unit.link.set(!up);
      case 'hub-frozen':
        return signalHub(stand, up ? 'SIGSTOP' : 'SIGCONT');
      case 'hub-down':
        if (up === (stand.hub.now() === null)) return;
        // Frozen it could not hear that it shall stop.
        signalHub(stand, 'SIGCONT');
        return up ? stand.hub.down() : stand.hub.up();
      default:
        return desk.faults.set(name, up, params);
    }
  }

  async function end(over: readonly On[]): Promise<void> {
    on = on.filter((each) => !over.includes(each));
    for (const each of over) {
      // Begun twice, it ends with the longer one.
      if (!on.some((other) => other.name === each.name && other.kiosk === each.kiosk)) await set(each, false);
    }
  }

  return {
    ...{ played, count },
    async begin(kiosk, { name, sales, params }) {
      count(name);
      await set({ name, kiosk }, true, params);
      on.push({ name, kiosk, left: sales });
    },
    async sold() {
      for (const each of on) each.left -= 1;
      await end(on.filter((each) => each.left <= 0));
    },
    async blow(kiosk, { name, holdMs }) {
      count(name);
      const { agent, desk } = kiosk.now();
      if (name === 'agent-killed') {
        stand.note(agent.pid());
        return agent.kill();
      }
      if (name === 'hub-killed') return stand.hub.now()?.kill();
      await desk.faults.set(name, true, {});
      await new Promise((done) => setTimeout(done, holdMs));
      await desk.faults.set(name, false, {});
    },
    lasting: () => on.map(({ name }) => name),
    endAll: () => end([...on]),
    printerTroubled: (kiosk) => on.some((each) => each.kiosk === kiosk && Object.hasOwn(PRINTER_FAULTS, each.name)),
  };
}

function signalHub(stand: SoakStand, signal: NodeJS.Signals): void {
  const pid = stand.hub.now()?.pid();
  if (pid !== undefined) process.kill(pid, signal);
}
