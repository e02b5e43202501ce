import type { Scanned } from './port.ts';

/** Nobody scans two of the same bag by hand so fast; a scanner in presentation mode reads one twice as fast as that. */
export const STUTTER_MS = 300;

export interface LastScan {
  readonly code: string;
  readonly atMs: number;
}

/** Whether `scan` is the scanner's stutter: the code it told a moment ago. It goes on as long as the stutter does. */
export function stutter(last: LastScan | null, scan: Scanned, atMs: number): { last: LastScan | null; again: boolean } {
  if (!scan.ok) return { last, again: false };
  const again = last !== null && last.code === scan.code && atMs - last.atMs < STUTTER_MS;
  return { last: { code: scan.code, atMs }, again };
}
