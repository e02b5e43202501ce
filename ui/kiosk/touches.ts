/** A touched button rests until the next view, or this long when none comes. */
export const REST_MS = 2000;

/** Remembers which buttons were touched, so that a double touch sends one act. */
export class Touches {
  readonly #resting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** True when this touch counts; false while the button rests. */
  take(button: string): boolean {
    if (this.#resting.has(button)) return false;
    this.#resting.set(
      button,
      setTimeout(() => this.#wake(button), REST_MS),
    );
    this.#changed();
    return true;
  }

  rests(button: string): boolean {
    return this.#resting.has(button);
  }

  /** A new view has come: every button answers again. */
  clear(): void {
    for (const timer of this.#resting.values()) clearTimeout(timer);
    this.#resting.clear();
  }

  #wake(button: string): void {
    this.#resting.delete(button);
    this.#changed();
  }
}
