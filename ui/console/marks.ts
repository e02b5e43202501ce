import { css, html } from 'lit';
import type { Stage, TerminalState } from '../../protocol/api/console.ts';
import { type Texts, word } from './texts.ts';

/** A shape before the word, so that nothing is said by colour alone. */
const STAGE_SHAPES: Readonly<Record<Stage, string>> = {
  received: '○',
  gap: '◌',
  matched: '✓',
  quarantined: '▲',
  closed: '✓',
  settled: '✓',
  junk: '✕',
};
const STATE_SHAPES: Readonly<Record<TerminalState, string>> = {
  'awaiting-device': '○',
  'awaiting-confirmation': '◐',
  open: '✓',
  frozen: '▲',
  ended: '–',
  revoked: '✕',
};
const AGREES: readonly string[] = ['matched', 'closed', 'settled', 'open'];
const WARNS: readonly string[] = ['gap', 'quarantined', 'junk', 'frozen', 'revoked'];

export function stageMark(stage: Stage, t: Texts) {
  return mark(stage, STAGE_SHAPES[stage], word(t.stages, stage));
}

export function stateMark(state: TerminalState, t: Texts) {
  return mark(state, STATE_SHAPES[state], word(t.states, state));
}

export function flagWords(flags: readonly string[], t: Texts) {
  return flags.map((flag) => html`<span class="flag warns">${word(t.flags, flag)}</span>`);
}

function mark(code: string, shape: string | undefined, says: string) {
  const tone = AGREES.includes(code) ? 'agrees' : WARNS.includes(code) ? 'warns' : '';
  return html`<span class="mark ${tone}"><span aria-hidden="true">${shape ?? '?'}</span>${says}</span>`;
}

export const marks = css`
  .mark {
    white-space: nowrap;
  }
  .mark > span {
    display: inline-block;
    width: 1.25em;
  }
`;
