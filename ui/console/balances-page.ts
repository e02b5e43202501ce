import { css, html, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { BalanceRow, Page } from '../../protocol/api/console.ts';
import { points } from './format.ts';
import { ConsolePage } from './page.ts';
import { Poll } from './poll.ts';
import { balancesHref, recordsHref } from './route.ts';
import { ledger, tables } from './styles.ts';

/** Where each account's points are: free, pending, at terminals, in suspense. A row opens the account's records. */
export class BalancesPage extends ConsolePage {
  static override properties = { ...ConsolePage.properties, q: {}, cursor: {} };
  declare q: string;
  declare cursor: string;
  private readonly list = new Poll<Page<BalanceRow>>(this, () => this.api.balances(this.q, this.cursor));

  constructor() {
    super();
    this.q = '';
    this.cursor = '';
  }

  override updated(changed: PropertyValues): void {
    if (this.hasUpdated && (changed.get('q') !== undefined || changed.get('cursor') !== undefined)) this.list.restart();
  }

  override render() {
    const { t } = this;
    const { value, refusal, asOf } = this.list;
    return html`<main data-page="balances" id="main">
      <div class="page-head">
        <h1 tabindex="-1">${t.balances}</h1>
        ${
          this.q === ''
            ? ''
            : html`<span>${t.search} <b>${t.searching(this.q)}</b></span>
                <a href=${balancesHref('', '')} data-testid="clear-filters">${t.clearFilters}</a>`
        }
        ${this.asOf(asOf, refusal)}
      </div>
      ${this.refusal(refusal)}
      ${value === null ? (refusal === null ? html`<p class="empty">${t.loading}</p>` : '') : this.table(value)}
    </main>`;
  }

  private table(page: Page<BalanceRow>) {
    const { t } = this;
    if (page.rows.length === 0)
      return this.q === ''
        ? this.empty(t.noBalances, t.noBalancesHint)
        : this.empty(t.noBalancesMatch, t.noBalancesMatchHint);
    return html`<table class="list">
        <thead>
          <tr>
            <th scope="col">${t.account}</th>
            <th scope="col">${t.name}</th>
            <th scope="col">${t.village}</th>
            <th scope="col">${t.cards}</th>
            <th scope="col" class="number">${t.accountPts}</th>
            <th scope="col" class="number">${t.pendingPts}</th>
            <th scope="col" class="number">${t.allowancePts}</th>
            <th scope="col" class="number">${t.suspensePts}</th>
            <th scope="col" class="number">${t.total}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(page.rows, (row) => row.acct, this.row)}
        </tbody>
      </table>
      <p class="paging">
        ${this.cursor === '' ? '' : html`<a href=${balancesHref(this.q, '')}>${t.firstPage}</a>`}
        ${page.next === null ? '' : html`<a data-testid="next-page" href=${balancesHref(this.q, page.next)}>${t.nextPage}</a>`}
      </p>`;
  }

  private row = (row: BalanceRow) => {
    const total = row.accountPts + row.pendingPts + row.allowancePts + row.suspensePts;
    return html`<tr data-testid="balance-row-${row.acct}" data-opens @click=${this.openRow}>
      <td><a data-row href=${recordsHref({ q: row.acct })}>${row.acct}</a></td>
      <td lang="zh-CN">${row.name}</td>
      <td lang="zh-CN">${row.village}</td>
      <td>${row.last4.join(', ')} ${row.blocked ? html`<span class="warns">▲ ${this.t.blocked}</span>` : ''}</td>
      <td class="number">${points(row.accountPts)}</td>
      <td class="number">${quiet(row.pendingPts)}</td>
      <td class="number">${quiet(row.allowancePts)}</td>
      <td class="number">${quiet(row.suspensePts)}</td>
      <td class="number"><b>${points(total)}</b></td>
    </tr>`;
  };

  static override styles = [
    ledger,
    tables,
    css`
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

/** A zero stands back. */
function quiet(pts: number) {
  return pts === 0 ? html`<span class="faded">0</span>` : points(pts);
}
customElements.define('balances-page', BalancesPage);
