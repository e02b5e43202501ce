import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeHashing } from '../../protocol/node/crypto.ts';
import { createFence, decodeSlot, encodeSlot, type FenceStorage, judgeFence, SLOT_BYTES } from './fence.ts';
import { fenceFile } from './fence-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'tally-fence-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const mark = (seq: number) => ({ ep: 1, seq, head: `h${seq}` });

function memory(): FenceStorage & { slots: [Uint8Array, Uint8Array] } {
  const slots: [Uint8Array, Uint8Array] = [new Uint8Array(SLOT_BYTES), new Uint8Array(SLOT_BYTES)];
  return {
    slots,
    read: () => [Uint8Array.from(slots[0]), Uint8Array.from(slots[1])],
    write: (n, bytes) => {
      slots[n] = Uint8Array.from(bytes);
    },
  };
}

describe('the fence', () => {
  it('gives back the newest mark after it was opened again', () => {
    const path = join(dir, 'a', 'fence.bin');
    const first = fenceFile(path);
    const fence = createFence(first, nodeHashing);
    expect(fence.mark()).toBeNull();
    for (const seq of [0, 1, 2]) fence.raise(mark(seq));
    first.close();
    const again = fenceFile(path);
    expect(createFence(again, nodeHashing).mark()).toEqual(mark(2));
    again.close();
  });

  it('falls back to the older slot when any byte of the newer one is torn', () => {
    const storage = memory();
    const fence = createFence(storage, nodeHashing);
    fence.raise(mark(1));
    fence.raise(mark(2));
    const newer = storage.slots.findIndex((slot) => decodeSlot(slot, nodeHashing)?.mark.seq === 2) as 0 | 1;
    const whole = Uint8Array.from(storage.slots[newer]);
    for (let at = 0; at < 100; at++) {
      storage.slots[newer] = whole.map((byte, i) => (i === at ? byte ^ 1 : byte));
      if (decodeSlot(storage.slots[newer], nodeHashing) === null) {
        expect(createFence(storage, nodeHashing).mark()).toEqual(mark(1));
      }
    }
    storage.slots[newer] = new Uint8Array(SLOT_BYTES);
    expect(createFence(storage, nodeHashing).mark()).toEqual(mark(1));
  });

  it('protects every byte that means something', () => {
    const slot = encodeSlot(mark(3), 1, nodeHashing);
    const meaning = 14 + 1 + (slot[13] ?? 0);
    for (let at = 0; at < meaning; at++) {
      const torn = slot.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(decodeSlot(torn, nodeHashing), `byte ${at}`).toBeNull();
    }
  });

  it.each([
    ['no mark at all', null, { ep: 1, seq: 3 }, 'missing'],
    ['level', mark(3), { ep: 1, seq: 3 }, 'level'],
    ['crashed between commit and fence', mark(2), { ep: 1, seq: 3 }, 'bring-up'],
    ['two records ahead: not a crash of ours', mark(1), { ep: 1, seq: 3 }, 'rolled-back'],
    ['an older copy of the journal', mark(4), { ep: 1, seq: 3 }, 'rolled-back'],
    ['another journal of the same length', { ...mark(3), head: 'other' }, { ep: 1, seq: 3 }, 'rolled-back'],
    ['another epoch', { ...mark(3), ep: 2 }, { ep: 1, seq: 3 }, 'rolled-back'],
  ] as const)('%s', (_name, found, journal, verdict) => {
    const hashAt = (seq: number) => (seq <= journal.seq ? `h${seq}` : null);
    expect(judgeFence(found, journal, hashAt)).toBe(verdict);
  });
});
