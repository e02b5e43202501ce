import { html } from 'lit';
import type { RecordEvidence, TransferRow } from '../../protocol/api/console.ts';
import { points, toSecond } from './format.ts';
import { type Texts, word } from './texts.ts';

const COUNTERS = ['G', 'S', 'V', 'R', 'spendable'] as const;

export function linesTable(lines: RecordEvidence['lines'], t: Texts) {
  const total = lines.reduce((sum, line) => sum + line.qty * line.pts, 0);
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${t.item}</th>
        <th scope="col" class="number">${t.qty}</th>
        <th scope="col" class="number">${t.each}</th>
        <th scope="col" class="number">${t.linePts}</th>
      </tr>
    </thead>
    <tbody>
      ${lines.map(
        (line) => html`<tr>
          <td>${line.name} <span class="faded small">${line.sku}</span></td>
          <td class="number">${line.qty}</td>
          <td class="number">${points(line.pts)}</td>
          <td class="number">${points(line.qty * line.pts)}</td>
        </tr>`,
      )}
      <tr>
        <th scope="row" colspan="3">${t.total}</th>
        <td class="number"><b>${points(total)}</b></td>
      </tr>
    </tbody>
  </table>`;
}

export function allowanceTable(allowance: NonNullable<RecordEvidence['allowance']>, t: Texts) {
  const { before, after } = allowance;
  return html`<table data-testid="allowance">
    <thead>
      <tr>
        <td></td>
        <th scope="col" class="number">${t.before}</th>
        <th scope="col" class="number">${t.after}</th>
        <th scope="col" class="number">${t.change}</th>
      </tr>
    </thead>
    <tbody>
      ${COUNTERS.map((counter) => {
        const change = after[counter] - before[counter];
        return html`<tr>
          <th scope="row">${t.allowanceRows[counter]}</th>
          <td class="number">${points(before[counter])}</td>
          <td class="number"><b>${points(after[counter])}</b></td>
          <td class="number">${change === 0 ? '' : `${change > 0 ? '+' : ''}${points(change)}`}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

export function transfersTable(transfers: readonly TransferRow[], t: Texts) {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${t.kind}</th>
        <th scope="col">${t.debit}</th>
        <th scope="col">${t.credit}</th>
        <th scope="col" class="number">${t.amount}</th>
        <th scope="col">${t.at}</th>
        <th scope="col">id</th>
      </tr>
    </thead>
    <tbody>
      ${transfers.map(
        (transfer) => html`<tr data-testid="transfer-row">
          <td>${word(t.kinds, transfer.kind)}</td>
          <td class="mono">${transfer.debit}</td>
          <td class="mono">${transfer.credit}</td>
          <td class="number">${points(transfer.amount)}</td>
          <td>${toSecond(transfer.at)}</td>
          <td class="mono faded">${transfer.id}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
