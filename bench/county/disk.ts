import { freeBytesAt } from '../../protocol/node/free-space.ts';
import type { CountyPlan } from './plan.ts';

/** What a made county takes on disk, its log and what grows meanwhile included; measured, and rounded up. */
const BYTES = { record: 3_500, resident: 4_000, always: 300_000_000 } as const;

export function bytesNeeded({ residents, villages, days, recordsADay }: CountyPlan): number {
  return BYTES.always + residents * BYTES.resident + villages.length * days * recordsADay * BYTES.record;
}

/** Null where there is room; else what happened and what to do. */
export function diskFault(
  plan: CountyPlan,
  dir: string,
  freeBytes = freeBytesAt(dir),
): readonly [string, string] | null {
  const needed = bytesNeeded(plan);
  if (freeBytes >= needed) return null;
  return [
    `This county takes about ${gigabytes(needed)} GB, and ${dir} has ${gigabytes(freeBytes)} GB left.`,
    'Name a folder with more room with --data, or make a smaller one with --scale.',
  ];
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
