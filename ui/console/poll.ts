import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Refusal } from '../../protocol/api/console.ts';
import type { Answer } from './api.ts';

/** How often a visible list is read again. */
const REFRESH_MS = 3_000;

/**
 * Reads something again and again while its page is visible. What was read stays when a later try fails,
 * together with when it was read, so that nothing jumps and nothing old passes for new.
 */
export class Poll<T> implements ReactiveController {
  value: T | null = null;
  refusal: Refusal | null = null;
  asOf: number | null = null;
  private readonly host: ReactiveControllerHost;
  private readonly read: () => Promise<Answer<T>>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** An answer to an earlier question is dropped. */
  private turn = 0;

  constructor(host: ReactiveControllerHost, read: () => Promise<Answer<T>>) {
    this.host = host;
    this.read = read;
    host.addController(this);
  }

  hostConnected(): void {
    void this.again();
  }

  hostDisconnected(): void {
    this.turn += 1;
    clearTimeout(this.timer);
  }

  /** Forgets what was read: the question has changed. */
  restart(): void {
    this.refusal = null;
    void this.again();
  }

  async again(): Promise<void> {
    clearTimeout(this.timer);
    this.turn += 1;
    const { turn } = this;
    // The host's own properties are set after it is connected.
    await this.host.updateComplete;
    if (turn !== this.turn) return;
    const answer = document.visibilityState === 'hidden' && this.value !== null ? null : await this.read();
    if (turn !== this.turn) return;
    if (answer?.ok === true) {
      this.value = answer.value;
      this.refusal = null;
      this.asOf = Date.now();
    } else if (answer !== null) this.refusal = answer.refusal;
    this.timer = setTimeout(() => void this.again(), REFRESH_MS);
    this.host.requestUpdate();
  }
}
