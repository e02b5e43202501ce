import { css, html, LitElement } from 'lit';
import { ledger, tables } from './styles.ts';
import type { Texts } from './texts.ts';

/** The keys. `closed` when it is put away. */
export class KeyHelp extends LitElement {
  static override properties = { t: { attribute: false } };
  declare t: Texts;

  override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render() {
    const { t } = this;
    return html`<dialog aria-labelledby="title" data-testid="key-help" @close=${() => this.dispatchEvent(new CustomEvent('closed'))}>
      <h2 id="title">${t.help}</h2>
      <table>
        <tbody>
          ${Object.entries(t.keys).map(([key, says]) => html`<tr><th scope="row"><kbd>${key}</kbd></th><td>${says}</td></tr>`)}
        </tbody>
      </table>
      <p class="faded">${t.helpAbout}</p>
      <form method="dialog"><button class="plain" autofocus>${t.close}</button></form>
    </dialog>`;
  }

  static override styles = [
    ledger,
    tables,
    css`
      dialog {
        width: 430px;
        padding: 22px 28px;
        border: 1px solid var(--ink);
        border-radius: 4px;
        background: var(--rice);
        color: var(--ink);
      }
      dialog::backdrop {
        background: rgb(42 33 27 / 45%);
      }
      h2 {
        font-size: 19px;
        margin-bottom: 8px;
      }
      kbd {
        font: 600 14px/1.4 var(--mono);
        color: var(--ink);
      }
      p,
      form {
        margin-top: 12px;
      }
    `,
  ];
}
customElements.define('key-help', KeyHelp);
