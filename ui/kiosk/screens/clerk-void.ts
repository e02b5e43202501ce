import { css, html, type TemplateResult } from 'lit';
import { VOID_REASONS, type VoidableView } from '../../../protocol/api/counter.ts';
import type { LineView } from '../../../protocol/api/kiosk.ts';
import { backButton, button, leaveButton } from '../button.ts';
import { VOID_REASON_WORDS } from '../counter-words.ts';
import { pageTurn } from '../page-turn.ts';
import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS } from '../words.ts';

/** So many goods are named; the rest by its number. */
const LINES_SHOWN = 4;
const LINES_SHOWN_LARGE = 3;

/** The redemptions since the last close, newest first; the clerk's own cannot be touched, and say why. */
export const drawClerkVoid: DrawScreen = (scene) => {
  const list = scene.view.counter?.voidable ?? { rows: [], page: 0, pages: 1 };
  return html`
    <header class="head"><h1 tabindex="-1">${scene.t('voidTitle')}</h1></header>
    ${
      list.rows.length === 0
        ? html`<p class="empty">${scene.t('voidNone')}</p>`
        : html`<div class="choices">${list.rows.map((row) => voidable(scene, row))}</div>`
    }
    <footer class="foot">${leaveButton(scene)} ${backButton(scene)} ${pageTurn(scene, list)}</footer>
  `;
};

function voidable(scene: Scene, row: VoidableView): TemplateResult {
  const { seq, number, time, name, pts, own } = row;
  return button(scene, {
    ...{ id: `void-${seq}`, act: { type: 'void-pick', seq }, look: 'choice', disabled: own },
    body: html`<b class="choice-name">${name}</b><b>${pts} ${scene.t('pts')}</b>
      <span class="choice-last">${own ? scene.t('voidOwnRow') : `${time} · ${number}`}</span>`,
  });
}

/** What was given out, why it is taken back, and one touch that does it. */
export const drawClerkVoidOne: DrawScreen = (scene) => {
  const undoing = scene.view.counter?.undoing;
  if (undoing === undefined) return html`<h1 tabindex="-1">${scene.t('voidWhy')}</h1>`;
  const { row, lines, reason } = undoing;
  return html`
    <header class="head person">
      <h1 tabindex="-1">${scene.t('voidWhy')}</h1>
      <p class="soft">${row.time} · ${row.number}</p>
    </header>
    <div class="undo-body">
      <div class="undone">
        <p class="undone-who"><b>${row.name}</b><b>${row.pts} ${scene.t('pts')}</b></p>
        ${goods(scene, lines)}
      </div>
      <div class="reasons" role="group">
        ${VOID_REASONS.map((each) =>
          button(scene, {
            ...{ id: `reason-${each}`, act: { type: 'void-reason', reason: each } },
            ...{
              look: reason === each ? 'plain reason here' : 'plain reason',
              label: scene.say(VOID_REASON_WORDS[each]),
            },
          }),
        )}
        <p>${scene.t('voidPaper')}</p>
      </div>
    </div>
    <footer class="foot">
      ${leaveButton(scene)} ${backButton(scene)}
      ${button(scene, {
        ...{ id: 'void-confirm', act: { type: 'void-confirm', seq: row.seq }, label: scene.t('voidConfirm') },
        ...{ icon: 'undo', look: 'main wide', disabled: reason === null },
      })}
    </footer>
  `;
};

function goods(scene: Scene, lines: readonly LineView[]): TemplateResult {
  const most = scene.view.preferences?.large === true ? LINES_SHOWN_LARGE : LINES_SHOWN;
  const shown = lines.length > most ? lines.slice(0, most - 1) : lines;
  const rest = lines.length - shown.length;
  return html`<ul class="undone-goods">
    ${shown.map((line) => html`<li><img src=${line.image} alt="" /><span>${scene.say(line.name)}</span><b>× ${line.qty}</b></li>`)}
    ${rest > 0 ? html`<li class="rest">${scene.say(SAYINGS.andMore(rest))}</li>` : ''}
  </ul>`;
}

export const clerkVoidStyles = css`
  .undo-body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) calc(102 * var(--u));
    gap: calc(5 * var(--u));
    min-height: 0;
  }
  .undone {
    padding: calc(2 * var(--u)) calc(3 * var(--u));
    background: var(--sheet);
    border: calc(0.35 * var(--u)) solid var(--hair);
    border-radius: calc(2.6 * var(--u));
    min-height: 0;
  }
  .undone-who {
    display: flex;
    justify-content: space-between;
    gap: calc(2 * var(--u));
    font-size: max(var(--least), calc(7.6 * var(--u)));
    white-space: nowrap;
  }
  .undone-goods li {
    display: grid;
    grid-template-columns: calc(13 * var(--u)) minmax(0, 1fr) auto;
    align-items: center;
    gap: calc(2 * var(--u));
    min-height: calc(15 * var(--u));
    border-top: calc(0.35 * var(--u)) dashed var(--edge);
    line-height: 1.3;
  }
  .undone-goods .rest {
    grid-template-columns: auto;
  }
  .undone-goods img {
    width: calc(13 * var(--u));
    height: calc(13 * var(--u));
    object-fit: contain;
  }
  .reasons {
    display: grid;
    grid-template: repeat(2, calc(25 * var(--u))) auto / repeat(2, minmax(0, 1fr));
    align-content: center;
    gap: calc(3 * var(--u));
  }
  .reasons p {
    grid-column: 1 / -1;
    line-height: 1.3;
  }
  .reason {
    padding: 0 calc(0.5 * var(--u));
    font-size: max(var(--least), calc(6.8 * var(--u)));
    letter-spacing: -0.02em;
  }
  .reason.here {
    border: calc(1.2 * var(--u)) solid var(--accent);
    background: var(--glow);
  }
`;
