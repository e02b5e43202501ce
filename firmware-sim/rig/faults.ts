import type { RigFault } from '../../protocol/api/rig.ts';
import { PRINTER_FAULTS, type PrinterFaultName } from '../printer/index.ts';
import { RigRefusal, type Unit } from './unit.ts';
import { CARD_FAULTS, type CardFaultName } from './wallet.ts';

/** Everything that can be made to go wrong at one kiosk, under one list of names. */
export interface HostFaults {
  /** What can go wrong with the reader; nothing where it is a virtual one, which has neither pcscd nor card process. */
  readonly reader: readonly ReaderFault[];
  killAgent(): void;
}

/** A fault of the reader, played on the real thing. */
export interface ReaderFault {
  readonly name: string;
  /** A blow, over as soon as it is struck: it is never listed as on. */
  readonly blow?: true;
  play(on: boolean): Promise<void>;
}

export function createFaults(unit: Unit, host: HostFaults) {
  const cardFaults: Set<CardFaultName> = new Set();
  const readerFaults: Set<string> = new Set();

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
      ...host.reader.map(({ name }) => ({ name, device: 'reader', params: {}, on: readerFaults.has(name) })),
      ...(unit.hasSerial ? unit.serial().faults() : []),
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
    } else if (host.reader.some((fault) => fault.name === name)) {
      await playOnReader(name, on);
    } else if (name === 'agent-killed') {
      if (on) host.killAgent();
    } else if (!unit.hasSerial || !(await unit.serial().setFault(name, on))) {
      throw new RigRefusal(`There is no fault "${name}" here.`, 'See GET /api/faults for the list.');
    }
  }

  async function playOnReader(name: string, on: boolean): Promise<void> {
    const fault = host.reader.find((each) => each.name === name);
    if (fault === undefined || (fault.blow ? !on : on === readerFaults.has(name))) return;
    await fault.play(on);
    if (fault.blow) return;
    if (on) readerFaults.add(name);
    else readerFaults.delete(name);
  }

  return { list, set, cardFaults };
}
export type Faults = ReturnType<typeof createFaults>;
