import { css, html } from 'lit';
import type { IssuedCode, Refusal } from '../../protocol/api/console.ts';
import type { Shop } from './api.ts';
import { copyText } from './copy.ts';
import { toMinute } from './format.ts';
import { ConsolePage } from './page.ts';
import { ledger } from './styles.ts';

/** Issues the one-time code of a new terminal and shows it once. `closed` when done. */
export class EnrolDialog extends ConsolePage {
  static override properties = {
    ...ConsolePage.properties,
    shops: { state: true },
    issued: { state: true },
    refused: { state: true },
    said: { state: true },
  };
  declare private shops: readonly Shop[];
  declare private issued: IssuedCode | null;
  declare private refused: Refusal | null;
  declare private said: string;

  constructor() {
    super();
    this.shops = [];
    this.issued = null;
    this.refused = null;
    this.said = '';
  }

  override async firstUpdated(): Promise<void> {
    this.renderRoot.querySelector('dialog')?.showModal();
    const answer = await this.api.shops();
    if (answer.ok) this.shops = answer.value.rows;
    else this.refused = answer.refusal;
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new CustomEvent('closed'))}>
      ${this.issued === null ? this.form() : this.code(this.issued)}
    </dialog>`;
  }

  private form() {
    const { t } = this;
    return html`<h2 id="title">${t.createTerminal}</h2>
      <p class="faded">${t.createAbout}</p>
      <form @submit=${this.onSubmit}>
        <label for="tid">${t.tid}</label>
        <input id="tid" name="tid" data-testid="new-tid" required pattern="[a-z0-9][a-z0-9\\-]{0,31}" title=${t.tidHint} autocomplete="off" autofocus />
        <span class="faded small">${t.tidHint}</span>
        <label for="shop">${t.shop}</label>
        <select id="shop" name="shop" data-testid="new-shop" required>
          <option value="">${t.chooseShop}</option>
          ${this.shops.map((shop) => html`<option value=${shop.shop}>${shop.name}${shop.village === '' ? '' : `, ${shop.village}`}</option>`)}
        </select>
        <label class="check"><input type="checkbox" name="next" data-testid="next-epoch" />${t.nextEpoch}</label>
        <span class="faded small">${t.nextEpochHint}</span>
        ${this.refusal(this.refused)}
        <div class="buttons">
          <button class="main" data-testid="issue-code">${t.issueCode}</button>
          <button class="plain" type="button" @click=${this.close}>${t.cancel}</button>
        </div>
      </form>`;
  }

  private code(issued: IssuedCode) {
    const { t } = this;
    return html`<h2 id="title">${t.codeIssued(issued.tid)}</h2>
      <output class="code" data-testid="issued-code">${issued.code}</output>
      <p>${t.codeOnce}</p>
      <p class="faded">${t.codeExpires(toMinute(issued.expiresAt))}</p>
      <div class="buttons">
        <button class="main" data-testid="enrol-done" @click=${this.close}>${t.done}</button>
        <button class="plain" @click=${() => this.copy(issued.code)}>${t.copy}</button>
        <span role="status">${this.said}</span>
      </div>`;
  }

  private async onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const [tid, shop] = [String(fields.get('tid')), String(fields.get('shop'))];
    const next = fields.get('next') !== null;
    const answer = await this.api.createTerminal({ tid, shop, ...(next ? { next } : {}) });
    if (answer.ok) this.issued = answer.value;
    this.refused = answer.ok ? null : answer.refusal;
  }

  private async copy(code: string): Promise<void> {
    this.said = (await copyText(code)) ? this.t.copied : this.t.copyFailed;
  }

  private close(): void {
    this.renderRoot.querySelector('dialog')?.close();
  }

  static override styles = [
    ledger,
    css`
      dialog {
        width: 520px;
        padding: 24px 28px;
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
      }
      form {
        display: grid;
        gap: 4px;
      }
      label {
        margin-top: 14px;
      }
      input,
      select {
        height: 38px;
      }
      .check {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      .check input {
        width: 20px;
        height: 20px;
        accent-color: var(--ink);
      }
      .refusal {
        margin-top: 14px;
      }
      .buttons {
        display: flex;
        gap: 12px;
        align-items: center;
        margin-top: 20px;
      }
      .code {
        display: block;
        margin: 14px 0;
        padding: 12px 0;
        border-block: 3px double var(--ink);
        font: 600 34px/1.3 var(--mono);
        letter-spacing: 0.06em;
        text-align: center;
        user-select: all;
      }
    `,
  ];
}
customElements.define('enrol-dialog', EnrolDialog);
