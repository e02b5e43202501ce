import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, INITIAL_FRAMING } from './framing.ts';
import { ERRORS_KEPT_MAX, RASTER_HEIGHT_DOTS_MAX, RASTER_WIDTH_BYTES_MAX, ROWS_KEPT_MAX } from './limits.ts';
import { bareMachine, job, printedText } from './test-rig.ts';

const GS = 0x1d;

/** Pieces of real jobs, and noise: what a stream is made of. */
const piece = fc.oneof(
  fc.constantFrom(
    job('门票 12\n'),
    job('𠀀¥\n'),
    job(0x1b, 0x40),
    job(0x1b, 0x61, 1),
    job(GS, 0x21, 0x11),
    job(GS, 0x76, 0x30, 0, 2, 0, 3, 0, 1, 2, 3, 0x10, 4, 1),
    job(GS, 0x28, 0x6b, 5, 0, 0x31, 0x50, 0x30, 'ab', GS, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30),
    job(GS, 0x56, 66, 3),
    job(0x10, 4, 2),
    job(GS, 0x28, 0x48, 6, 0, 48, 48, 'J001'),
    job(GS, 0x6b, 4, 'A1', 0),
    job(0x1b, 0x44, 3, 9, 0),
    job(0x1c, 0x2e),
    job(0x1c, 0x26),
  ),
  fc.uint8Array({ maxLength: 12 }),
);
const stream = fc.array(piece, { maxLength: 25 }).map((pieces) => Buffer.concat(pieces));

function inPieces(bytes: Buffer, sizes: readonly number[]) {
  const parts = bareMachine();
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.machine.receive(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

describe('the byte stream', () => {
  it('gives the same paper and answers however it is split', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), (bytes, sizes) => {
        const whole = inPieces(bytes, [bytes.length || 1]);
        for (const split of [inPieces(bytes, sizes), inPieces(bytes, [1])]) {
          expect(split.text()).toBe(whole.text());
          expect([...split.saidHex()].sort()).toEqual([...whole.saidHex()].sort());
          expect(split.machine.errors.unknownCommands()).toEqual(whole.machine.errors.unknownCommands());
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('comes to rest after noise: NULs end the half command, and a job is a job again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const after = frame(INITIAL_FRAMING, noise).state;
        expect(after.held.length).toBeLessThan(after.neededBytes);
        expect(after.neededBytes).toBeLessThanOrEqual(RASTER_WIDTH_BYTES_MAX * RASTER_HEIGHT_DOTS_MAX + 8);
        const rest = frame(after, new Uint8Array(after.neededBytes)).state;
        const { effects } = frame(rest, job(0x1b, 0x40, 'ok\n'));
        expect(effects.map(({ kind }) => kind)).toEqual(['command', 'character', 'character', 'control']);
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  it('holds no more than one command, and no more paper and errors than its limits', () => {
    const { machine } = bareMachine();
    let seed = 1;
    for (let chunk = 0; chunk < 24; chunk++) {
      const noise = Buffer.alloc(16_384);
      for (let at = 0; at < noise.length; at++) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        noise[at] = seed >>> 24;
      }
      machine.receive(noise);
    }
    const rows = machine.paper.slips().reduce((sum, slip) => sum + slip.rows.length, 0);
    expect(rows).toBeLessThanOrEqual(ROWS_KEPT_MAX);
    expect(machine.errors.sentences().length).toBe(ERRORS_KEPT_MAX);
  });

  it('an endless roll forgets its oldest rows, not its slip numbers', () => {
    const { machine, text } = bareMachine();
    for (let slip = 0; slip < 250; slip++) machine.receive(job(`slip ${slip}`, '\n'.repeat(100), GS, 0x56, 0));
    expect(machine.paper.cutCount).toBe(250);
    expect(text()).not.toContain('slip 0\n');
    expect(text()).toContain('slip 249\n');
  });

  it('the largest raster, one byte at a time, is put together without copying it over and over', () => {
    const heightDots = RASTER_HEIGHT_DOTS_MAX;
    const size = RASTER_WIDTH_BYTES_MAX * heightDots;
    let state = frame(INITIAL_FRAMING, job(GS, 0x76, 0x30, 0, 128, 0, heightDots & 255, heightDots >> 8)).state;
    const started = performance.now();
    let commands = 0;
    for (let at = 0; at < size; at++) {
      const step = frame(state, Uint8Array.of(at & 255));
      state = step.state;
      commands += step.effects.length;
    }
    expect(commands).toBe(1);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('text of the receipt stays searchable in capitals four times as large', () => {
    expect(printedText(job(0x1b, 0x61, 1, GS, 0x21, 0x33, '补打\n'))).toContain('补打');
  });
});
