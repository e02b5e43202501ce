import { css, html, type TemplateResult } from 'lit';
import type { NoticeCode, Said } from '../../../protocol/api/kiosk.ts';
import { icon } from '../../shared/components/icons.ts';
import { button, leaveButton } from '../button.ts';
import { TASK_TILES, type TaskTile } from '../clerk-tasks.ts';
import { ATTENTION_WORDS, COUNTER_SAYINGS } from '../counter-words.ts';
import { URGENCY } from '../notices.ts';
import { localTurn } from '../page-turn.ts';
import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS } from '../words.ts';

const TILES_A_PAGE = 6;
/** More than these are not read at once. */
const ATTENTION_MAX = 4;

/** What needs the clerk first, then what there is to do. */
export const drawClerkHome: DrawScreen = (scene) => {
  const pages = Math.ceil(TASK_TILES.length / TILES_A_PAGE);
  const page = Math.min(scene.page, pages - 1);
  const shown = TASK_TILES.slice(page * TILES_A_PAGE, (page + 1) * TILES_A_PAGE);
  return html`
    <header class="head">
      <div class="person">
        <h1 tabindex="-1">${scene.t('homeTitle')}</h1>
        <p class="soft">${scene.say(SAYINGS.clerk(scene.view.clerk?.name ?? ''))}</p>
      </div>
      ${attention(scene)}
    </header>
    <div class="tasks ${shown.length > 4 ? 'many' : ''}">${shown.map((tile) => task(scene, tile))}</div>
    <footer class="foot">${leaveButton(scene, scene.t('clerkLeave'))} ${localTurn(scene, { page, pages })}</footer>
  `;
};

function task(scene: Scene, { task, icon: sign, title, says }: TaskTile): TemplateResult {
  return button(scene, {
    ...{ id: `task-${task}`, act: { type: 'clerk-task', task }, look: 'task' },
    body: html`${icon(sign)}<span class="task-title">${scene.t(title)}</span><span class="task-says">${scene.t(says)}</span>`,
  });
}

function attention(scene: Scene): TemplateResult {
  const unsure = scene.view.counter?.unsurePrints ?? 0;
  const amiss: readonly NoticeCode[] = URGENCY.filter((code) => scene.view.notices.includes(code));
  const says: Said[] = [
    ...amiss.map((code) => ATTENTION_WORDS[code]),
    ...(unsure > 0 ? [COUNTER_SAYINGS.unsurePrints(unsure)] : []),
  ];
  if (says.length === 0) return html`<p class="well">${icon('check')}<span>${scene.t('allWell')}</span></p>`;
  return html`<ul class="attention" data-testid="attention">
    ${says.slice(0, ATTENTION_MAX).map((each) => html`<li>${icon('notice')}<span>${scene.say(each)}</span></li>`)}
  </ul>`;
}

export const clerkHomeStyles = css`
  .tasks {
    display: grid;
    grid-template: repeat(2, minmax(0, 1fr)) / repeat(2, minmax(0, 1fr));
    gap: calc(3 * var(--u));
    min-height: 0;
  }
  .tasks.many {
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }
  .task {
    display: grid;
    grid-template: auto auto / auto minmax(0, 1fr);
    align-content: center;
    justify-content: stretch;
    gap: calc(1 * var(--u)) calc(3 * var(--u));
    padding: calc(2 * var(--u)) calc(4 * var(--u));
    text-align: left;
    white-space: normal;
    font-weight: 400;
  }
  .task .icon {
    grid-row: 1 / 3;
    align-self: center;
    width: calc(14 * var(--u));
    height: calc(14 * var(--u));
    color: var(--accent);
    stroke-width: 1.7;
  }
  .task-title {
    align-self: end;
    font-size: calc(9 * var(--u));
    font-weight: 700;
  }
  :host([language='en']) .task-title {
    font-size: max(var(--least), calc(8.2 * var(--u)));
  }
  .task-says {
    font-size: max(var(--least), calc(6.7 * var(--u)));
    line-height: 1.3;
  }
  .attention {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: calc(1.5 * var(--u)) calc(3 * var(--u));
  }
  .attention li,
  .well {
    display: flex;
    align-items: center;
    gap: calc(2 * var(--u));
    padding: 0 calc(2.5 * var(--u));
    font-weight: 700;
    white-space: nowrap;
  }
  .attention li {
    background: var(--glow);
    border-radius: calc(1.6 * var(--u));
  }
  .attention .icon,
  .well .icon {
    width: calc(7 * var(--u));
    height: calc(7 * var(--u));
  }
  .well {
    padding: 0;
    color: var(--ink-soft);
  }
`;
