import { css, html, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Page, RecordRow, Stage, TerminalRow } from '../../protocol/api/console.ts';
import type { RecordFilters } from './api.ts';
import { points, toMinute, toSecond } from './format.ts';
import { flagWords, marks, stageMark } from './marks.ts';
import { ConsolePage } from './page.ts';
import { Poll } from './poll.ts';
import { recordHref, recordsHref } from './route.ts';
import { ledger, tables } from './styles.ts';
import { word } from './texts.ts';

const STAGES: readonly Stage[] = ['received', 'gap', 'matched', 'quarantined', 'closed', 'settled', 'junk'];

/** The records, newest first as the hub sends them; the filters are the address. */
export class RecordsPage extends ConsolePage {
  static override properties = {
    ...ConsolePage.properties,
    filters: { attribute: false },
    terminals: { state: true },
  };
  declare filters: RecordFilters;
  declare private terminals: readonly TerminalRow[];
  private readonly list = new Poll<Page<RecordRow>>(this, () => this.api.records(this.filters));

  constructor() {
    super();
    this.filters = { tid: '', stage: '', q: '', cursor: '' };
    this.terminals = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.readTerminals();
  }

  override updated(changed: PropertyValues): void {
    const before: unknown = changed.get('filters');
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(this.filters)) this.list.restart();
  }

  override render() {
    const { t } = this;
    const { value, refusal, asOf } = this.list;
    return html`<main data-page="records" id="main">
      <div class="page-head"><h1 tabindex="-1">${t.records}</h1>${this.asOf(asOf, refusal)}</div>
      ${this.filterLine()} ${this.refusal(refusal)}
      ${value === null ? (refusal === null ? html`<p class="empty">${t.loading}</p>` : '') : this.table(value)}
    </main>`;
  }

  private filterLine() {
    const { t, filters } = this;
    const tids = [...new Set([...this.terminals.map((row) => row.tid), ...(filters.tid === '' ? [] : [filters.tid])])];
    return html`<div class="filters">
      <label>${t.terminal}
        <select data-testid="filter-tid" @change=${(event: Event) => this.filter('tid', event)}>
          <option value="" ?selected=${filters.tid === ''}>${t.anyTerminal}</option>
          ${tids.map((tid) => html`<option value=${tid} ?selected=${filters.tid === tid}>${tid}</option>`)}
        </select>
      </label>
      <label>${t.stage}
        <select data-testid="filter-stage" @change=${(event: Event) => this.filter('stage', event)}>
          <option value="" ?selected=${filters.stage === ''}>${t.anyStage}</option>
          ${STAGES.map(
            (stage) =>
              html`<option value=${stage} ?selected=${filters.stage === stage}>${word(t.stages, stage)}</option>`,
          )}
        </select>
      </label>
      ${filters.q === '' ? '' : html`<span>${t.search} <b>${t.searching(filters.q)}</b></span>`}
      ${this.isFiltered() ? html`<a href=${recordsHref({})} data-testid="clear-filters">${t.clearFilters}</a>` : ''}
    </div>`;
  }

  private table(page: Page<RecordRow>) {
    const { t } = this;
    if (page.rows.length === 0)
      return this.isFiltered()
        ? this.empty(t.noRecordsMatch, t.noRecordsMatchHint)
        : this.empty(t.noRecords, t.noRecordsHint);
    return html`<table class="list">
        <thead>
          <tr>
            <th scope="col">${t.number}</th>
            <th scope="col">${t.type}</th>
            <th scope="col">${t.at}</th>
            <th scope="col">${t.resident}</th>
            <th scope="col" class="number">${t.pts}</th>
            <th scope="col">${t.stage}</th>
            <th scope="col">${t.flag}</th>
            <th scope="col">${t.received}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(page.rows, (row) => row.hash, this.row)}
        </tbody>
      </table>
      <p class="paging">
        ${this.filters.cursor === '' ? '' : html`<a href=${recordsHref({ ...this.filters, cursor: '' })}>${t.firstPage}</a>`}
        ${
          page.next === null
            ? ''
            : html`<a data-testid="next-page" href=${recordsHref({ ...this.filters, cursor: page.next })}>${t.nextPage}</a>`
        }
      </p>`;
  }

  private row = (row: RecordRow) => {
    const { t } = this;
    return html`<tr
      data-testid="record-row-${row.number ?? row.hash}"
      ?data-opens=${row.number !== null}
      @click=${this.openRow}
    >
      <td>
        ${
          row.number === null
            ? html`<span class="mono faded" title=${row.hash}>${row.hash.slice(0, 12)}…</span>`
            : html`<a data-row href=${recordHref(row.number)}>${row.number}</a>`
        }
      </td>
      <td>${word(t.types, row.type)}</td>
      <td>${row.at === null ? '' : html`<time title=${toSecond(row.at)}>${toMinute(row.at)}</time>`}</td>
      <td>${row.residentName ?? ''}<span class="acct faded">${row.acct ?? ''}</span></td>
      <td class="number">${row.pts === null ? '' : points(row.pts)}</td>
      <td>${stageMark(row.stage, t)}</td>
      <td>${flagWords(row.flags, t)}</td>
      <td class="faded"><time title=${toSecond(row.receivedAt)}>${toMinute(row.receivedAt)}</time></td>
    </tr>`;
  };

  private filter(name: 'tid' | 'stage', event: Event): void {
    const value = (event.target as HTMLSelectElement).value;
    location.hash = recordsHref({ ...this.filters, [name]: value, cursor: '' });
  }

  private isFiltered(): boolean {
    return Object.values(this.filters).some((value) => value !== '');
  }

  private async readTerminals(): Promise<void> {
    await this.updateComplete;
    const answer = await this.api.terminals();
    if (answer.ok) this.terminals = answer.value.rows;
  }

  static override styles = [
    ledger,
    tables,
    marks,
    css`
      .filters {
        display: flex;
        align-items: baseline;
        gap: 22px;
        min-height: 36px;
        margin-bottom: 8px;
      }
      .acct {
        margin-left: 8px;
        font-size: 13px;
      }
      td {
        white-space: nowrap;
      }
      .paging {
        display: flex;
        gap: 22px;
        justify-content: flex-end;
        padding: 12px 10px;
      }
    `,
  ];
}
customElements.define('records-page', RecordsPage);
