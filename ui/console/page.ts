import { html, LitElement, type PropertyDeclarations } from 'lit';
import type { Refusal } from '../../protocol/api/console.ts';
import type { ConsoleApi } from './api.ts';
import { toClock } from './format.ts';
import type { Texts } from './texts.ts';

/** What every page of the console is given, and the parts they share. */
export abstract class ConsolePage extends LitElement {
  static override properties: PropertyDeclarations = { t: { attribute: false }, api: { attribute: false } };
  declare t: Texts;
  declare api: ConsoleApi;

  /** `j` and `k`: moves the focus among the rows. True when it moved. */
  walk(by: 1 | -1): boolean {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('[data-row]')];
    const focused = this.shadowRoot?.activeElement?.closest('tr')?.querySelector<HTMLElement>('[data-row]');
    const at = focused === undefined || focused === null ? (by === 1 ? -1 : rows.length) : rows.indexOf(focused);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    return next !== undefined;
  }

  protected refusal(refusal: Refusal | null) {
    if (refusal === null || refusal.code === 'signed-out') return '';
    const { error, whatToDo } = inWords(refusal, this.t);
    return html`<p class="refusal" role="alert" data-testid="refusal" data-code=${refusal.code}><b>${error}</b> ${whatToDo}</p>`;
  }

  protected asOf(asOf: number | null, refusal: Refusal | null) {
    if (asOf === null) return '';
    const clock = toClock(asOf);
    return html`<span class="as-of" data-testid="as-of"
      >${refusal === null ? this.t.asOf(clock) : html`<span class="warns">${this.t.stale(clock)}</span>`}</span
    >`;
  }

  protected empty(what: string, hint: string) {
    return html`<p class="empty" data-testid="empty"><b>${what}</b> ${hint}</p>`;
  }

  /** A click anywhere in a row opens what its link opens, unless text was being selected. */
  protected openRow(event: MouseEvent): void {
    const row = event.currentTarget as HTMLElement;
    if (event.composedPath().some((node) => node instanceof HTMLAnchorElement)) return;
    if (getSelection()?.isCollapsed === false) return;
    row.querySelector<HTMLAnchorElement>('a[data-row]')?.click();
  }
}

/** A refusal in the words of the hub, or in ours where the hub did not answer. */
export function inWords(refusal: Refusal, t: Texts): { readonly error: string; readonly whatToDo: string } {
  if (refusal.code === 'unreachable') return { error: t.unreachableError, whatToDo: t.unreachableWhatToDo };
  const ours = t.refusals[refusal.code];
  return ours === undefined ? refusal : { error: ours[0], whatToDo: ours[1] };
}
