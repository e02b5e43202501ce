import { css, html, LitElement } from 'lit';
import type { RigSetup } from '../../protocol/api/rig.ts';
import { desk } from './styles.ts';
import type { Texts } from './texts.ts';

/** The bezel's width around the panel, in CSS pixels. */
const BEZEL_PX = 15;
const CHIN_PX = 26;

/** The kiosk's own page at its panel's native pixels, scaled down to fit, in a drawn kiosk. */
export class KioskFrame extends LitElement {
  static override properties = { t: { attribute: false }, panel: { attribute: false }, address: {}, name: {} };
  declare t: Texts;
  declare panel: RigSetup['panel'];
  declare address: string;
  declare name: string;
  private readonly observer = new ResizeObserver(() => this.fit());

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    this.observer.disconnect();
    super.disconnectedCallback();
  }

  override render() {
    return html`<div class="body">
      <div class="glass">
        <iframe
          data-testid="kiosk-frame"
          title=${`${this.t.kioskFrame}: ${this.name}`}
          src=${this.address}
          width=${this.panel.widthPx}
          height=${this.panel.heightPx}
          allow="autoplay"
        ></iframe>
      </div>
      <div class="chin"><span>${this.name}</span><span>${this.panel.inch}″</span></div>
    </div>`;
  }

  override updated(): void {
    this.fit();
  }

  /** Sizes are set from here, not by style attributes, which a strict content policy refuses. */
  private fit(): void {
    const glass = this.renderRoot.querySelector<HTMLElement>('.glass');
    const frame = this.renderRoot.querySelector<HTMLElement>('iframe');
    if (glass === null || frame === null || this.clientWidth === 0) return;
    const { widthPx, heightPx } = this.panel;
    const wide = (this.clientWidth - 2 * BEZEL_PX) / widthPx;
    const high = (this.clientHeight - BEZEL_PX - CHIN_PX) / heightPx;
    const scale = Math.max(0.2, Math.min(1, wide, high));
    frame.style.transform = `scale(${scale})`;
    glass.style.width = `${Math.floor(widthPx * scale)}px`;
    glass.style.height = `${Math.floor(heightPx * scale)}px`;
  }

  static override styles = [
    desk,
    css`
      :host {
        display: grid;
        place-items: start;
        min-width: 0;
        min-height: 0;
        overflow: hidden;
      }
      .body {
        padding: 15px 15px 0;
        border-radius: 14px;
        background: linear-gradient(#40342b, #2a211b 40%, #1d1611);
        box-shadow: inset 0 1px 0 rgb(255 255 255 / 22%);
      }
      .glass {
        overflow: hidden;
        border-radius: 3px;
        background: #110d0a;
      }
      iframe {
        display: block;
        border: 0;
        transform-origin: 0 0;
        background: var(--rice);
      }
      .chin {
        display: flex;
        justify-content: space-between;
        align-items: center;
        height: 26px;
        font-size: 12px;
        color: #d9cbb5;
      }
    `,
  ];
}
customElements.define('kiosk-frame', KioskFrame);
