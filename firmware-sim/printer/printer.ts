import type { UnknownCommand } from './error-log.ts';
import { FaultBoard, type PrinterFaultName } from './faults.ts';
import { PrinterMachine } from './machine.ts';
import type { PrinterOptions } from './options.ts';
import { paperPng } from './paper-png.ts';
import { paperText } from './paper-text.ts';
import { PrinterPort } from './port.ts';

export interface PrinterState {
  paper: 'ok' | 'near-end' | 'out';
  cover: 'closed' | 'open';
  cutter: 'ok' | 'error';
  power: 'on' | 'off';
  /** Connections made and not yet closed, those that wait behind the first included. */
  connections: number;
  /** Sentences, newest last: unknown commands, and orders that had no effect. */
  errors: string[];
}

/** A thermal receipt printer on a TCP port, with its paper. */
export interface SimulatedPrinter {
  readonly port: number;
  /** The roll, or what follows cut number `sinceSlip` (0-based), as UTF-8 text: 48 or 32 columns, a cut line after each slip. */
  paperText(sinceSlip?: number): string;
  /** The same as a picture (PNG). */
  paperPng(sinceSlip?: number): Promise<Buffer>;
  /** Takes the roll away; slips count from 0 again. */
  tearOff(): void;
  /** Slips cut off so far; as `sinceSlip` it means "what is printed from now on". */
  slipCount(): number;
  /** Throws, in a sentence, on an unknown name or parameter. The listener opens again a moment after a fault that closed it. */
  setFault(name: PrinterFaultName, on: boolean, params?: Record<string, unknown>): void;
  faults(): { name: string; on: boolean; params: Record<string, unknown> }[];
  /** Commands the printer did not know, newest last. */
  unknownCommands(): UnknownCommand[];
  state(): PrinterState;
  /** Called on every change worth showing: a line, a cut, a fault, a connection. Returns the way to stop it. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Starts a printer; rejects when the port cannot be had. */
export async function startPrinter(options: PrinterOptions): Promise<SimulatedPrinter> {
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const faults = new FaultBoard();
  const machine = new PrinterMachine(options, faults, { send: (bytes) => port.send(bytes), changed });
  const port = new PrinterPort(options.host ?? '127.0.0.1', options.port, faults, machine, changed);
  await port.open();
  const widthDots = options.widthDots ?? 576;
  return {
    port: port.port,
    paperText: (sinceSlip) => paperText(machine.paper.slips(sinceSlip)),
    paperPng: (sinceSlip) => paperPng(machine.paper.slips(sinceSlip), widthDots),
    tearOff: () => {
      machine.paper.tearOff();
      changed();
    },
    slipCount: () => machine.paper.cutCount,
    setFault: (name, on, params) => {
      faults.set(name, on, params);
      machine.faultChanged(name);
      port.faultChanged(name);
      changed();
    },
    faults: () => faults.list(),
    unknownCommands: () => machine.errors.unknownCommands(),
    state: () => ({
      ...machine.condition,
      power: faults.has('power-off') ? 'off' : 'on',
      connections: port.connections,
      errors: machine.errors.sentences(),
    }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      machine.powerOff();
      listeners.clear();
      await port.close();
    },
  };
}
