import { css, html, nothing, type TemplateResult } from 'lit';
import { VOLUMES } from '../../../protocol/api/kiosk.ts';
import { type IconName, icon } from '../../shared/components/icons.ts';
import { backButton, button, leaveButton } from '../button.ts';
import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS, type Word } from '../words.ts';

const STEPS: readonly (readonly [IconName, Word])[] = [
  ['card', 'helpTap'],
  ['goods', 'helpPick'],
  ['check', 'helpConfirm'],
  ['basket', 'helpTake'],
];

/** The four steps by picture, and the clerk as an equal way. */
export const drawHelp: DrawScreen = (scene) => html`
  <header class="head">
    <h1 tabindex="-1">${scene.t('helpTitle')}</h1>
    <p class="under">${scene.t('helpTodo')}</p>
  </header>
  <ol class="steps">
    ${STEPS.map(([sign, word]) => html`<li>${icon(sign)}<span>${scene.t(word)}</span></li>`)}
  </ol>
  <footer class="foot">
    ${backButton(scene)} ${soundButtons(scene)}
    ${scene.view.session === null ? button(scene, { id: 'clerk', act: { type: 'clerk' }, label: scene.t('clerkCard'), icon: 'card', look: 'plain last' }) : leaveButton(scene, scene.t('leave'), 'plain last')}
  </footer>
`;

/** How loud, and whether each screen is read out by itself. */
function soundButtons(scene: Scene): TemplateResult {
  const { volume, aloud } = scene.view.preferences ?? { volume: 2, aloud: false };
  const louder = VOLUMES[volume % VOLUMES.length] ?? 2;
  return html`${button(scene, {
    id: 'volume',
    act: { type: 'volume', step: louder },
    aria: scene.say(SAYINGS.loudness(volume)),
    look: 'plain stacked sound',
    body: html`<span class="label">${scene.t('volume')}</span
      ><span class="bars" aria-hidden="true">${VOLUMES.map((step) => html`<i class=${step <= volume ? 'full' : ''}></i>`)}</span>`,
  })}
  ${button(scene, {
    id: 'read-aloud',
    act: { type: 'read-aloud', on: !aloud },
    look: aloud ? 'plain stacked here sound' : 'plain stacked sound',
    body: html`<span class="label">${scene.t('readAloud')}</span><span class="label">${aloud ? icon('check') : nothing}${scene.t(aloud ? 'on' : 'off')}</span>`,
  })}`;
}

export const helpStyles = css`
  .under {
    font-size: calc(8.5 * var(--u));
    margin-top: calc(2 * var(--u));
  }
  .steps {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: calc(7 * var(--u));
    align-items: center;
    counter-reset: step;
  }
  .steps li {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: calc(2 * var(--u));
    padding: calc(5 * var(--u)) calc(2 * var(--u));
    background: var(--sheet);
    border: calc(0.5 * var(--u)) solid var(--hair);
    border-radius: calc(3 * var(--u));
    font-size: max(var(--least), calc(7.6 * var(--u)));
    font-weight: 700;
  }
  .steps li::before {
    counter-increment: step;
    content: counter(step);
    font-size: calc(10 * var(--u));
    line-height: 1;
    color: var(--accent);
  }
  .sound {
    min-width: calc(28 * var(--u));
    padding: 0 calc(2.5 * var(--u));
  }
  .sound .label {
    display: flex;
    align-items: center;
    gap: calc(1 * var(--u));
    line-height: 1.15;
  }
  .sound .icon {
    width: calc(6 * var(--u));
    height: calc(6 * var(--u));
  }
  .bars {
    display: flex;
    align-items: flex-end;
    gap: calc(1.2 * var(--u));
  }
  .bars i {
    width: calc(2.6 * var(--u));
    height: calc(3 * var(--u));
    border: calc(0.5 * var(--u)) solid var(--edge);
    border-radius: calc(0.6 * var(--u));
  }
  .bars i:nth-child(2) {
    height: calc(5.5 * var(--u));
  }
  .bars i:nth-child(3) {
    height: calc(8 * var(--u));
  }
  .bars .full {
    background: var(--accent);
    border-color: var(--accent-deep);
  }
  .steps .icon {
    width: calc(20 * var(--u));
    height: calc(20 * var(--u));
    stroke-width: 1.6;
  }
  .steps li + li::after {
    content: '';
    position: absolute;
    left: calc(-5.6 * var(--u));
    top: 50%;
    width: calc(2.6 * var(--u));
    height: calc(2.6 * var(--u));
    border: solid var(--seal);
    border-width: calc(0.8 * var(--u)) calc(0.8 * var(--u)) 0 0;
    transform: translateY(-50%) rotate(45deg);
  }
`;
