import { setTimeout as sleep } from 'node:timers/promises';
import type { SoakStand } from './stand.ts';
import { type Handles, handleFaults, handlesOf, type Memory, memoryFaults, memoryOf, residentKib } from './vitals.ts';

/** Agents and hub through one life each: memory sampled, handles counted at both ends, when everything is quiet. */
export interface Watch {
  begin(): Promise<void>;
  /** Of what is in use: garbage is collected first. */
  sample(): Promise<void>;
  faults(): Promise<string[]>;
  memory(): Readonly<Record<string, Memory | null>>;
}

const QUIET_MS = 1_000;
/** An idle connection between agents, hub and us is kept for 72 s, as Fastify has it. */
const SETTLES_WITHIN_MS = 90_000;
/** A collection takes some 50 ms, and pages are given back beside it. */
const COLLECTED_MS = 400;
const LOOK_MS = 500;

interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly handles: Handles;
  readonly samplesKib: number[];
}

export function createWatch(
  { processes }: Pick<SoakStand, 'processes'>,
  { quietMs, settlesMs } = { quietMs: QUIET_MS, settlesMs: SETTLES_WITHIN_MS },
): Watch {
  let watched: readonly Watched[] = [];

  function faultsOf({ name, pid, handles }: Watched): string[] {
    const now = processes().find((each) => each.name === name)?.pid;
    return now === pid ? handleFaults(name, handles, handlesOf(pid)) : [`${name} ended, and was started again`];
  }
  return {
    async begin() {
      await sleep(quietMs);
      watched = processes().map(({ name, pid }) => ({ name, pid, handles: handlesOf(pid), samplesKib: [] }));
    },
    async sample() {
      for (const { pid } of watched) process.kill(pid, 'SIGUSR2');
      await sleep(COLLECTED_MS);
      for (const { pid, samplesKib } of watched) samplesKib.push(residentKib(pid));
    },
    async faults() {
      const endMs = performance.now() + settlesMs;
      let handles = watched.flatMap(faultsOf);
      while (handles.length > 0 && performance.now() < endMs) {
        await sleep(LOOK_MS);
        handles = watched.flatMap(faultsOf);
      }
      return [...handles, ...watched.flatMap(({ name, samplesKib }) => memoryFaults(name, samplesKib))];
    },
    memory: () => Object.fromEntries(watched.map(({ name, samplesKib }) => [name, memoryOf(samplesKib)])),
  };
}
