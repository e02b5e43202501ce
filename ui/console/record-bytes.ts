import { css, html, LitElement } from 'lit';
import type { RecordEvidence } from '../../protocol/api/console.ts';
import { copyText } from './copy.ts';
import { ledger } from './styles.ts';
import type { Texts } from './texts.ts';

/** What was signed: header and payload to read, and the very bytes to check elsewhere. */
export class RecordBytes extends LitElement {
  static override properties = { t: { attribute: false }, evidence: { attribute: false }, said: { state: true } };
  declare t: Texts;
  declare evidence: RecordEvidence;
  declare private said: string;

  constructor() {
    super();
    this.said = '';
  }

  override render() {
    const { t, evidence } = this;
    const [header = '', payload = '', signature = ''] = evidence.jws.split('.');
    return html`<h2>${t.evidence}</h2>
      <div class="columns">
        <div>
          <h3>${t.payload}</h3>
          <pre tabindex="0" role="group" aria-label=${t.payload} data-testid="payload">${pretty(evidence.payload)}</pre>
        </div>
        <div>
          <h3>${t.header}</h3>
          <pre tabindex="0" role="group" aria-label=${t.header} data-testid="header">${pretty(evidence.header)}</pre>
          <h3 class="bytes">
            ${t.signedBytes}
            <button class="plain" @click=${this.copy} data-testid="copy-jws">${t.copy}</button>
            <span class="faded small" role="status">${this.said}</span>
          </h3>
          <pre class="jws" tabindex="0" role="group" aria-label=${t.signedBytes} data-testid="jws">${header}<i>.</i>${payload}<i>.</i>${signature}</pre>
        </div>
      </div>`;
  }

  private async copy(): Promise<void> {
    this.said = (await copyText(this.evidence.jws)) ? this.t.copied : this.t.copyFailed;
  }

  static override styles = [
    ledger,
    css`
      :host {
        margin-top: 26px;
      }
      h2 {
        padding-bottom: 3px;
        border-bottom: 1px solid var(--ink);
      }
      .columns {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 44px;
      }
      h3 {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 40px;
        font-size: 13px;
        font-weight: 400;
        color: var(--faded);
      }
      h3 button {
        color: var(--ink);
        padding: 2px 10px;
      }
      pre {
        overflow-x: auto;
        padding: 10px 12px;
        background: var(--sheet);
        border-left: 2px solid var(--hair);
        font: 13px/1.5 var(--mono);
      }
      .jws {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      i {
        color: var(--vermilion);
        font-weight: 700;
        font-style: normal;
      }
    `,
  ];
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? '';
}
customElements.define('record-bytes', RecordBytes);
