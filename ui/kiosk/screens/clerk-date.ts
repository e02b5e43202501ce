import { css, html } from 'lit';
import { button, leaveButton } from '../button.ts';
import type { DrawScreen } from '../screen.ts';
import { SAYINGS } from '../words.ts';

/** The machine's clock ran far ahead: a clerk says which day it is. Nothing is sold before that. */
export const drawClerkDate: DrawScreen = (scene) => {
  const date = scene.view.date;
  if (date === undefined) return html`<h1 tabindex="-1">${scene.t('dateTitle')}</h1>`;
  const step = (id: 'date-earlier' | 'date-later', word: 'dayBefore' | 'dayAfter') =>
    button(scene, { id, act: { type: id }, label: scene.t(word) });
  const last = scene.say(date.lastShown ? SAYINGS.machineDay() : SAYINGS.lastDay(date.lastDay));
  return html`
    <header class="head"><h1 tabindex="-1">${scene.t('dateTitle')}</h1></header>
    <div class="date-body">
      <p class="shown"><span class="digits" data-testid="date">${date.day}</span> <b>${date.time}</b></p>
      <div class="row">
        ${step('date-earlier', 'dayBefore')} ${step('date-later', 'dayAfter')}
        ${button(scene, { id: 'date-last', act: { type: 'date-last' }, label: last })}
      </div>
    </div>
    <footer class="foot">
      ${leaveButton(scene)}
      ${button(scene, { id: 'date-confirm', act: { type: 'date-confirm' }, label: scene.t('dateConfirm'), icon: 'check', look: 'main wide' })}
    </footer>
  `;
};

export const clerkDateStyles = css`
  .shown .digits {
    font-size: calc(24 * var(--u));
    color: var(--accent);
  }
  .shown b {
    font-size: calc(12 * var(--u));
  }
`;
