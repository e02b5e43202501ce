import { css, html, LitElement, svg } from 'lit';
import type { RigCard } from '../../protocol/api/rig.ts';
import { cardFace, cardFaceStyles } from './card-face.ts';
import { desk } from './styles.ts';
import type { Texts } from './texts.ts';

const WAVES = svg`<path d="M18 40a26 26 0 0 0 0-24M26 46a38 38 0 0 0 0-36M10 34a14 14 0 0 0 0-12" />`;

/** The drawn reader: a card visibly lies on it while it is tapped. `take-away` when the visitor lifts it. */
export class ReaderPad extends LitElement {
  static override properties = {
    t: { attribute: false },
    card: { attribute: false },
    note: {},
    kept: { type: Boolean },
  };
  declare t: Texts;
  declare card: RigCard | null;
  declare note: string | null;
  declare kept: boolean;

  constructor() {
    super();
    this.card = null;
    this.note = null;
    this.kept = false;
  }

  override render() {
    const { t, card } = this;
    return html`<h2>${t.reader}</h2>
      <div class="pad" ?data-busy=${card !== null}>
        <span class="light" aria-hidden="true"></span>
        <svg viewBox="6 6 36 44" aria-hidden="true">${WAVES}</svg>
        ${card === null ? '' : html`<div class="lying">${cardFace(card, this.note, t)}</div>`}
      </div>
      <p class="faded" role="status">${card === null ? t.readerEmpty : `${t.readerLies}: ${card.holder}`}</p>
      ${this.kept ? html`<button class="plain" @click=${this.takeAway}>${t.takeAway}</button>` : ''}`;
  }

  private takeAway(): void {
    this.dispatchEvent(new CustomEvent('take-away'));
  }

  static override styles = [
    desk,
    cardFaceStyles,
    css`
      :host {
        display: grid;
        align-content: end;
        justify-items: center;
        gap: 8px;
        text-align: center;
      }
      .pad {
        position: relative;
        display: grid;
        place-items: center;
        width: 178px;
        height: 150px;
        border-radius: 16px;
        background: linear-gradient(#3a2f27, #241c16);
        box-shadow:
          inset 0 1px 0 rgb(255 255 255 / 18%),
          0 5px 12px rgb(42 33 27 / 30%);
      }
      .pad svg {
        width: 62px;
        fill: none;
        stroke: var(--hair);
        stroke-width: 4;
        stroke-linecap: round;
      }
      .light {
        position: absolute;
        top: 10px;
        width: 26px;
        height: 5px;
        border-radius: 3px;
        background: #75675a;
      }
      .pad[data-busy] .light {
        background: #ff8a66;
      }
      .lying {
        position: absolute;
        bottom: 14px;
        animation: lay 180ms ease-out;
      }
      /* A dark card on the dark pad keeps its edge. */
      .lying .face {
        border-color: var(--hair);
      }
      @keyframes lay {
        from {
          transform: translateY(70px) rotate(-4deg);
          opacity: 0;
        }
      }
      @media (max-height: 800px) {
        .pad {
          height: 122px;
        }
        .lying {
          bottom: 3px;
        }
      }
      p {
        min-height: 20px;
        max-width: 200px;
        font-size: 13px;
      }
    `,
  ];
}
customElements.define('reader-pad', ReaderPad);
