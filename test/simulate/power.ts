import { type FenceStorage, SLOT_BYTES } from '../../terminal/journal/fence.ts';

/** A kiosk's power and its fence's two slots: where the power may go, and what is on the disk when it did. */

/** The power went in this moment: what was synced stays, the rest of the call never happened. */
export class PowerCut extends Error {}

export type CutPoint = 'before-commit' | 'before-fence' | 'torn-fence' | 'after-fence';
export type Slots = readonly [Uint8Array, Uint8Array];

export class Power {
  private slots: [Uint8Array, Uint8Array] = [new Uint8Array(SLOT_BYTES), new Uint8Array(SLOT_BYTES)];
  private cut: CutPoint | null = null;

  /** The power will go at this point of the next record. */
  cutAt(point: CutPoint): void {
    this.cut = point;
  }
  stay(): void {
    this.cut = null;
  }
  /** Throws PowerCut where the power goes here. */
  passes(point: CutPoint): void {
    if (this.cut !== point) return;
    this.cut = null;
    throw new PowerCut();
  }

  /** `early`: told before the fence is written. */
  fence(early: () => void): FenceStorage {
    return {
      read: () => [this.slots[0], this.slots[1]],
      write: (slot, bytes) => {
        early();
        this.passes('before-fence');
        if (this.cut === 'torn-fence') {
          const torn = bytes.slice();
          torn.fill(0, SLOT_BYTES / 2);
          this.slots[slot] = torn;
        }
        this.passes('torn-fence');
        this.slots[slot] = bytes;
        this.passes('after-fence');
      },
    };
  }

  image(): Slots {
    return [...this.slots];
  }
  putBack(slots: Slots): void {
    this.slots = [...slots];
  }
}
