import type { FaultBoard } from './faults.ts';
import { LATE_ACKNOWLEDGEMENTS_MAX } from './limits.ts';
import { acknowledgement } from './status.ts';

const NO_JOB = Uint8Array.of(0x30, 0x30, 0x30, 0x30);

/** Says that a job is printed, as truthfully as the faults of the `ack-` family let it. */
export class Acknowledger {
  readonly #faults: FaultBoard;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #late = new Set<NodeJS.Timeout>();
  #previousId = NO_JOB;

  constructor(faults: FaultBoard, send: (bytes: Uint8Array) => void) {
    this.#faults = faults;
    this.#send = send;
  }

  /** Everything before process id `id` (4 bytes) is on paper. */
  printed(id: Uint8Array): void {
    const said = acknowledgement(this.#faults.has('ack-stale') ? this.#previousId : id);
    this.#previousId = Uint8Array.from(id);
    if (this.#faults.has('ack-lost')) return;
    const times = this.#faults.has('ack-doubled') ? 2 : 1;
    for (let time = 0; time < times; time++) this.#say(said);
  }

  /** Power is gone, or the printer is closed: what was still to be said never will be. */
  forget(): void {
    for (const timer of this.#late) clearTimeout(timer);
    this.#late.clear();
    this.#previousId = NO_JOB;
  }

  #say(bytes: Uint8Array): void {
    if (!this.#faults.has('ack-late')) {
      this.#send(bytes);
      return;
    }
    if (this.#late.size >= LATE_ACKNOWLEDGEMENTS_MAX) return;
    // It goes to whoever is connected by then: a late answer may reach the next job's connection, as on a real port.
    const timer = setTimeout(
      () => {
        this.#late.delete(timer);
        this.#send(bytes);
      },
      this.#faults.number('ack-late', 'ms'),
    );
    this.#late.add(timer);
  }
}
