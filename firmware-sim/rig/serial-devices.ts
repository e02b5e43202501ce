import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RigFault } from '../../protocol/api/rig.ts';
import { type DisplayFaultName, startDisplay } from '../display/index.ts';
import { type IdCard, type IdReaderFaultName, startIdReader } from '../id-reader/index.ts';
import { ptyMissing } from '../pty/index.ts';
import { type ScannerFaultName, startScanner } from '../scanner/index.ts';

/** A kiosk's devices on serial cables: scanner, ID reader, customer display. */

export interface SerialDevices {
  readonly scannerPath: string;
  readonly idReaderPath: string;
  readonly displayPath: string;
  scan(code: string): void;
  /** Lays it on the ID reader, in the place of any other; `holdMs` 0 leaves it there. */
  layIdCard(id: string, card: IdCard, holdMs: number): void;
  /** False where this card does not lie there. */
  liftIdCard(id: string): boolean;
  displayLines(): readonly [string, string];
  faults(): readonly RigFault[];
  /** False: none of theirs has this name. */
  setFault(name: string, on: boolean): Promise<boolean>;
  close(): Promise<void>;
}

interface Faulty {
  faults(): readonly { readonly name: string; readonly on: boolean }[];
  setFault(name: string, on: boolean): Promise<void>;
}

/** `dir`: where their sockets are made, under names that stay. Or what is missing here, in a sentence. */
export async function startSerialDevices(dir: string): Promise<SerialDevices | { readonly missing: string }> {
  const missing = ptyMissing();
  if (missing !== null) return { missing };
  mkdirSync(dir, { recursive: true });
  const scanner = await startScanner(join(dir, 'scanner'));
  const idReader = await startIdReader(join(dir, 'id-reader'));
  const display = await startDisplay(join(dir, 'display'));
  const devices: Readonly<Record<string, Faulty>> = {
    scanner: { ...scanner, setFault: (name, on) => scanner.setFault(name as ScannerFaultName, on) },
    'id-reader': { ...idReader, setFault: (name, on) => idReader.setFault(name as IdReaderFaultName, on) },
    display: { ...display, setFault: (name, on) => display.setFault(name as DisplayFaultName, on) },
  };
  let lying: { readonly id: string; readonly timer: NodeJS.Timeout | null } | null = null;

  function lift(): void {
    if (lying?.timer) clearTimeout(lying.timer);
    lying = null;
    idReader.lift();
  }

  return {
    ...{ scannerPath: scanner.path, idReaderPath: idReader.path, displayPath: display.path },
    scan: scanner.scan,
    layIdCard(id, card, holdMs) {
      lift();
      idReader.lay(card);
      lying = { id, timer: holdMs > 0 ? setTimeout(lift, holdMs) : null };
    },
    liftIdCard(id) {
      if (lying?.id !== id) return false;
      lift();
      return true;
    },
    displayLines: display.lines,
    faults: () =>
      Object.entries(devices).flatMap(([device, each]) =>
        each.faults().map(({ name, on }) => ({ name: `${device}-${name}`, device, params: {}, on })),
      ),
    async setFault(name, on) {
      for (const [device, each] of Object.entries(devices)) {
        const own = each.faults().find((fault) => `${device}-${fault.name}` === name);
        if (own === undefined) continue;
        await each.setFault(own.name, on);
        return true;
      }
      return false;
    },
    async close() {
      lift();
      await Promise.all([scanner.close(), idReader.close(), display.close()]);
    },
  };
}
