import { readdirSync, readFileSync } from 'node:fs';
import { type LaidCard, layCard } from '../card/index.ts';
import { type ExclusiveHolder, holdExclusively, type PrivatePcsc } from '../pcsc/index.ts';
import type { ReaderFault } from '../rig/faults.ts';
import { RigRefusal } from '../rig/unit.ts';
import type { Running } from './processes.ts';

/** The reader's faults, played on a kiosk's own pcscd and on its card process. */
export function readerFaults(pcsc: PrivatePcsc, agent: Running): readonly ReaderFault[] {
  let holder: ExclusiveHolder | null = null;
  let samCard: LaidCard | null = null;
  const plugged = { reader: true, sam: false };

  /** pcscd may have been started anew, and the card in the SAM slot is always there. */
  const plug = async (): Promise<void> => {
    await samCard?.remove();
    await pcsc.plug(plugged);
    samCard = plugged.sam ? await layCard(SAM, { host: '127.0.0.1', port: pcsc.samPort }) : null;
  };
  const without = (name: string, signal: NodeJS.Signals, also: () => void = () => undefined): ReaderFault => ({
    name,
    async play(on) {
      if (!on) return plug();
      pcsc.killPcscd(signal);
      also();
    },
  });
  const strike = (name: string, signal: NodeJS.Signals): ReaderFault => ({
    name,
    blow: true,
    async play() {
      const pid = cardProcessOf(agent.pid());
      if (pid === null) throw new RigRefusal('There is no card process just now.', 'Try again in a moment.');
      process.kill(pid, signal);
    },
  });
  return [
    without('pcscd-killed', 'SIGKILL'),
    without('pcscd-terminated', 'SIGTERM'),
    without('pcscd-absent-at-start', 'SIGKILL', () => agent.kill()),
    {
      name: 'reader-held',
      async play(on) {
        if (on) holder = await holdExclusively(pcsc.enter);
        else await holder?.letGo();
      },
    },
    {
      name: 'reader-unplugged',
      play(on) {
        plugged.reader = !on;
        return plug();
      },
    },
    {
      name: 'sam-slot',
      play(on) {
        plugged.sam = on;
        return plug();
      },
    },
    strike('card-process-killed', 'SIGKILL'),
    strike('card-process-stopped', 'SIGSTOP'),
  ];
}

/** Were it read, it would be somebody. */
const SAM = { kind: 'uid', uid: '04535353535353' } as const;

/** The agent's child that talks to pcscd; null while none runs. */
function cardProcessOf(agentPid: number | undefined): number | null {
  const found = readdirSync('/proc').find((pid) => {
    try {
      const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return parent === String(agentPid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('card-process');
    } catch {
      return false; // No process, or it ended while we looked.
    }
  });
  return found === undefined ? null : Number(found);
}
