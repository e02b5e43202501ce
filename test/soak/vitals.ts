import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as /proc shows it: memory, handles, children; and what each of them may not do over a long life. */

/** Kind of handle -> how many are open. A file's kind is its name. */
export type Handles = Readonly<Record<string, number>>;
export interface ProcessId {
  readonly pid: number;
  /** Its start, in ticks since the machine's: a number that is given again is another process. */
  readonly startedAt: string;
  readonly command: string;
}

export function residentKib(pid: number): number {
  const kib = residentUnlessGone(pid);
  if (kib === null) throw new Error(`process ${pid} is gone`);
  return kib;
}

/** Null of a process that has ended. */
export function residentUnlessGone(pid: number): number | null {
  const status = unlessGone(() => readFileSync(`/proc/${pid}/status`, 'utf8')) ?? '';
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return found === null ? null : Number(found[1]);
}

export function handlesOf(pid: number): Handles {
  const kinds: Record<string, number> = {};
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const target = unlessGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
    if (target === null) continue;
    const kind = target.replace(/:\[\d+\]$/, '').replace(/^\/dev\/pts\/\d+$/, '/dev/pts');
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

/** The process and all below it. */
export function familyOf(pid: number): ProcessId[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (lookAt(Number(name)) ?? []) : []));
  const family = all.filter((each) => each.pid === pid);
  for (const member of family) family.push(...all.filter((each) => each.parent === member.pid));
  return family.map(({ parent: _parent, ...id }) => id);
}

/** Of those that were noted, the ones that still run. */
export function survivors(noted: readonly ProcessId[]): ProcessId[] {
  return noted.filter(({ pid, startedAt }) => lookAt(pid)?.startedAt === startedAt);
}

function lookAt(pid: number): (ProcessId & { readonly parent: number }) | null {
  return unlessGone(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, brackets too: fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    // A dead process whose parent has not asked yet runs no more.
    return fields[0] === 'Z' ? null : { pid, parent: Number(fields[1]), startedAt: fields[19] ?? '', command };
  });
}

function unlessGone<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

export const FLAT_WITHIN = 0.1;
/** Of all samples, at each end. */
const END_SHARE = 0.2;
/** What is made while it is measured is garbage of the next collection: what counts is what an end comes down to. */
const LOW_SHARE = 0.1;
/** Fewer say nothing. */
const LEAST_SAMPLES = 20;

export interface Memory {
  readonly firstKib: number;
  readonly lastKib: number;
  readonly growth: number;
}

/** The low marks of the first fifth of the samples behind the warm-up and of the last; null where there are too few to say. */
export function memoryOf(samplesKib: readonly number[]): Memory | null {
  if (samplesKib.length < LEAST_SAMPLES) return null;
  const end = Math.ceil(samplesKib.length * END_SHARE);
  const [firstKib, lastKib] = [lowMark(samplesKib.slice(0, end)), lowMark(samplesKib.slice(-end))];
  return { firstKib, lastKib, growth: lastKib / firstKib - 1 };
}

/** It may fall as far as it likes. */
export function memoryFaults(name: string, samplesKib: readonly number[]): string[] {
  const memory = memoryOf(samplesKib);
  if (memory === null || memory.growth <= FLAT_WITHIN) return [];
  const { firstKib, lastKib } = memory;
  return [`the memory of ${name} grew by ${(memory.growth * 100).toFixed(1)} %, from ${firstKib} to ${lastKib} KiB`];
}

/** It takes 50 MiB when it reads cards, and makes little garbage. */
export const CARD_PROCESS_KIB_MAX = 128 * 1_024;

export function cardProcessFaults(mostKib: number): string[] {
  if (mostKib <= CARD_PROCESS_KIB_MAX) return [];
  return [`a card process took ${mostKib} KiB of memory, more than ${CARD_PROCESS_KIB_MAX}`];
}

/** Connections come and go: fewer at the end were open by chance at the beginning. Of anything else, one that is gone is a loss. */
const COMES_AND_GOES = 'socket';

export function handleFaults(name: string, before: Handles, after: Handles): string[] {
  return Object.keys({ ...before, ...after }).flatMap((kind) => {
    const [was, is] = [before[kind] ?? 0, after[kind] ?? 0];
    return is > was || (is < was && kind !== COMES_AND_GOES)
      ? [`${name} has ${is} handles of kind ${kind} open, it had ${was}`]
      : [];
  });
}

/** Not the least: a single odd one decides nothing. */
function lowMark(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.ceil(sorted.length * LOW_SHARE), sorted.length - 1)] ?? 0;
}
