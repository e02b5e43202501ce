import { css, html } from 'lit';
import type { Refusal, TerminalRow } from '../../protocol/api/console.ts';
import { bare, groups, sameFingerprint } from './format.ts';
import { ConsolePage } from './page.ts';
import { ledger } from './styles.ts';

/**
 * The second pair of eyes: types what the kiosk's screen shows next to what the hub received. The hub decides, and
 * refuses who issued the code. `confirmed` with the tid.
 */
export class ConfirmForm extends ConsolePage {
  static override properties = {
    ...ConsolePage.properties,
    row: { attribute: false },
    typed: { state: true },
    refused: { state: true },
    busy: { state: true },
  };
  declare row: TerminalRow;
  declare private typed: string;
  declare private refused: Refusal | null;
  declare private busy: boolean;

  constructor() {
    super();
    this.typed = '';
    this.refused = null;
    this.busy = false;
  }

  override render() {
    const { t, row } = this;
    const received = row.fingerprint ?? '';
    return html`<form @submit=${this.onSubmit} data-testid="confirm-form-${row.tid}">
      <div class="who">
        <b>${row.tid}</b> <span lang="zh-CN">${row.shopName}</span>
        ${row.issuedBy === null ? '' : html`<span class="faded">${t.issuedBy(row.issuedBy)}</span>`}
      </div>
      <div>
        <span class="faded small" id="received">${t.fingerprint}</span>
        <p class="fingerprint" data-testid="fingerprint" aria-labelledby="received">${groups(received).join(' ')}</p>
      </div>
      <div>
        <label class="faded small" for="typed">${t.typedFingerprint}</label>
        <div class="line">
          <input
            id="typed"
            class="fingerprint"
            data-testid="fingerprint-typed"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            required
            .value=${this.typed}
            @input=${this.onInput}
            aria-describedby="compared"
          />
          <button class="main" data-testid="confirm-enrolment" ?disabled=${this.busy}>${t.confirm}</button>
        </div>
        <p id="compared" class="compared small" role="status">${this.compared(received)}</p>
      </div>
      ${this.refusal(this.refused)}
    </form>`;
  }

  private compared(received: string) {
    const { t } = this;
    const typed = bare(this.typed).toUpperCase();
    const whole = bare(received).toUpperCase();
    if (typed === '') return '';
    const at = [...typed].findIndex((character, i) => character !== whole[i]);
    if (at !== -1) return html`<span class="warns"><span aria-hidden="true">≠</span> ${t.differsHere(at + 1)}</span>`;
    if (typed.length < whole.length) return html`<span class="faded">${t.notYet(typed.length, whole.length)}</span>`;
    return html`<span class="agrees"><span aria-hidden="true">✓</span> ${t.same}</span>`;
  }

  private onInput(event: Event): void {
    this.typed = (event.target as HTMLInputElement).value;
    this.refused = null;
  }

  private async onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const received = this.row.fingerprint ?? '';
    const typed = this.typed.trim();
    this.busy = true;
    // Separators and case are for eyes; the hub is sent its own spelling of what was typed.
    const answer = await this.api.confirmEnrolment(this.row.tid, sameFingerprint(typed, received) ? received : typed);
    this.busy = false;
    this.refused = answer.ok ? null : answer.refusal;
    if (answer.ok) this.dispatchEvent(new CustomEvent('confirmed', { detail: this.row.tid }));
  }

  static override styles = [
    ledger,
    css`
      form {
        display: grid;
        grid-template-columns: minmax(150px, 1fr) auto auto;
        align-items: start;
        gap: 8px 34px;
        padding-top: 14px;
      }
      .who {
        display: grid;
      }
      .fingerprint {
        white-space: nowrap;
        font: 600 21px/1.55 var(--mono);
        letter-spacing: 0.04em;
        word-spacing: 0.25em;
      }
      input.fingerprint {
        width: 14.5em;
        padding: 0 8px;
        text-transform: uppercase;
      }
      .line {
        display: flex;
        gap: 12px;
      }
      .compared {
        min-height: 22px;
        max-width: 560px;
      }
      .refusal {
        grid-column: 1 / -1;
      }
    `,
  ];
}
customElements.define('confirm-form', ConfirmForm);
