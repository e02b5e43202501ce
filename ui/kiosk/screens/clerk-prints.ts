import { css, html, type TemplateResult } from 'lit';
import type { PrintView } from '../../../protocol/api/kiosk.ts';
import { PRINT_WORDS } from '../../../protocol/api/kiosk-words.ts';
import { type IconName, icon } from '../../shared/components/icons.ts';
import { backButton, button, leaveButton } from '../button.ts';
import { noticeLine } from '../notices.ts';
import { localTurn } from '../page-turn.ts';
import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS } from '../words.ts';

const ROWS_A_PAGE = 3;

const STATE_ICON: Record<PrintView['state'], IconName> = {
  queued: 'clock',
  sending: 'paper',
  sent: 'paper',
  confirmed: 'check',
  unknown: 'notice',
  expired: 'notice',
};

/** The receipts of late, newest first, each with how sure we are that it came out. */
export const drawClerkPrints: DrawScreen = (scene) => {
  const clerk = scene.view.clerk;
  if (clerk === undefined) return html`<h1 tabindex="-1">${scene.t('printsTitle')}</h1>`;
  const newestFirst = clerk.prints.toSorted((a, b) => b.seq - a.seq);
  const pages = Math.max(1, Math.ceil(newestFirst.length / ROWS_A_PAGE));
  const page = Math.min(scene.page, pages - 1);
  const shown = newestFirst.slice(page * ROWS_A_PAGE, (page + 1) * ROWS_A_PAGE);
  return html`
    <header class="head asking"><h1 tabindex="-1">${scene.t('printsTitle')}</h1>${noticeLine(scene)}</header>
    ${
      shown.length === 0
        ? html`<p class="empty">${scene.t('noPrints')}</p>`
        : html`<ul class="prints">${shown.map((print) => row(scene, print))}</ul>`
    }
    <footer class="foot">
      ${leaveButton(scene, scene.t('clerkLeave'))} ${backButton(scene)}
      ${button(scene, { id: 'slip', act: { type: 'slip' }, label: scene.t('byNumber') })}
      ${localTurn(scene, { page, pages })}
    </footer>
  `;
};

function row(scene: Scene, print: PrintView): TemplateResult {
  const copies = print.copies > 0 ? ` · ${scene.say(SAYINGS.copies(print.copies))}` : '';
  return html`<li data-print=${print.seq} data-state=${print.state}>
    <p class="when"><b>${print.time}</b><span>${print.day.slice(-'MM-DD'.length)}</span></p>
    <div class="which">
      <p><b>${print.name}</b> <b>${print.pts} ${scene.t('pts')}</b> <span class="soft">${print.number}</span></p>
      <p class="state ${print.state}">${icon(STATE_ICON[print.state])}${scene.say(PRINT_WORDS[print.state])}${copies}</p>
    </div>
    ${button(scene, {
      id: `reprint-${print.seq}`,
      act: { type: 'reprint', seq: print.seq },
      label: scene.t('reprint'),
      aria: `${scene.t('reprint')} ${print.number}`,
    })}
  </li>`;
}

export const clerkPrintsStyles = css`
  .prints {
    display: grid;
    grid-auto-rows: minmax(0, calc(28 * var(--u)));
    align-content: start;
    min-height: 0;
  }
  .prints li {
    display: grid;
    grid-template-columns: calc(25 * var(--u)) minmax(0, 1fr) auto;
    align-items: center;
    gap: calc(3 * var(--u));
    border-top: calc(0.35 * var(--u)) solid var(--edge);
    line-height: 1.3;
  }
  .prints button {
    min-width: calc(30 * var(--u));
  }
  .when b {
    display: block;
    font-size: max(var(--least), calc(8 * var(--u)));
  }
  .when,
  .which p {
    white-space: nowrap;
  }
  .which b {
    font-size: max(var(--least), calc(7.2 * var(--u)));
    margin-right: calc(2 * var(--u));
  }
  .state {
    display: flex;
    align-items: center;
    gap: calc(1.5 * var(--u));
  }
  .state .icon {
    width: calc(7 * var(--u));
    height: calc(7 * var(--u));
  }
  .state.unknown,
  .state.expired {
    font-weight: 700;
    color: var(--accent);
  }
  .page {
    align-self: center;
    font-weight: 700;
  }
`;
