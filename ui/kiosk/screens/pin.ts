import { css, html, nothing, type TemplateResult } from 'lit';
import { backButton, button, leaveButton } from '../button.ts';
import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS, type Word } from '../words.ts';

const KEYS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

export const drawPin: DrawScreen = (scene) => pinScreen(scene, 'pinTitle');

export const drawClerkPin: DrawScreen = (scene) => pinScreen(scene, 'clerkPinTitle');

/** The resident types a new PIN twice, beside the clerk. */
export const drawClerkNewPin: DrawScreen = (scene) =>
  pinScreen(scene, scene.view.served?.again === true ? 'newPinAgain' : 'newPinTitle');

function pinScreen(scene: Scene, title: Word): TemplateResult {
  const pin = scene.view.pin ?? { entered: 0, length: 4, triesLeft: 0 };
  const who = scene.view.screen === 'clerk-new-pin' ? scene.view.served?.name : undefined;
  const clerk = who === undefined ? scene.view.clerk : undefined;
  const full = pin.entered >= pin.length;
  return html`
    <div class="pin-body">
      <div class="asked">
        <h1 tabindex="-1">${scene.t(title)}</h1>
        ${clerk === undefined ? nothing : html`<p>${scene.say(SAYINGS.clerk(clerk.name))}</p>`}
        ${who === undefined ? nothing : html`<p>${who}</p>`}
        <p class="dots" role="img" aria-label=${scene.say(SAYINGS.pinEntered(pin.entered, pin.length))}>
          ${Array.from({ length: pin.length }, (_, place) => html`<i class=${place < pin.entered ? 'full' : ''}></i>`)}
        </p>
        ${pin.triesLeft > 0 ? html`<p data-testid="tries">${scene.say(SAYINGS.triesLeft(pin.triesLeft))}</p>` : nothing}
        <p class="soft">${scene.t('pinHide')}</p>
        <div class="way-out">${scene.view.screen === 'clerk-new-pin' ? backButton(scene) : leaveButton(scene)}</div>
      </div>
      <div class="pad">
        ${KEYS.map((digit) => key(scene, digit, full))}
        ${button(scene, { id: 'pin-erase', act: { type: 'pin-erase' }, icon: 'erase', label: scene.t('pinErase'), look: 'plain stacked', disabled: pin.entered === 0 })}
        ${key(scene, 0, full)}
        ${button(scene, { id: 'pin-ok', act: { type: 'pin-ok' }, icon: 'check', label: scene.t('pinOk'), look: 'main stacked', disabled: pin.entered < pin.length })}
      </div>
    </div>
  `;
}

function key(scene: Scene, digit: number, full: boolean): TemplateResult {
  return button(scene, {
    id: `pin-${digit}`,
    act: { type: 'pin-digit', digit },
    look: 'key',
    disabled: full,
    body: html`<span class="digits">${digit}</span>`,
  });
}

export const pinStyles = css`
  .pin-body {
    grid-row: 1 / -1;
    display: grid;
    grid-template-columns: minmax(0, 1fr) calc(102 * var(--u));
    gap: calc(6 * var(--u));
    min-height: 0;
  }
  .asked {
    display: flex;
    flex-direction: column;
    gap: calc(4 * var(--u));
    padding-top: calc(4 * var(--u));
  }
  .dots {
    display: flex;
    gap: calc(3 * var(--u));
    height: calc(10 * var(--u));
    align-items: center;
  }
  .dots i {
    width: calc(8 * var(--u));
    height: calc(8 * var(--u));
    border: calc(0.8 * var(--u)) solid var(--edge);
    border-radius: 50%;
    box-sizing: border-box;
  }
  .dots .full {
    background: var(--ink);
    border-color: var(--ink);
  }
  .way-out {
    margin-top: auto;
    display: flex;
  }
  .pad {
    display: grid;
    grid-template: repeat(4, minmax(0, 1fr)) / repeat(3, minmax(0, 1fr));
    gap: calc(3 * var(--u));
  }
  .pad button {
    font-size: max(var(--least), calc(7 * var(--u)));
  }
  .key .digits {
    font-size: calc(15 * var(--u));
    line-height: 1;
  }
`;
