import { css, html, LitElement, type PropertyValues } from 'lit';
import { paperAddress } from './api.ts';
import { desk } from './styles.ts';
import type { Texts } from './texts.ts';

/** A picture lower than this is a blank roll. */
const BLANK_PX = 8;

/** The printer and its roll: the newest paper comes out of the slot at the bottom. `tear-off` when it is torn. */
export class PaperRoll extends LitElement {
  static override properties = {
    t: { attribute: false },
    kiosk: { type: Number },
    slips: { type: Number },
    torn: { type: Number },
    heightPx: { state: true },
  };
  declare t: Texts;
  declare kiosk: number;
  declare slips: number;
  /** Grows with each tearing, so that the roll is read again. */
  declare torn: number;
  declare private heightPx: number;

  constructor() {
    super();
    this.kiosk = 1;
    this.slips = 0;
    this.torn = 0;
    this.heightPx = 0;
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('kiosk') || changed.has('torn')) this.heightPx = 0;
  }

  override render() {
    const { t } = this;
    const empty = this.heightPx === 0 || this.slips === 0;
    const version = `${this.slips}.${this.torn}`;
    return html`<header>
        <h2>${t.paper}</h2>
        <span class="faded">${empty ? '' : t.slips(this.slips)}</span>
        ${empty ? '' : html`<a href=${paperAddress(this.kiosk, 'txt', version)} target="_blank">${t.asText}</a>`}
        <button class="plain" data-testid="tear-off" ?disabled=${empty} @click=${this.tear}>${t.tearOff}</button>
      </header>
      <div class="roll" data-testid="paper" data-slips=${this.slips} tabindex=${empty ? -1 : 0} role="region" aria-label=${t.paper}>
        ${empty ? html`<div class="none"><b>${t.noPaper}</b><p>${t.noPaperHint}</p></div>` : ''}
        ${
          this.slips === 0
            ? ''
            : html`<img
                ?hidden=${empty}
                src=${paperAddress(this.kiosk, 'png', version)}
                alt=${t.paperAlt(this.slips)}
                @load=${this.onPaper}
                @error=${this.onBlank}
              />`
        }
      </div>
      <div class="slot" aria-hidden="true"></div>`;
  }

  private async onPaper(event: Event): Promise<void> {
    const picture = event.target as HTMLImageElement;
    if (picture.naturalHeight < BLANK_PX) return this.onBlank();
    const before = this.heightPx;
    this.heightPx = picture.naturalHeight;
    await this.updateComplete;
    const roll = this.renderRoot.querySelector('.roll');
    if (roll !== null) roll.scrollTop = roll.scrollHeight;
    const newPx = Math.min(700, ((picture.naturalHeight - before) / picture.naturalHeight) * picture.clientHeight);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (newPx <= 0 || still) return;
    picture.animate([{ transform: `translateY(${newPx}px)` }, { transform: 'none' }], { duration: 300 + newPx * 1.6 });
  }

  private onBlank(): void {
    this.heightPx = 0;
  }

  private tear(): void {
    this.dispatchEvent(new CustomEvent('tear-off'));
  }

  static override styles = [
    desk,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr) auto;
        min-height: 0;
      }
      header {
        display: flex;
        align-items: baseline;
        gap: 10px;
        padding-bottom: 6px;
      }
      header .plain {
        margin-left: auto;
      }
      .roll {
        display: flex;
        flex-direction: column;
        overflow-x: hidden;
        overflow-y: auto;
        margin: 0 20px;
        scrollbar-width: thin;
        scrollbar-color: var(--edge) transparent;
      }
      .roll:focus-visible {
        outline-offset: -3px;
      }
      img {
        display: block;
        width: 100%;
        height: auto;
        margin-top: auto;
        background: var(--sheet);
        box-shadow: 0 0 6px rgb(42 33 27 / 22%);
      }
      img[hidden] {
        display: none;
      }
      .none {
        margin: auto 6px 24px;
        text-align: center;
        color: var(--faded);
      }
      .slot {
        height: 24px;
        border-radius: 6px;
        background:
          linear-gradient(#0d0a08, #0d0a08) 20px 0 / calc(100% - 40px) 5px no-repeat,
          linear-gradient(#40342b, #1d1611);
      }
    `,
  ];
}
customElements.define('paper-roll', PaperRoll);
