import { describe, expect, it } from 'vitest';
import type { PrinterFaultName } from './faults.ts';
import { bareMachine, job } from './test-rig.ts';

const GS = 0x1d;
const ASK_ALL = job(0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 3, 0x10, 4, 4);
const CUT = job(GS, 0x56, 0);

/** A machine whose faults are set as the printer sets them. */
function faultyMachine() {
  const parts = bareMachine();
  const set = (name: PrinterFaultName, on: boolean, params?: Record<string, unknown>): void => {
    parts.faults.set(name, on, params);
    parts.machine.faultChanged(name);
  };
  return { ...parts, set };
}

describe('what the sensors say', () => {
  it.each<[PrinterFaultName, string, string]>([
    ['paper-near-end', '1612121e', '1400030f'],
    ['paper-out', '1e32127e', '1c000f0f'],
    ['cover-open', '1e161212', '3c00000f'],
    ['cutter-error', '1e521a12', '1c08000f'],
  ])('%s: DLE EOT 1–4 %s, automatic status %s', (name, realtime, automatic) => {
    const { machine, saidHex, set } = faultyMachine();
    machine.receive(job(GS, 0x61, 0xff));
    set(name, true);
    machine.receive(ASK_ALL);
    set(name, false);
    expect(saidHex()).toBe(`1400000f${automatic}${realtime}1400000f`);
  });

  it('every real-time answer keeps the fixed bits', () => {
    const { machine, saidHex, set } = faultyMachine();
    for (const name of ['paper-near-end', 'paper-out', 'cover-open', 'cutter-error'] as const) set(name, true);
    machine.receive(ASK_ALL);
    for (const byte of Buffer.from(saidHex(), 'hex')) expect(byte & 0x93).toBe(0x12);
  });

  it('GS a 8 tells of paper only', () => {
    const { machine, saidHex, set } = faultyMachine();
    machine.receive(job(GS, 0x61, 8));
    set('cover-open', true);
    set('paper-near-end', true);
    expect(saidHex()).toBe('1400000f3c00030f');
  });
});

describe('faults of the paper path', () => {
  it('paper out after two lines: the rest prints, and is acknowledged, when paper is back', () => {
    const { machine, text, saidHex, set } = faultyMachine();
    set('paper-out', true, { afterLines: 2 });
    machine.receive(job('1\n2\n3\n4\n', GS, 0x28, 0x48, 6, 0, 48, 48, 'J001'));
    expect(text()).toBe('1\n2\n');
    expect(machine.condition.paper).toBe('out');
    expect(saidHex()).toBe('');
    set('paper-out', false);
    expect(text()).toBe('1\n2\n3\n4\n');
    expect(saidHex()).toBe('37224a30303100');
  });

  it('a full receive buffer says so instead of growing', () => {
    const { machine, set } = faultyMachine();
    set('cover-open', true);
    machine.receive(Buffer.alloc(65_535, 0x20));
    expect(machine.hasRoom).toBe(true);
    machine.receive(Buffer.alloc(1, 0x20));
    expect(machine.hasRoom).toBe(false);
    set('cover-open', false);
    expect(machine.hasRoom).toBe(true);
  });

  it('a knife that jams at the next cut: the cut is made when it is freed', () => {
    const { machine, text, set } = faultyMachine();
    set('cutter-error', true, { atNextCut: 1 });
    machine.receive(job('a\n', CUT, 'b\n'));
    expect(machine.condition.cutter).toBe('error');
    expect(text()).toBe('a\n');
    set('cutter-error', false);
    expect(text()).toBe('a\n- - - 8< - - -\nb\n');
  });

  it('power off: the half command, the half line and the modes are gone, the paper is not', () => {
    const { machine, text, set } = faultyMachine();
    machine.receive(job('a\n', 0x1b, 0x61, 2, 'half', GS, 0x76, 0x30, 0, 9, 0, 9, 0));
    set('power-off', true);
    set('power-off', false);
    machine.receive(job('b\n'));
    expect(text()).toBe('a\nb\n');
  });

  it('unknown faults and parameters are refused in a sentence', () => {
    const { faults } = bareMachine();
    expect(() => faults.set('paper-gone', true)).toThrow(
      /The printer has no fault "paper-gone". It has: printer-refuses/,
    );
    expect(() => faults.set('paper-out', true, { after: 1 })).toThrow(/has no parameter "after"/);
    expect(() => faults.set('ack-late', true, { ms: -1 })).toThrow(/must be a whole number from 0 up/);
  });
});
