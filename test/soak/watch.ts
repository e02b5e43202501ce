import { setTimeout as sleep } from 'node:timers/promises';
import type { SoakStand } from './stand.ts';
import {
  cardProcessFaults,
  type Handles,
  handleFaults,
  handlesOf,
  type Memory,
  memoryFaults,
  memoryOf,
  residentKib,
  residentUnlessGone,
} from './vitals.ts';

/** Agents and hub through one life each: memory sampled, handles counted at both ends, when everything is quiet. */
export interface Watch {
  begin(): Promise<void>;
  /** Of what is in use: garbage is collected first. */
  sample(): Promise<void>;
  faults(): Promise<string[]>;
  memory(): Readonly<Record<string, Memory | null>>;
  /** What card processes were seen to take, at most. */
  cardProcess(): CardProcessSeen;
}
export interface CardProcessSeen {
  readonly samples: number;
  readonly mostKib: number;
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
  { processes, cardProcesses }: Pick<SoakStand, 'processes' | 'cardProcesses'>,
  { quietMs, settlesMs } = { quietMs: QUIET_MS, settlesMs: SETTLES_WITHIN_MS },
): Watch {
  let watched: readonly Watched[] = [];
  let cardProcess: CardProcessSeen = { samples: 0, mostKib: 0 };

  /**
   * As it is, garbage and all: a card process is killed, stopped and begun anew all the time here, and the signal that has the
   * others collect would end one that has not yet loaded what listens to it. Nor does a life last long enough to have two ends.
   */
  function sampleCardProcesses(): void {
    for (const pid of cardProcesses()) {
      const kib = residentUnlessGone(pid);
      if (kib === null) continue;
      cardProcess = { samples: cardProcess.samples + 1, mostKib: Math.max(cardProcess.mostKib, kib) };
    }
  }

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
      sampleCardProcesses();
    },
    async faults() {
      const endMs = performance.now() + settlesMs;
      let handles = watched.flatMap(faultsOf);
      while (handles.length > 0 && performance.now() < endMs) {
        await sleep(LOOK_MS);
        handles = watched.flatMap(faultsOf);
      }
      const memory = watched.flatMap(({ name, samplesKib }) => memoryFaults(name, samplesKib));
      return [...handles, ...memory, ...cardProcessFaults(cardProcess.mostKib)];
    },
    cardProcess: () => cardProcess,
    memory: () => Object.fromEntries(watched.map(({ name, samplesKib }) => [name, memoryOf(samplesKib)])),
  };
}
