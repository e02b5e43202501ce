import { IMAGE_BYTES_KEPT_MAX, ROWS_KEPT_MAX } from './limits.ts';
import type { Row } from './row.ts';

/** What lies between two cuts. `cut` is false only for the paper still hanging in the printer. */
export interface Slip {
  readonly rows: readonly Row[];
  readonly cut: boolean;
}

interface OpenSlip {
  rows: Row[];
  cut: boolean;
}

/** One by one would move the whole roll each time. */
const ROWS_DROPPED_AT_ONCE = 64;
const GONE: OpenSlip = { rows: [], cut: true };

/** The roll since start or since it was last torn off. Bounded: of a roll grown too long the oldest rows are thrown away. */
export class Paper {
  #slips: OpenSlip[] = [{ rows: [], cut: false }];
  /** Slips before this one have lost all their rows. */
  #firstKept = 0;
  #rows = 0;
  #imageBytes = 0;

  /** Slips cut off so far; also the number of the slip now being printed. */
  get cutCount(): number {
    return this.#slips.length - 1;
  }

  print(row: Row): void {
    this.#slips.at(-1)?.rows.push(row);
    this.#rows++;
    this.#imageBytes += imageBytes(row);
    while (this.#rows > ROWS_KEPT_MAX || this.#imageBytes > IMAGE_BYTES_KEPT_MAX) this.#dropOldestRows();
  }

  /** Cutting where nothing was printed or fed since the last cut cuts nothing off. */
  cut(): boolean {
    const open = this.#slips.at(-1);
    if (!open || open.rows.length === 0) return false;
    open.cut = true;
    this.#slips.push({ rows: [], cut: false });
    return true;
  }

  tearOff(): void {
    this.#slips = [{ rows: [], cut: false }];
    this.#firstKept = 0;
    this.#rows = 0;
    this.#imageBytes = 0;
  }

  /** Slips from number `since` on, the open one included if anything is on it. */
  slips(since = 0): readonly Slip[] {
    return this.#slips.slice(Math.max(0, since)).filter((slip) => slip.cut || slip.rows.length > 0);
  }

  #dropOldestRows(): void {
    const oldest = this.#slips[this.#firstKept];
    for (const row of oldest?.rows.splice(0, ROWS_DROPPED_AT_ONCE) ?? []) {
      this.#rows--;
      this.#imageBytes -= imageBytes(row);
    }
    // Emptied slips keep their place: slip numbers already handed out stay true.
    if (oldest?.cut && oldest.rows.length === 0) this.#slips[this.#firstKept++] = GONE;
  }
}

function imageBytes(row: Row): number {
  if (row.kind !== 'line') return 0;
  return row.pieces.reduce((sum, piece) => sum + (piece.kind === 'picture' ? piece.bitmap.bits.length : 0), 0);
}
