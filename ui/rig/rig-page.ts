import { html, LitElement, type PropertyValues } from 'lit';
import type { RigCard, RigFault, RigLive, RigSetup } from '../../protocol/api/rig.ts';
import { here } from './address.ts';
import * as api from './api.ts';
import './card-wallet.ts';
import './fault-drawer.ts';
import { afterStep, type FirstSteps, noSteps } from './first-steps.ts';
import './guide-strip.ts';
import './hub-door.ts';
import './kiosk-frame.ts';
import { firstLanguage, rememberLanguage } from './language.ts';
import './paper-roll.ts';
import './reader-pad.ts';
import { rigPageStyles } from './rig-page-styles.ts';
import { stateLine } from './state-line.ts';
import { desk } from './styles.ts';
import './tally-link.ts';
import { type Language, texts } from './texts.ts';

/** Between two tries to open the desk while its program does not answer yet. */
const REOPEN_MS = 2_000;

/** The demo's desk: one virtual kiosk at a time, its hardware, and the door to the hub. */
export class RigPage extends LitElement {
  static override properties = {
    language: { state: true },
    setup: { state: true },
    kiosk: { state: true },
    cards: { state: true },
    live: { state: true },
    lost: { state: true },
    problem: { state: true },
    lying: { state: true },
    keep: { state: true },
    torn: { state: true },
    faultsOpen: { state: true },
    steps: { state: true },
  };
  declare private language: Language;
  declare private setup: RigSetup | null;
  declare private kiosk: number;
  declare private cards: readonly RigCard[];
  declare private live: RigLive | null;
  declare private lost: boolean;
  declare private problem: api.Problem | null;
  /** The card on the reader, as this page put it there. */
  declare private lying: { readonly id: string; readonly kept: boolean } | null;
  declare private keep: boolean;
  declare private torn: number;
  declare private faultsOpen: boolean;
  declare private steps: FirstSteps;
  private stopWatching: () => void = () => undefined;

  constructor() {
    super();
    this.language = firstLanguage();
    this.setup = null;
    this.kiosk = 1;
    this.cards = [];
    this.live = null;
    this.lost = false;
    this.problem = null;
    this.lying = null;
    this.keep = false;
    this.torn = 0;
    this.faultsOpen = false;
    this.steps = noSteps;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  override disconnectedCallback(): void {
    this.stopWatching();
    super.disconnectedCallback();
  }

  override render() {
    const { setup } = this;
    const t = texts[this.language];
    return html`<header class="top">
        <img src="./mark.svg" alt="" width="34" height="34" />
        <div class="name">
          <h1>${t.product} <span>${t.desk}</span></h1>
          <p class="faded">${t.about}</p>
        </div>
        ${
          setup === null
            ? ''
            : html`<guide-strip .t=${t} .steps=${this.steps} .hub=${this.hub(setup).address} @looked-up=${this.lookedUp}></guide-strip>`
        }
        <button class="plain language" lang=${t.otherLanguageCode} data-testid="language" @click=${this.otherLanguage}>
          ${t.otherLanguage}
        </button>
      </header>
      ${setup === null ? html`<main class="opening">${this.trouble() || html`<p>${t.opening}</p>`}</main>` : this.table(setup)}`;
  }

  private table(setup: RigSetup) {
    const t = texts[this.language];
    const notes = setup.cardNotes ?? {};
    const lying = this.cards.find((card) => card.id === this.lying?.id) ?? null;
    const chosen = setup.kiosks.find((kiosk) => kiosk.k === this.kiosk) ?? setup.kiosks[0];
    return html`<main data-kiosk=${this.kiosk}>
        <div class="kiosk">
          ${setup.kiosks.length > 1 ? this.tabs(setup) : ''}
          <div class="stage">
            ${
              chosen === undefined
                ? ''
                : html`<kiosk-frame .t=${t} .panel=${setup.panel} .address=${here(chosen.address)} .name=${chosen.name}></kiosk-frame>`
            }
            <div class="side">
              ${this.trouble()}
              <reader-pad
                .t=${t}
                .card=${lying}
                .note=${lying === null ? null : (notes[lying.id] ?? null)}
                ?kept=${this.lying?.kept ?? false}
                @take-away=${this.takeAway}
              ></reader-pad>
            </div>
          </div>
          <card-wallet
            .t=${t}
            .cards=${this.cards}
            .notes=${notes}
            .lying=${lying?.id ?? null}
            ?keep=${this.keep}
            @tap-card=${(event: CustomEvent<string>) => this.tap(event.detail)}
            @keep-card=${(event: CustomEvent<boolean>) => {
              this.keep = event.detail;
            }}
          ></card-wallet>
        </div>
        <aside>
          <paper-roll
            .t=${t}
            .kiosk=${this.kiosk}
            .slips=${this.live?.slips ?? 0}
            .torn=${this.torn}
            ?hidden=${this.faultsOpen}
            @tear-off=${this.tearOff}
          ></paper-roll>
          ${this.faultsOpen ? this.faultSheet() : ''}
          <tally-link
            .t=${t}
            .live=${this.live}
            @set-network=${(event: CustomEvent<'up' | 'down'>) => this.try(api.setNetwork(this.kiosk, event.detail))}
          ></tally-link>
          <button
            class="faults-handle"
            data-testid="faults"
            aria-expanded=${this.faultsOpen}
            @click=${() => {
              this.faultsOpen = !this.faultsOpen;
            }}
          >
            <b>${t.faults}</b>
            <span class="faded">${t.faultsOn(this.live?.faults.filter((fault) => fault.on).length ?? 0)}</span>
            <span aria-hidden="true">${this.faultsOpen ? '▾' : '▸'}</span>
          </button>
          <hub-door .t=${t} .hub=${this.hub(setup)} @looked-up=${this.lookedUp}></hub-door>
        </aside>
      </main>
      ${stateLine(this.live?.state ?? null, texts[this.language])}`;
  }

  private tabs(setup: RigSetup) {
    return html`<nav class="tabs" aria-label=${texts[this.language].kiosks}>
      ${setup.kiosks.map(
        ({ k, name }) => html`<button
          data-testid="kiosk-${k}"
          aria-current=${k === this.kiosk}
          @click=${() => {
            this.kiosk = k;
          }}
        >
          ${k} ${name}
        </button>`,
      )}
    </nav>`;
  }

  private faultSheet() {
    const t = texts[this.language];
    return html`<section class="fault-sheet" aria-label=${t.faults}>
      <fault-drawer
        .t=${t}
        .faults=${this.live?.faults ?? []}
        @set-fault=${(event: CustomEvent<RigFault>) => this.try(api.setFault(this.kiosk, event.detail))}
      ></fault-drawer>
    </section>`;
  }

  private trouble() {
    const t = texts[this.language];
    const problem = this.problem ?? (this.lost ? { error: t.lostError, whatToDo: t.lostWhatToDo } : null);
    if (problem === null) return '';
    return html`<div class="trouble" role="alert" data-testid="problem">
      <p><b>${problem.error}</b> ${problem.whatToDo}</p>
      ${
        this.problem === null
          ? ''
          : html`<button
              class="plain"
              @click=${() => {
                this.problem = null;
              }}
            >
              ${t.ok}
            </button>`
      }
    </div>`;
  }

  override willUpdate(changed: PropertyValues): void {
    const before: unknown = changed.get('kiosk');
    if (before !== undefined && before !== this.kiosk) void this.turnTo();
    document.documentElement.lang = texts[this.language].lang;
    document.title = `${texts[this.language].product} · ${texts[this.language].desk}`;
  }

  private async open(): Promise<void> {
    const answer = await api.getSetup();
    if (!answer.ok) {
      this.lost = true;
      if (this.isConnected) setTimeout(() => void this.open(), REOPEN_MS);
      return;
    }
    this.lost = false;
    this.setup = answer.value;
    this.kiosk = answer.value.kiosks[0]?.k ?? 1;
    await this.turnTo();
  }

  private async turnTo(): Promise<void> {
    const { kiosk } = this;
    this.stopWatching();
    this.live = null;
    this.lying = null;
    this.stopWatching = api.watchLive(
      kiosk,
      (live) => this.onLive(live),
      (up) => {
        this.lost = !up;
      },
    );
    const answer = await api.getCards(kiosk);
    if (kiosk !== this.kiosk) return;
    if (answer.ok) this.cards = answer.value;
    else this.problem = answer.problem;
  }

  private onLive(live: RigLive): void {
    this.live = live;
    this.steps = afterStep(this.steps, { type: 'seen', seq: live.state?.journal.seq ?? 0, slips: live.slips });
  }

  private async tap(id: string): Promise<void> {
    const kept = this.keep;
    const isId = this.cards.some((card) => card.id === id && card.kind === 'id-card');
    const holdMs = isId ? api.ID_HOLD_MS : api.TAP_HOLD_MS;
    const lay = isId ? api.layIdCard : api.tap;
    if (!(await this.try(lay(this.kiosk, id, kept ? 0 : holdMs)))) return;
    const lying = { id, kept };
    this.lying = lying;
    const before = this.live?.state?.journal.seq;
    if (before !== undefined)
      this.steps = afterStep(this.steps, { type: 'tapped', seq: before, slips: this.live?.slips ?? 0 });
    if (kept) return;
    setTimeout(() => {
      if (this.lying === lying) this.lying = null;
    }, holdMs);
  }

  private async takeAway(): Promise<void> {
    if (this.lying === null) return;
    if (await this.try(api.remove(this.kiosk, this.lying.id))) this.lying = null;
  }

  private async tearOff(): Promise<void> {
    if (await this.try(api.tearOff(this.kiosk))) this.torn += 1;
  }

  /** True when it was done; otherwise what the rig said stands on the page. */
  private async try(asked: Promise<api.Answer<unknown>>): Promise<boolean> {
    const answer = await asked;
    const t = texts[this.language];
    this.problem = answer.ok ? null : (answer.problem ?? { error: t.lostError, whatToDo: t.lostWhatToDo });
    return answer.ok;
  }

  private hub(setup: RigSetup): RigSetup['hub'] {
    return { ...setup.hub, address: here(setup.hub.address) };
  }

  private lookedUp(): void {
    this.steps = afterStep(this.steps, { type: 'looked-up' });
  }

  private otherLanguage(): void {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    rememberLanguage(this.language);
  }

  static override styles = [desk, rigPageStyles];
}

customElements.define('rig-page', RigPage);
