import { css, html, LitElement } from 'lit';
import type { RigSetup } from '../../protocol/api/rig.ts';
import { desk } from './styles.ts';
import type { Texts } from './texts.ts';

/** The way to the hub's console, with what to sign in with. */
export class HubDoor extends LitElement {
  static override properties = { t: { attribute: false }, hub: { attribute: false }, said: { state: true } };
  declare t: Texts;
  declare hub: RigSetup['hub'];
  declare private said: string;

  constructor() {
    super();
    this.said = '';
  }

  override render() {
    const { t, hub } = this;
    return html`<h2>${t.hub}</h2>
      <a class="open" data-testid="hub-link" href=${hub.address} target="tally-hub" @click=${this.opened}>${t.openHub} ↗</a>
      <dl>${this.secret(t.user, hub.user)} ${this.secret(t.password, hub.password)}</dl>
      <p class="sr-only" role="status">${this.said}</p>`;
  }

  private secret(name: string, value: string) {
    return html`<div>
      <dt>${name}</dt>
      <dd>
        <code>${value}</code>
        <button class="plain" aria-label=${`${this.t.copy}: ${name}`} @click=${(event: Event) => this.copy(value, event)}>
          ${this.t.copy}
        </button>
      </dd>
    </div>`;
  }

  private async copy(value: string, event: Event): Promise<void> {
    const button = event.currentTarget as HTMLElement;
    const line = button.closest('div');
    try {
      await navigator.clipboard.writeText(value);
      this.said = this.t.copied;
      line?.setAttribute('data-copied', this.t.copied);
    } catch {
      this.said = this.t.copyFailed;
      line?.setAttribute('data-copied', this.t.copyFailed);
    }
    setTimeout(() => line?.removeAttribute('data-copied'), 1500);
  }

  private opened(): void {
    this.dispatchEvent(new CustomEvent('looked-up', { bubbles: true, composed: true }));
  }

  static override styles = [
    desk,
    css`
      :host {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: baseline;
        gap: 4px 10px;
      }
      .open {
        font-weight: 600;
      }
      dl {
        grid-column: 1 / -1;
        display: grid;
        gap: 3px;
      }
      dl > div {
        position: relative;
        display: grid;
        grid-template-columns: 66px 1fr;
        align-items: center;
        gap: 0 8px;
        padding-top: 3px;
        border-top: 1px solid var(--hair);
      }
      div[data-copied]::after {
        content: attr(data-copied);
        position: absolute;
        inset: auto 0 0 auto;
        padding: 4px 10px;
        border-radius: 4px;
        background: var(--ink);
        color: var(--rice);
        font-size: 12.5px;
      }
      dt {
        font-size: 12.5px;
        color: var(--faded);
      }
      dd {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        overflow-wrap: anywhere;
      }
      dl button {
        padding: 2px 8px;
        font-size: 12.5px;
      }
      code {
        font: 600 14px/1.3 ui-monospace, 'DejaVu Sans Mono', monospace;
        user-select: all;
      }
    `,
  ];
}
customElements.define('hub-door', HubDoor);
