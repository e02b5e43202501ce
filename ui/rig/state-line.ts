import { html } from 'lit';
import type { RigState } from '../../protocol/api/rig.ts';
import { type Texts, word } from './texts.ts';

/** One line at the foot: what the kiosk, the hub and the devices say of themselves. */
export function stateLine(state: RigState | null, t: Texts) {
  if (state === null) return html`<footer data-testid="state">${t.noState}</footer>`;
  const facts = [
    [t.journal, state.journal.seq],
    [t.unsent, state.journal.unsent],
    [t.hubSeq, state.hub.seq],
    [t.readerKind, `${word(t.readerKinds, state.reader.kind)}, ${state.reader.state}`],
    [t.printer, `${state.printer.state}, ${state.printer.paper}`],
    [t.screen, state.session.screen],
  ] as const;
  return html`<footer data-testid="state">
    ${facts.map(([name, value]) => html`<span><span class="faded">${name}</span> ${value}</span>`)}
  </footer>`;
}
