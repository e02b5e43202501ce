import type { RigFault } from '../../protocol/api/rig.ts';
import { PRINTER_FAULTS, type PrinterFaultName } from '../printer/index.ts';
import { RigRefusal, type Unit } from './unit.ts';
import { CARD_FAULTS, type CardFaultName } from './wallet.ts';

/** Everything that can be made to go wrong at one kiosk, under one list of names. */
export interface HostFaults {
  /** pcscd is killed, or started again; null where this rig has a virtual reader. */
  readonly pcscd: ((on: boolean) => Promise<void>) | null;
  killAgent(): void;
}

export function createFaults(unit: Unit, host: HostFaults) {
  const cardFaults: Set<CardFaultName> = new Set();
  let pcscdDown = false;

  function list(): RigFault[] {
    return [
      ...unit.printer.faults().map((f) => ({
        ...{ name: f.name, device: 'printer', on: f.on },
        // What it can be given, with its defaults, also while it is off: so the page knows what to ask.
        params: { ...PRINTER_FAULTS[f.name as PrinterFaultName], ...f.params },
      })),
      ...(Object.keys(CARD_FAULTS) as CardFaultName[]).map((name) => ({
        ...{ name, device: 'card', params: {}, on: cardFaults.has(name) },
      })),
      ...(unit.hasSerial ? unit.serial().faults() : []),
      ...(host.pcscd ? [{ name: 'pcscd-killed', device: 'reader', params: {}, on: pcscdDown }] : []),
      { name: 'agent-killed', device: 'host', params: {}, on: false },
    ];
  }

  async function set(name: string, on: boolean, params: Record<string, unknown>): Promise<void> {
    if (Object.hasOwn(PRINTER_FAULTS, name)) {
      try {
        unit.printer.setFault(name as PrinterFaultName, on, params);
      } catch (error) {
        throw new RigRefusal((error as Error).message, 'See GET /api/faults for what each takes.');
      }
    } else if (Object.hasOwn(CARD_FAULTS, name)) {
      if (on) cardFaults.add(name as CardFaultName);
      else cardFaults.delete(name as CardFaultName);
    } else if (name === 'pcscd-killed' && host.pcscd) {
      await host.pcscd(on);
      pcscdDown = on;
    } else if (name === 'agent-killed') {
      if (on) host.killAgent();
    } else if (!unit.hasSerial || !(await unit.serial().setFault(name, on))) {
      throw new RigRefusal(`There is no fault "${name}" here.`, 'See GET /api/faults for the list.');
    }
  }

  return { list, set, cardFaults };
}
export type Faults = ReturnType<typeof createFaults>;
