import { css, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { TerminalRow, TerminalState } from '../../protocol/api/console.ts';
import './confirm-form.ts';
import './enrol-dialog.ts';
import { ago, points, toSecond } from './format.ts';
import { marks, stateMark } from './marks.ts';
import { ConsolePage } from './page.ts';
import { Poll } from './poll.ts';
import { recordsHref, terminalsHref } from './route.ts';
import { ledger, tables } from './styles.ts';
import { word } from './texts.ts';

const STATES: readonly TerminalState[] = [
  'awaiting-device',
  'awaiting-confirmation',
  'open',
  'frozen',
  'ended',
  'revoked',
];

const DAY_MS = 86_400_000;

/** Every terminal, and on top those that wait for a second person. A row opens the terminal's records. */
export class TerminalsPage extends ConsolePage {
  static override properties = {
    ...ConsolePage.properties,
    state: {},
    enrolling: { state: true },
    confirmed: { state: true },
  };
  declare state: string;
  declare private enrolling: boolean;
  declare private confirmed: string | null;
  private readonly list = new Poll<{ readonly rows: readonly TerminalRow[] }>(this, () => this.api.terminals());

  constructor() {
    super();
    this.state = '';
    this.enrolling = false;
    this.confirmed = null;
  }

  override render() {
    const { t } = this;
    const { value, refusal, asOf } = this.list;
    return html`<main data-page="terminals" id="main">
      <div class="page-head">
        <h1 tabindex="-1">${t.terminals}</h1>
        <label>${t.state}
          <select data-testid="filter-state" @change=${this.filter}>
            <option value="" ?selected=${this.state === ''}>${t.anyState}</option>
            ${STATES.map(
              (state) =>
                html`<option value=${state} ?selected=${this.state === state}>${word(t.states, state)}</option>`,
            )}
          </select>
        </label>
        <button class="plain" data-testid="create-terminal" @click=${this.enrol}>${t.createTerminal}</button>
        ${this.asOf(asOf, refusal)}
      </div>
      ${this.refusal(refusal)}
      ${this.confirmed === null ? '' : html`<p class="said agrees" role="status">✓ ${t.confirmed(this.confirmed)}</p>`}
      ${value === null ? (refusal === null ? html`<p class="empty">${t.loading}</p>` : '') : this.lists(value.rows)}
      ${this.enrolling ? html`<enrol-dialog .t=${t} .api=${this.api} @closed=${this.enrolled}></enrol-dialog>` : ''}
    </main>`;
  }

  private lists(rows: readonly TerminalRow[]) {
    const { t } = this;
    const waiting = rows.filter((row) => row.state === 'awaiting-confirmation');
    const shown = rows.filter((row) => this.state === '' || row.state === this.state);
    return html`${
      waiting.length === 0
        ? ''
        : html`<section class="waiting" aria-labelledby="waiting">
            <h2 id="waiting">${t.pendingTitle}</h2>
            <p class="faded">${t.pendingAbout}</p>
            ${repeat(
              waiting,
              (row) => `${row.tid}.${row.ep}`,
              (row) =>
                html`<confirm-form .t=${t} .api=${this.api} .row=${row} @confirmed=${this.onConfirmed}></confirm-form>`,
            )}
          </section>`
    }
    ${
      rows.length === 0
        ? this.empty(t.noTerminals, t.noTerminalsHint)
        : shown.length === 0
          ? this.empty(t.noTerminalsInState, t.noTerminalsInStateHint)
          : this.table(shown)
    }`;
  }

  private table(rows: readonly TerminalRow[]) {
    const { t } = this;
    return html`<table class="list">
      <thead>
        <tr>
          <th scope="col">${t.terminal}</th>
          <th scope="col">${t.shop}</th>
          <th scope="col">${t.state}</th>
          <th scope="col">${t.lastSync}</th>
          <th scope="col" class="number">${t.stored}</th>
          <th scope="col" class="number">${t.judged}</th>
          <th scope="col" class="number" title=${t.openPtsTitle}>${t.openPts}</th>
          <th scope="col">${t.health}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(rows, (row) => `${row.tid}.${row.ep}`, this.row)}
      </tbody>
    </table>`;
  }

  private row = (row: TerminalRow) => {
    const { t } = this;
    const behind = row.judgedSeq < row.storedSeq;
    return html`<tr data-testid="terminal-row-${row.tid}" data-state=${row.state} data-opens @click=${this.openRow}>
      <td><a data-row href=${recordsHref({ tid: row.tid })}>${row.tid}</a> <span class="faded small">${t.epoch(row.ep)}</span></td>
      <td lang="zh-CN">${row.shopName} <span class="faded small">${row.villageName}</span></td>
      <td>${stateMark(row.state, t)}</td>
      <td>
        ${
          row.lastSyncAt === null
            ? html`<span class="faded">${t.never}</span>`
            : html`<time title=${toSecond(row.lastSyncAt)}>${ago(row.lastSyncAt, this.list.asOf ?? Date.now(), t.lang)}</time>`
        }
      </td>
      <td class="number">${row.storedSeq}</td>
      <td class="number ${behind ? 'warns' : ''}">${behind ? '▲ ' : ''}${row.judgedSeq}</td>
      <td class="number">${points(row.openPts)}</td>
      <td class="health">${this.health(row)}</td>
    </tr>`;
  };

  private health(row: TerminalRow) {
    const { t } = this;
    if (row.health === null)
      return row.issuedBy === null ? '' : html`<span class="faded">${t.issuedBy(row.issuedBy)}</span>`;
    return Object.entries(row.health).map(
      ([name, value]) => html`<span>
        <span class="faded">${word(t.healthWords, name)}</span> ${this.said(name, value)}</span
      > `,
    );
  }

  private said(name: string, value: string | number | boolean) {
    const { t } = this;
    if (typeof value === 'boolean') return value ? t.yes : t.no;
    if (name === 'clockOffMs') return t.secondsOff(Math.round(Number(value) / 1_000));
    if (name === 'onStickMs') return t.daysOld(Math.floor(Number(value) / DAY_MS));
    return word(t.healthValues, String(value));
  }

  private enrol(): void {
    this.enrolling = true;
  }

  private enrolled(): void {
    this.enrolling = false;
    void this.list.again();
    this.renderRoot.querySelector<HTMLElement>('[data-testid="create-terminal"]')?.focus();
  }

  private onConfirmed(event: CustomEvent<string>): void {
    this.confirmed = event.detail;
    void this.list.again();
  }

  private filter(event: Event): void {
    location.hash = terminalsHref((event.target as HTMLSelectElement).value);
  }

  static override styles = [
    ledger,
    tables,
    marks,
    css`
      .waiting {
        margin-bottom: 26px;
        padding: 14px 18px 16px;
        border-top: 2px solid var(--vermilion);
        background: var(--sheet);
      }
      .said {
        padding: 6px 0 14px;
      }
      td {
        white-space: nowrap;
      }
      td.health {
        white-space: normal;
        font-size: 13px;
      }
      @media (max-width: 1099px) {
        td {
          white-space: normal;
        }
      }
      .health > span {
        display: inline-block;
        margin-right: 12px;
        white-space: nowrap;
      }
    `,
  ];
}
customElements.define('terminals-page', TerminalsPage);
