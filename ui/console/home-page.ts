import { css, html } from 'lit';
import type { HomeView, Stage, TerminalState } from '../../protocol/api/console.ts';
import { points } from './format.ts';
import { marks, stageMark, stateMark } from './marks.ts';
import { ConsolePage } from './page.ts';
import { Poll } from './poll.ts';
import { recordsHref, terminalsHref } from './route.ts';
import { ledger, tables } from './styles.ts';

const STATES: readonly TerminalState[] = [
  'awaiting-confirmation',
  'awaiting-device',
  'open',
  'frozen',
  'revoked',
  'ended',
];
const STAGES: readonly Stage[] = ['received', 'gap', 'quarantined', 'matched', 'closed', 'settled', 'junk'];

/** The three questions: does everything agree, what does not and why, what is to be done next. */
export class HomePage extends ConsolePage {
  static override properties = { ...ConsolePage.properties };
  private readonly view = new Poll<HomeView>(this, () => this.api.home());

  override render() {
    const { t } = this;
    const { value, refusal, asOf } = this.view;
    return html`<main data-page="home" id="main">
      <div class="page-head"><h1 tabindex="-1">${t.home}</h1>${this.asOf(value?.asOf ?? asOf, refusal)}</div>
      ${this.refusal(refusal)}
      ${value === null ? (refusal === null ? html`<p class="empty">${t.loading}</p>` : '') : this.questions(value)}
    </main>`;
  }

  private questions(view: HomeView) {
    const { t } = this;
    return html`<div class="questions">
        <section aria-labelledby="agree"><h2 id="agree">${t.agreeQuestion}</h2>${this.sums(view)}</section>
        <section aria-labelledby="why">
          <h2 id="why">${t.whyQuestion}</h2>
          ${this.reasons(
            [
              [view.records.quarantined, t.quarantineWhy, recordsHref({ stage: 'quarantined' })],
              [view.records.gap, t.gapWhy, recordsHref({ stage: 'gap' })],
              [view.terminals.frozen, t.frozenWhy, terminalsHref('frozen')],
              [view.terminals.revoked, t.revokedWhy, terminalsHref('revoked')],
              [view.records.junk, t.junkWhy, recordsHref({ stage: 'junk' })],
            ],
            t.allAgree,
            t.allAgreeHint,
          )}
        </section>
        <section aria-labelledby="next">
          <h2 id="next">${t.nextQuestion}</h2>
          ${this.reasons(
            [
              [view.terminals['awaiting-confirmation'], t.confirmTask, terminalsHref('awaiting-confirmation')],
              [view.terminals['awaiting-device'], t.deviceTask, terminalsHref('awaiting-device')],
              [view.records.received, t.judgeTask, recordsHref({ stage: 'received' })],
            ],
            t.nothingToDo,
            t.nothingToDoHint,
          )}
        </section>
      </div>
      <div class="counts">
        ${this.counts(
          t.terminalsByState,
          STATES.map((state) => [stateMark(state, t), view.terminals[state], terminalsHref(state)] as const),
        )}
        ${this.counts(
          t.recordsByStage,
          STAGES.map((stage) => [stageMark(stage, t), view.records[stage], recordsHref({ stage })] as const),
        )}
      </div>`;
  }

  private sums(view: HomeView) {
    const { t } = this;
    const other = view.issuedPts - view.redeemedPts - view.leasedPts - view.freePts;
    const balanced = view.ledgerSumPts === 0;
    return html`<table class="sums">
        <tbody>
          <tr><th scope="row">${t.redeemed}</th><td class="number">${points(view.redeemedPts)}</td></tr>
          <tr><th scope="row">${t.leased}</th><td class="number">${points(view.leasedPts)}</td></tr>
          <tr><th scope="row">${t.free}</th><td class="number">${points(view.freePts)}</td></tr>
          <tr><th scope="row">${t.other}</th><td class="number">${points(other)}</td></tr>
          <tr class="sum"><th scope="row">${t.issued}</th><td class="number" data-testid="issued">${points(view.issuedPts)}</td></tr>
        </tbody>
      </table>
      <p class="zero ${balanced ? 'agrees' : 'warns'}" data-testid="ledger-sum">
        <span class="figure">${points(view.ledgerSumPts)}</span>
        <span
          >${t.ledgerSum}<br /><b><span aria-hidden="true">${balanced ? '✓' : '▲'}</span> ${balanced ? t.sumAgrees : t.sumDiffers}</b></span
        >
      </p>
      ${balanced ? '' : html`<p class="refusal" role="alert">${t.sumDiffersWhatToDo}</p>`}`;
  }

  private reasons(all: readonly (readonly [number, (n: number) => string, string])[], none: string, hint: string) {
    const there = all.filter(([count]) => count > 0);
    if (there.length === 0) return this.empty(none, hint);
    return html`<ul>
      ${there.map(
        ([count, says, href]) =>
          html`<li><span>${says(count)}</span> <a href=${href} data-row>${this.t.lookAt}</a></li>`,
      )}
    </ul>`;
  }

  private counts(title: string, rows: readonly (readonly [unknown, number, string])[]) {
    const total = rows.reduce((sum, [, count]) => sum + count, 0);
    return html`<table>
      <caption>${title}</caption>
      <tbody>
        ${rows.map(
          ([name, count, href]) => html`<tr ?data-none=${count === 0}>
            <td><a href=${href}>${name}</a></td>
            <td class="number">${points(count)}</td>
          </tr>`,
        )}
        <tr class="sum"><td>${this.t.total}</td><td class="number">${points(total)}</td></tr>
      </tbody>
    </table>`;
  }

  static override styles = [
    ledger,
    tables,
    marks,
    css`
      .questions {
        display: grid;
        grid-template-columns: 1.1fr 1fr 1fr;
        gap: 44px;
        margin-bottom: 40px;
      }
      section h2 {
        padding-bottom: 6px;
        border-bottom: 2px solid var(--ink);
        font-size: 17px;
      }
      .sums th {
        font-size: 14px;
        white-space: normal;
      }
      /* The accountant's total: one line above, two below. */
      .sum th,
      .sum td {
        color: var(--ink);
        font-weight: 600;
        border-top: 1px solid var(--ink);
        border-bottom: 3px double var(--ink);
      }
      .zero {
        display: flex;
        gap: 16px;
        align-items: center;
        padding: 14px 10px;
        line-height: 1.4;
      }
      .figure {
        font-size: 44px;
        line-height: 1;
        font-weight: 600;
        padding-bottom: 4px;
        border-bottom: 4px double currentcolor;
      }
      li {
        display: flex;
        justify-content: space-between;
        gap: 16px;
        padding: 7px 0;
        border-bottom: 1px solid var(--hair);
      }
      li a {
        flex: none;
      }
      .empty {
        padding-top: 12px;
      }
      .counts {
        display: grid;
        grid-template-columns: 1.1fr 1fr 1fr;
        align-items: start;
        gap: 44px;
      }
      .counts a {
        color: inherit;
        text-decoration-color: var(--hair);
      }
      tr[data-none] td {
        color: var(--faded);
      }
      tr[data-none] .mark {
        color: var(--faded);
      }
    `,
  ];
}
customElements.define('home-page', HomePage);
