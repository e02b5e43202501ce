import { describe, expect, it } from 'vitest';
import {
  askProcessId,
  automaticSensors,
  NO_REPLY,
  orderedSensors,
  processId,
  type Question,
  type Reply,
  realtimeSensors,
  takeByte,
  UNSEEN,
} from './replies.ts';

/** What a printer says, told apart by its fixed bits: four sources on one stream. */

function read(bytes: readonly number[]): { replies: Reply[]; left: readonly number[] } {
  let state = NO_REPLY;
  const replies: Reply[] = [];
  for (const byte of bytes) {
    const taken = takeByte(state, byte);
    state = taken.state;
    replies.push(...taken.replies);
  }
  return { replies, left: state };
}
const id = [0x37, 0x22, 0x41, 0x42, 0x43, 0x44, 0];
const automatic = [0x14, 0, 0, 0x0f];

describe('the printer’s replies', () => {
  it('are told apart, whatever follows what', () => {
    expect(read([0x12, ...id, ...automatic, 0x03, 0x16, 0xff, 0x00]).replies).toEqual([
      { kind: 'realtime', byte: 0x12 },
      { kind: 'process-id', id: 'ABCD' },
      { kind: 'automatic', bytes: automatic },
      { kind: 'ordered', byte: 0x03 },
      { kind: 'realtime', byte: 0x16 },
      { kind: 'noise', bytes: [0xff] },
      { kind: 'ordered', byte: 0x00 },
    ]);
  });

  it('each first byte is of one source alone', () => {
    const kinds = Array.from({ length: 256 }, (_, byte) => {
      const { state, replies } = takeByte(NO_REPLY, byte);
      if (state.length > 0) return byte === 0x37 ? 'process-id' : 'automatic';
      return replies[0]?.kind ?? 'none';
    });
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    // Two, three and two free bits decide; the rest no printer says.
    expect([count('realtime'), count('automatic'), count('ordered'), count('process-id'), count('noise')]).toEqual([
      16, 16, 64, 1, 159,
    ]);
    for (const byte of [0x12, 0x16, 0x1a, 0x7e]) expect(kinds[byte]).toBe('realtime');
    for (const byte of [0x10, 0x14, 0x3c, 0x7c]) expect(kinds[byte]).toBe('automatic');
  });

  it('inside automatic status no byte is an answer to GS r, though it looks like one', () => {
    expect(read([0x3c, 0x00, 0x0f, 0x0f, 0x0f]).replies).toEqual([
      { kind: 'automatic', bytes: [0x3c, 0x00, 0x0f, 0x0f] },
      { kind: 'ordered', byte: 0x0f },
    ]);
  });

  it.each([
    ['an id', [0x37, 0x22, 0x41], [0x12], { kind: 'realtime', byte: 0x12 }],
    ['an id by another id', [0x37, 0x22, 0x41, 0x42], id, { kind: 'process-id', id: 'ABCD' }],
    ['an id’s header', [0x37], id, { kind: 'process-id', id: 'ABCD' }],
    ['automatic status', [0x14, 0x00], [0x16], { kind: 'realtime', byte: 0x16 }],
    ['automatic status by automatic status', [0x14, 0x00], automatic, { kind: 'automatic', bytes: automatic }],
    ['automatic status by an id', [0x14, 0x00, 0x00], id, { kind: 'process-id', id: 'ABCD' }],
  ] as const)('half frames: %s cut short is noise, and what follows is still understood', (_, half, whole, reply) => {
    expect(read([...half, ...whole])).toEqual({ replies: [{ kind: 'noise', bytes: half }, reply], left: [] });
  });

  it('never hold an id that looks like a status with fixed bits', () => {
    const seen: Set<string> = new Set();
    for (let n = 0; n < 65_536; n += 97) {
      seen.add(processId(n));
      for (const letter of processId(n)) expect(letter.charCodeAt(0) & 0x90).toBe(0);
    }
    expect(seen.size).toBe(Math.ceil(65_536 / 97));
    expect([...askProcessId('ABCD')]).toEqual([0x1d, 0x28, 0x48, 6, 0, 48, 48, 0x41, 0x42, 0x43, 0x44]);
  });
});

describe('the sensors', () => {
  const well = { paper: 'ok', cover: 'closed', error: 'none' } as const;
  it.each([
    [2, 0x12, { cover: 'closed', error: 'none' }],
    [2, 0x16, { cover: 'open' }],
    [2, 0x52, { error: 'other' }],
    [3, 0x1a, { error: 'cutter' }],
    [3, 0x32, { error: 'other' }],
    [4, 0x12, { paper: 'ok' }],
    [4, 0x1e, { paper: 'near-end' }],
    [4, 0x72, { paper: 'out' }],
  ] as const)('DLE EOT %i: %i', (n, byte, expected) => {
    expect(realtimeSensors(well, n as Question, byte)).toEqual({ ...well, ...expected });
  });

  it('keep a jammed cutter’s name while the printer only says that there is an error', () => {
    const jammed = realtimeSensors(realtimeSensors(well, 2, 0x52), 3, 0x1a);
    expect(realtimeSensors(jammed, 2, 0x52).error).toBe('cutter');
    expect(realtimeSensors(realtimeSensors(jammed, 2, 0x12), 3, 0x12).error).toBe('none');
  });

  it.each([
    [[0x14, 0, 0, 0x0f], {}],
    [[0x3c, 0, 0, 0x0f], { cover: 'open' }],
    [[0x1c, 0x08, 0, 0x0f], { error: 'cutter' }],
    [[0x1c, 0x20, 0, 0x0f], { error: 'other' }],
    [[0x14, 0, 0x03, 0x0f], { paper: 'near-end' }],
    [[0x1c, 0, 0x0f, 0x0f], { paper: 'out' }],
  ] as const)('GS a: %j', (bytes, expected) => {
    expect(automaticSensors(bytes)).toEqual({ ...well, ...expected });
  });

  it('GS r: knows paper, and leaves the rest as it was', () => {
    expect(orderedSensors({ ...well, cover: 'open' }, 0x0c)).toEqual({ ...well, cover: 'open', paper: 'out' });
    expect(orderedSensors(UNSEEN, 0x03)).toEqual({ ...UNSEEN, paper: 'near-end' });
    expect(orderedSensors(UNSEEN, 0x00)).toEqual({ ...UNSEEN, paper: 'ok' });
  });
});
