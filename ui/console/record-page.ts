import { css, html, type PropertyValues } from 'lit';
import type { RecordEvidence } from '../../protocol/api/console.ts';
import { toSecond } from './format.ts';
import { flagWords, marks, stageMark } from './marks.ts';
import { ConsolePage } from './page.ts';
import { Poll } from './poll.ts';
import './record-bytes.ts';
import { allowanceTable, linesTable, transfersTable } from './record-tables.ts';
import { recordHref, recordsHref } from './route.ts';
import { ledger, tables } from './styles.ts';
import { word } from './texts.ts';

/** One page of evidence for one record number; of a fork, each branch one after the other. */
export class RecordPage extends ConsolePage {
  static override properties = { ...ConsolePage.properties, number: {} };
  declare number: string;
  private readonly evidence = new Poll<{ readonly rows: readonly RecordEvidence[] }>(this, () =>
    this.api.record(this.number),
  );

  override updated(changed: PropertyValues): void {
    if (changed.get('number') === undefined) return;
    this.evidence.value = null;
    this.evidence.restart();
  }

  /** `j` and `k` go along the chain. */
  override walk(by: 1 | -1): boolean {
    const first = this.evidence.value?.rows[0];
    const to = by === 1 ? first?.following : first?.previous;
    if (to === null || to === undefined) return false;
    location.hash = recordHref(to);
    return true;
  }

  override render() {
    const { t } = this;
    const { value, refusal, asOf } = this.evidence;
    const missing = refusal?.code === 'no-record' || value?.rows.length === 0;
    return html`<main data-page="record" id="main">
      <p class="back"><a href=${recordsHref({})}>${t.backToRecords}</a>${this.asOf(asOf, refusal)}</p>
      <h1 tabindex="-1" data-testid="record-number">${this.number}</h1>
      ${missing ? this.empty(t.recordMissing, t.recordMissingHint) : this.refusal(refusal)}
      ${value === null && refusal === null ? html`<p class="empty">${t.loading}</p>` : ''}
      ${(value?.rows.length ?? 0) > 1 ? html`<p class="refusal">${t.forkSays}</p>` : ''}
      ${value?.rows.map((row, i) => this.branch(row, i, value.rows.length))}
    </main>`;
  }

  private branch(evidence: RecordEvidence, i: number, of: number) {
    const { t } = this;
    const { row } = evidence;
    return html`<article>
      ${of > 1 ? html`<h2 class="fork">${t.branch(i + 1, of)}</h2>` : ''}
      <dl class="facts">
        <div><dt>${t.checkCode}</dt><dd class="code" data-testid="check-code">${evidence.checkCode}</dd></div>
        <div>
          <dt>${t.stage}</dt>
          <dd data-testid="record-stage" data-stage=${row.stage}>${stageMark(row.stage, t)} ${flagWords(row.flags, t)}</dd>
        </div>
        <div><dt>${t.type}</dt><dd>${word(t.types, row.type)}</dd></div>
        <div><dt>${t.at}</dt><dd>${row.at === null ? '–' : toSecond(row.at)}</dd></div>
        <div><dt>${t.received2}</dt><dd>${toSecond(row.receivedAt)}</dd></div>
        ${row.acct === null ? '' : html`<div><dt>${t.resident}</dt><dd>${row.residentName ?? ''} <a href=${recordsHref({ q: row.acct })}>${row.acct}</a></dd></div>`}
      </dl>
      <p class="says">${t.stageSays[row.stage]} ${evidence.says === null ? '' : html`<b>${t.reasons[evidence.code ?? ''] ?? evidence.says}</b>`}
        ${evidence.code === null ? '' : html`<span class="faded small">${t.refusalCode}: ${evidence.code}</span>`}</p>
      ${this.chain(evidence)}
      <div class="columns">
        <section>
          <h2>${t.checks}</h2>
          <ul>
            ${evidence.checks.map(
              (check) => html`<li data-testid="check-${check.name}" data-ok=${check.ok}>
                <span class=${check.ok ? 'agrees' : 'warns'}><span aria-hidden="true">${check.ok ? '✓' : '▲'}</span> ${check.ok ? t.passes : t.fails}</span>
                <b>${word(t.checkNames, check.name)}</b>
                <span title=${check.says}>${t.checkSays[check.name]?.[check.ok ? 0 : 1] ?? check.says}</span>
              </li>`,
            )}
          </ul>
        </section>
        <section><h2>${t.lines}</h2>${evidence.lines.length === 0 ? html`<p class="none">${t.noLines}</p>` : linesTable(evidence.lines, t)}
          <h2 class="second">${t.allowanceTitle}</h2>
          ${evidence.allowance === null ? html`<p class="none">${t.noAllowance}</p>` : allowanceTable(evidence.allowance, t)}
        </section>
      </div>
      <section>
        <h2>${t.transfers}</h2>
        ${evidence.transfers.length === 0 ? html`<p class="none">${t.noTransfers} ${t.noTransfersHint}</p>` : transfersTable(evidence.transfers, t)}
      </section>
      <record-bytes .t=${t} .evidence=${evidence}></record-bytes>
    </article>`;
  }

  private chain(evidence: RecordEvidence) {
    const { t } = this;
    return html`<nav class="chain" aria-label=${t.inChain}>
      ${
        evidence.previous === null
          ? html`<span class="faded">${t.chainStart}</span>`
          : html`<a data-testid="previous" href=${recordHref(evidence.previous)}>← ${t.previous} ${evidence.previous}</a>`
      }
      <span aria-hidden="true" class="faded">⸺</span>
      ${
        evidence.following === null
          ? html`<span class="faded">${t.chainEnd}</span>`
          : html`<a data-testid="following" href=${recordHref(evidence.following)}>${t.following} ${evidence.following} →</a>`
      }
    </nav>`;
  }

  static override styles = [
    ledger,
    tables,
    marks,
    css`
      .back {
        display: flex;
        justify-content: space-between;
      }
      h1 {
        font-size: 30px;
      }
      h1 + .refusal {
        margin-top: 12px;
      }
      .fork {
        margin-top: 26px;
        padding-top: 10px;
        border-top: 2px solid var(--vermilion);
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 36px;
        margin-top: 10px;
      }
      dt,
      .none {
        font-size: 13px;
        color: var(--faded);
      }
      .none {
        padding: 6px 0;
      }
      .code {
        font: 600 16px/1.4 var(--mono);
      }
      .says {
        margin-top: 10px;
        max-width: 110em;
      }
      .chain {
        display: flex;
        gap: 14px;
        margin: 10px 0 22px;
      }
      .columns {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 44px;
        margin-bottom: 24px;
      }
      section h2 {
        padding-bottom: 3px;
        border-bottom: 1px solid var(--ink);
      }
      .second {
        margin-top: 22px;
      }
      li {
        display: grid;
        grid-template-columns: 72px 96px 1fr;
        gap: 8px;
        padding: 6px 0;
        border-bottom: 1px solid var(--hair);
      }
    `,
  ];
}
customElements.define('record-page', RecordPage);
