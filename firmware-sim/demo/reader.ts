import { join } from 'node:path';
import { type PrivatePcsc, pcscAvailable, startPrivatePcsc } from '../pcsc/index.ts';
import type { ReaderFault } from '../rig/faults.ts';
import { freePorts, type KioskLayout } from './layout.ts';
import type { Running } from './processes.ts';
import { readerFaults } from './reader-faults.ts';

/** One kiosk's reader: a real pcscd of its own where the machine has one, else a virtual reader behind the same port. */
export interface DemoReader {
  readonly kind: 'pcsc' | 'virtual';
  readonly config: { driver: 'pcsc' } | { driver: 'virtual'; port: number };
  /** What the agent's command line begins with: it must live in its pcscd's mount namespace. */
  readonly enter: readonly string[];
  readonly slots: readonly { readonly host: string; readonly port: number }[];
  /** What can be made to go wrong with it, once the agent that uses it runs. */
  faults(agent: Running): readonly ReaderFault[];
  close(): Promise<void>;
}

/** Which kind, and the one line that says why. */
export function chooseReader(
  asked: 'pcsc' | 'virtual' | null,
): { kind: 'pcsc' | 'virtual'; says: string } | { missing: string } {
  if (asked === 'virtual') return { kind: 'virtual', says: 'reader: virtual, as asked' };
  const available = pcscAvailable();
  if (available.ok) return { kind: 'pcsc', says: 'reader: real pcscd with vpcd, one private stack a kiosk' };
  if (asked === 'pcsc') return { missing: `${available.missing}\n${available.install}` };
  return { kind: 'virtual', says: `reader: virtual (${available.missing})` };
}

export async function startReader(kind: 'pcsc' | 'virtual', kiosk: KioskLayout): Promise<DemoReader> {
  const host = '127.0.0.1';
  if (kind === 'virtual') {
    const port = await freePorts(1);
    const config = { driver: 'virtual', port } as const;
    // The virtual reader has one place; a second card beside the first connects to the same port.
    const slots = [
      { host, port },
      { host, port },
    ];
    return { kind, config, enter: [], slots, faults: () => [], close: async () => undefined };
  }
  const pcsc: PrivatePcsc = await startPrivatePcsc({ confDir: join(kiosk.dir, 'pcscd'), port: await freePorts(2) });
  return {
    kind,
    config: { driver: 'pcsc' },
    enter: pcsc.enter,
    slots: [
      { host, port: pcsc.cardPort },
      { host, port: pcsc.cardPort + 1 },
    ],
    faults: (agent) => readerFaults(pcsc, agent),
    close: () => pcsc.close(),
  };
}
