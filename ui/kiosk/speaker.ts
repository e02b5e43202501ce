import type { KioskView, Screen, Volume } from '../../protocol/api/kiosk.ts';

/** Plays what the agent says of a screen. One voice at a time; the sound comes from the agent, never from the browser. */

const LOUDNESS: Readonly<Record<Volume, number>> = { 1: 0.35, 2: 0.65, 3: 1 };

/** Well below a minute, after which a kiosk asks whether anybody is there. */
export const PRESENT_S = 15;

export class Speaker {
  #audio: HTMLAudioElement | undefined;
  #failed = false;
  readonly #changed: () => void;
  readonly #heard: () => void;

  /** `heard`: again after each PRESENT_S of speech that somebody asked for, and when all was said. */
  constructor(changed: () => void, heard: () => void) {
    this.#changed = changed;
    this.#heard = heard;
  }

  get speaking(): boolean {
    return this.#audio !== undefined;
  }

  /** True where it was asked to speak and could not, until the next time or the next screen. */
  get failed(): boolean {
    return this.#failed;
  }

  /** `asked`: by a touch; else it speaks by itself, and tells no balance. */
  start(screen: Screen, asked: boolean, volume: Volume): void {
    this.stop();
    const audio = new Audio(`/api/speech?screen=${screen}&asked=${asked ? 'yes' : 'no'}`);
    audio.volume = LOUDNESS[volume];
    this.#audio = audio;
    const still = () => this.#audio === audio;
    audio.addEventListener('ended', () => {
      if (!still()) return;
      this.stop();
      if (asked) this.#heard();
    });
    let toldS = 0;
    audio.addEventListener('timeupdate', () => {
      if (!asked || !still() || audio.currentTime - toldS < PRESENT_S) return;
      toldS = audio.currentTime;
      this.#heard();
    });
    // A browser that lets no page speak before it was touched is no fault of the voice.
    audio.play().catch((error: DOMException) => {
      if (!still()) return;
      this.stop();
      this.#failed = error.name !== 'NotAllowedError';
      this.#changed();
    });
    this.#changed();
  }

  stop(): void {
    const audio = this.#audio;
    const shown = audio !== undefined || this.#failed;
    this.#failed = false;
    this.#audio = undefined;
    audio?.pause();
    // What was said of a person does not stay in the player.
    audio?.removeAttribute('src');
    audio?.load();
    if (shown) this.#changed();
  }
}

/** What is read out by itself anew when it differs: another screen, what covers it, a remark. Not each touch of a key. */
export function occasion(view: KioskView | undefined): string {
  if (view === undefined) return '';
  const covered = view.committing === true ? 'committing' : view.idle === undefined ? '' : 'idle';
  return [view.session, view.screen, view.language, covered, view.remark?.id].join(' ');
}
