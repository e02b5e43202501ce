import { css, html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RigCard } from '../../protocol/api/rig.ts';
import { cardFace, cardFaceStyles } from './card-face.ts';
import { desk } from './styles.ts';
import type { Texts } from './texts.ts';

const SORTS = ['all', 'here', 'elsewhere', 'cannot', 'clerks'] as const;
type Sort = (typeof SORTS)[number];

/** The cards to tap. A click sends `tap-card` with the card's id. */
export class CardWallet extends LitElement {
  static override properties = {
    t: { attribute: false },
    cards: { attribute: false },
    notes: { attribute: false },
    lying: {},
    keep: { type: Boolean },
    sort: { state: true },
  };
  declare t: Texts;
  declare cards: readonly RigCard[];
  declare notes: Readonly<Record<string, string>>;
  declare lying: string | null;
  declare keep: boolean;
  declare private sort: Sort;

  constructor() {
    super();
    this.cards = [];
    this.notes = {};
    this.lying = null;
    this.keep = false;
    this.sort = 'all';
  }

  override render() {
    const { t } = this;
    const shown = this.cards.filter((card) => this.belongs(card, this.sort));
    return html`<header>
        <h2>${t.cards}</h2>
        <span class="faded">${t.cardsHint}</span>
        <div class="sorts" role="group" aria-label=${t.cards}>
          ${SORTS.map((sort) => {
            const count = this.cards.filter((card) => this.belongs(card, sort)).length;
            return count === 0
              ? ''
              : html`<button aria-pressed=${this.sort === sort} @click=${() => this.choose(sort)}>
                  ${t[sort]} <span>${count}</span>
                </button>`;
          })}
        </div>
        <label><input type="checkbox" .checked=${this.keep} @change=${this.onKeep} /> ${t.keep}</label>
      </header>
      <ul tabindex="-1">
        ${repeat(shown, (card) => card.id, this.card)}
        ${shown.length === 0 ? html`<li class="faded">${t.noCards}</li>` : ''}
      </ul>`;
  }

  private card = (card: RigCard) => html`<li>
    <button
      class="card"
      data-testid="card-${card.id}"
      ?data-away=${this.lying === card.id}
      @click=${() => this.dispatchEvent(new CustomEvent('tap-card', { detail: card.id }))}
    >
      <span class="sr-only">${this.t.tap}</span>${cardFace(card, this.notes[card.id] ?? null, this.t)}
    </button>
  </li>`;

  private belongs(card: RigCard, sort: Sort): boolean {
    const note = this.notes[card.id];
    const away = card.village !== this.home();
    switch (sort) {
      case 'all':
        return true;
      case 'here':
        return card.role === 'resident' && !away;
      case 'elsewhere':
        return card.role === 'resident' && away;
      case 'cannot':
        return note === 'poor' || note === 'blocked' || note === 'lost';
      case 'clerks':
        return card.role === 'clerk';
    }
  }

  /** The first resident is of the kiosk's village: the rig's contract. */
  private home(): string | undefined {
    return this.cards.find((card) => card.role === 'resident')?.village;
  }

  private choose(sort: Sort): void {
    this.sort = sort;
  }

  private onKeep(event: Event): void {
    const keep = (event.target as HTMLInputElement).checked;
    this.dispatchEvent(new CustomEvent('keep-card', { detail: keep }));
  }

  static override styles = [
    desk,
    cardFaceStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        gap: 6px;
        min-height: 0;
      }
      header {
        display: flex;
        align-items: baseline;
        gap: 12px;
      }
      .sorts {
        display: flex;
        gap: 4px;
        margin-left: auto;
      }
      .sorts button {
        border: 0;
        border-bottom: 2px solid transparent;
        background: none;
        padding: 2px 6px;
        cursor: pointer;
      }
      .sorts button[aria-pressed='true'] {
        border-color: var(--vermilion);
        font-weight: 600;
      }
      .sorts span {
        color: var(--faded);
        font-weight: 400;
      }
      label {
        display: flex;
        gap: 5px;
        align-items: center;
        cursor: pointer;
      }
      input {
        accent-color: var(--ink);
        margin: 0;
      }
      ul {
        /* Holds what is there for ears alone: else it makes the page longer than the screen. */
        position: relative;
        display: flex;
        flex-wrap: wrap;
        align-content: flex-start;
        gap: 9px;
        padding: 4px;
        overflow-y: auto;
        scrollbar-width: thin;
        scrollbar-color: var(--edge) transparent;
      }
      .card {
        display: block;
        padding: 0;
        border: 0;
        border-radius: 8px;
        background: none;
        cursor: pointer;
        transition: transform 120ms ease-out;
      }
      .card:hover {
        transform: translateY(-3px);
      }
      .card[data-away] {
        outline: 1.5px dashed var(--edge);
        outline-offset: -1px;
      }
      .card[data-away] .face {
        visibility: hidden;
      }
    `,
  ];
}
customElements.define('card-wallet', CardWallet);
