import { css, html, LitElement, nothing } from 'lit';
import type { FirstSteps } from './first-steps.ts';
import { desk } from './styles.ts';
import { type Texts, texts } from './texts.ts';

/** The gentle three steps; each ticks off as it happens. */
export class GuideStrip extends LitElement {
  static override properties = { t: { attribute: false }, steps: { attribute: false }, hub: {} };
  declare t: Texts;
  declare steps: FirstSteps;
  declare hub: string;

  override render() {
    const { t, steps } = this;
    const other = t === texts.zh ? texts.en : texts.zh;
    const done = [steps.tapped, steps.chose, steps.printed && steps.lookedUp];
    const now = done.indexOf(false);
    const titles = [
      [t.tapStep, other.tapStep, t.tapHint],
      [t.chooseStep, other.chooseStep, t.chooseHint],
      [t.seeStep, other.seeStep, t.seeHint],
    ] as const;
    return html`<ol aria-label=${t.steps} ?data-all=${now === -1}>
        ${titles.map(
          ([title, beside, hint], i) => html`<li
            aria-current=${now === i ? 'step' : nothing}
            ?data-done=${done[i]}
            data-testid="step-${i + 1}"
          >
            <span class="number" aria-hidden="true">${done[i] ? '✓' : i + 1}</span>
            <div>
              <p><b>${title}</b> <span class="beside" lang=${other.lang}>${beside}</span>
                ${done[i] ? html`<span class="sr-only">${t.stepDone}</span>` : ''}</p>
              <p class="hint">${i === 2 && steps.printed ? this.lookUp() : hint}</p>
            </div>
          </li>`,
        )}
      </ol>
      ${now === -1 ? html`<p class="next" role="status">${t.tryNext}</p>` : ''}`;
  }

  private lookUp() {
    return html`<a href=${new URL('#/records', this.hub).href} target="tally-hub" @click=${this.onLookUp}>${this.t.lookUp}</a>`;
  }

  private onLookUp(): void {
    this.dispatchEvent(new CustomEvent('looked-up', { bubbles: true, composed: true }));
  }

  static override styles = [
    desk,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 18px;
        min-width: 0;
      }
      ol {
        display: flex;
        gap: 22px;
      }
      li {
        display: flex;
        gap: 9px;
        align-items: center;
        line-height: 1.3;
        white-space: nowrap;
      }
      .number {
        display: grid;
        place-items: center;
        width: 30px;
        height: 30px;
        flex: none;
        border: 1.5px solid var(--edge);
        border-radius: 50%;
        font-weight: 600;
      }
      li[aria-current] .number {
        background: var(--vermilion);
        border-color: var(--vermilion);
        color: var(--rice);
      }
      li[data-done] .number {
        border-color: var(--agrees);
        color: var(--agrees);
      }
      .beside,
      .hint {
        font-size: 12.5px;
        color: var(--faded);
      }
      /* All done: the ticks stay, and what to try next gets the room. */
      ol[data-all] .beside,
      ol[data-all] .hint {
        display: none;
      }
      .next {
        max-width: 430px;
        padding-left: 14px;
        border-left: 2px solid var(--vermilion);
        font-size: 13px;
        line-height: 1.35;
      }
    `,
  ];
}
customElements.define('guide-strip', GuideStrip);
