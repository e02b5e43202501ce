import { css, html } from 'lit';
import { type IconName, icon } from '../../shared/components/icons.ts';
import { backButton, button, leaveButton } from '../button.ts';
import type { DrawScreen } from '../screen.ts';
import type { Word } from '../words.ts';

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
    ${backButton(scene)}
    ${scene.view.session === null ? button(scene, { id: 'clerk', act: { type: 'clerk' }, label: scene.t('clerkHere'), icon: 'card', look: 'plain wide last' }) : leaveButton(scene)}
  </footer>
`;

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
    font-size: calc(7.6 * var(--u));
    font-weight: 700;
  }
  .steps li::before {
    counter-increment: step;
    content: counter(step);
    font-size: calc(10 * var(--u));
    line-height: 1;
    color: var(--accent);
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
