import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Act, KioskView, Screen } from '../../protocol/api/kiosk.ts';
import { followLive } from '../shared/api/live.ts';
import { postJson } from '../shared/api/post.ts';
import { helperBar } from './helper-bar.ts';
import { awayScreen, committingOverlay, idleOverlay, remarkToast } from './overlays.ts';
import { drawRail } from './rail.ts';
import type { Scene } from './screen.ts';
import { SCREEN } from './screens.ts';
import { beep } from './sounds.ts';
import { occasion, Speaker } from './speaker.ts';
import { STYLES } from './styles.ts';
import { Touches } from './touches.ts';
import { speechIn } from './words.ts';

/** A remark stands this long. */
export const REMARK_MS = 5000;

/** Screens that outsiders find by this name too; see the public surfaces. */
const NAMED: readonly Screen[] = ['attract', 'balance', 'done', 'error'];

/** A correction asks one question after the other on one screen; each is read out from its beginning. */
const placeOf = (view: KioskView | undefined) => (view?.case === undefined ? view?.screen : `case-${view.case.step}`);

/**
 * The page. It draws the last view the agent sent and posts what is touched; it keeps nothing that a reload would lose
 * but the page of the clerk's list, and the toast that is fading.
 */
export class KioskApp extends LitElement {
  static override properties = { view: { attribute: false } };
  static override styles = STYLES;

  declare view: KioskView | undefined;
  /** The gallery draws fixtures without an agent. */
  alone = false;

  #away = false;
  #page = 0;
  #remarkId = 0;
  #remarkOver = false;
  #remarkTimer: ReturnType<typeof setTimeout> | undefined;
  #beepId: number | undefined;
  #stop: (() => void) | undefined;
  readonly #speaker = new Speaker(
    () => this.requestUpdate(),
    () => this.#present(),
  );
  readonly #touches = new Touches(() => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    // Before any button hears of it: a touch that means something else ends the speech.
    addEventListener('pointerdown', this.#hush, { capture: true });
    addEventListener('click', this.#hush, { capture: true });
    if (this.alone) return;
    this.#stop = followLive<KioskView>('/api/live', {
      view: (view) => {
        this.view = view;
      },
      away: (away) => {
        this.#away = away;
        if (away) this.#speaker.stop();
        this.requestUpdate();
      },
    });
  }

  override disconnectedCallback(): void {
    this.#stop?.();
    this.#speaker.stop();
    removeEventListener('pointerdown', this.#hush, { capture: true });
    removeEventListener('click', this.#hush, { capture: true });
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('view') || this.view === undefined) return;
    const before = changed.get('view') as KioskView | undefined;
    this.#touches.clear();
    if (before?.screen !== this.view.screen || before.session !== this.view.session) {
      this.#page = 0;
      this.#speaker.stop();
    }
    this.#noteRemark(this.view);
    this.#noteBeep(this.view);
    const root = document.documentElement;
    root.lang = this.view.language;
    root.style.setProperty('--mm', `${this.view.mmPx}px`);
    this.setAttribute('language', this.view.language);
    this.toggleAttribute('large', this.view.preferences?.large === true);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('view') as KioskView | undefined;
    if (changed.has('view')) this.#readOut(before);
    if (before !== undefined && placeOf(before) !== placeOf(this.view)) this.renderRoot.querySelector('h1')?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this.view;
    if (this.#away) return awayScreen(speechIn(view?.language ?? 'zh-CN'));
    if (view === undefined) return nothing;
    const scene: Scene = {
      view,
      ...speechIn(view.language),
      act: (button, act) => void this.#act(button, act),
      speaking: this.#speaker.speaking,
      listen: () => this.#listen(),
      rests: (button) => this.#touches.rests(button),
      page: this.#page,
      turnTo: (page) => {
        this.#page = page;
        this.requestUpdate();
      },
    };
    const covered = view.committing === true || view.idle !== undefined;
    const remark = this.#speaker.failed ? 'no-voice' : this.#remarkOver ? undefined : view.remark?.code;
    return html`<div class="frame ${view.helper === undefined ? '' : 'helped'}" data-screen=${view.screen} data-testid=${NAMED.includes(view.screen) ? view.screen : nothing}>
      ${drawRail(scene)}
      <main class="stage" aria-live="polite">
        ${helperBar(scene)}
        <div class="backdrop" ?inert=${covered}>
          ${keyed(placeOf(view), html`<section class="screen ${view.screen}">${SCREEN[view.screen](scene)}</section>`)}
        </div>
        ${committingOverlay(scene)} ${idleOverlay(scene)} ${remarkToast(scene, view.screen, remark)}
      </main>
    </div>`;
  }

  async #act(button: string, act: Act): Promise<void> {
    if (this.view === undefined || !this.#touches.take(button)) return;
    if (this.alone) return;
    const posted = await postJson('/api/act', { session: this.view.session, act });
    if (posted.kind !== 'taken') beep('failure');
  }

  /** Who touched it hears the balance too; who touches it again hears no more. */
  #listen(): void {
    if (this.#speaker.speaking) return this.#speaker.stop();
    const view = this.view;
    if (view === undefined || this.alone) return;
    this.#present();
    this.#speaker.start(view.screen, true, view.preferences?.volume ?? 2);
  }

  /** Who listens is there, though nothing else is touched. */
  #present(): void {
    const session = this.view?.session ?? null;
    if (session !== null) void postJson('/api/act', { session, act: { type: 'still-here' } });
  }

  readonly #hush = (event: Event): void => {
    const onListen = event
      .composedPath()
      .some((part) => part instanceof HTMLElement && part.dataset.testid === 'listen');
    if (!onListen) this.#speaker.stop();
  };

  /** By itself for who asked for that; and once after another volume was chosen, so that it is heard. */
  #readOut(before: KioskView | undefined): void {
    const view = this.view;
    const comfort = view?.preferences;
    if (view === undefined || comfort === undefined || this.alone || this.#away) return;
    const louder = before?.session === view.session && before?.preferences?.volume !== comfort.volume;
    const begun = comfort.aloud && (occasion(before) !== occasion(view) || before?.preferences?.aloud !== true);
    if (begun || (louder && view.screen === 'help')) this.#speaker.start(view.screen, false, comfort.volume);
  }

  #noteRemark(view: KioskView): void {
    const id = view.remark?.id ?? 0;
    if (id === this.#remarkId) return;
    this.#remarkId = id;
    this.#remarkOver = false;
    clearTimeout(this.#remarkTimer);
    this.#remarkTimer = setTimeout(() => {
      this.#remarkOver = true;
      this.requestUpdate();
    }, REMARK_MS);
  }

  /** A page just loaded does not repeat the last beep; every later one sounds once. */
  #noteBeep(view: KioskView): void {
    const heard = this.#beepId;
    this.#beepId = view.beep?.id ?? heard ?? 0;
    if (heard !== undefined && view.beep !== undefined && view.beep.id !== heard) beep(view.beep.kind);
  }
}

customElements.define('kiosk-app', KioskApp);
