import { css, html, nothing, type TemplateResult } from 'lit';
import { UNLOCK_REASONS, type UnlockReason } from '../../../protocol/api/kiosk.ts';
import { icon } from '../../shared/components/icons.ts';
import { backButton, button, leaveButton } from '../button.ts';
import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS, type Word } from '../words.ts';

const ALL_TRIES = 3;
const REASON_WORDS: Record<UnlockReason, Word> = { 'knows-person': 'knowsPerson', 'saw-papers': 'sawPapers' };

/** A resident's card in a clerk's hands: a PIN is set or replaced, a locked one unlocked with a reason. */
export const drawClerkCard: DrawScreen = (scene) => {
  const served = scene.view.served;
  if (served === undefined) return layCard(scene);
  const tried = served.present && served.hasPin && served.triesLeft < ALL_TRIES;
  const word: Word = !served.hasPin ? 'noPin' : served.triesLeft === 0 ? 'pinIsLocked' : 'hasPin';
  return html`
    <header class="head person">
      <h1 tabindex="-1">${served.name}</h1>
      <p class="soft">${scene.t('cardEnds')} <b>${served.last4}</b></p>
    </header>
    <div class="served-body">
      <p class="served-state">${scene.t(word)}</p>
      ${served.present ? nothing : html`<p>${scene.t('withoutCard')}</p>`}
      ${tried && served.triesLeft > 0 ? html`<p>${scene.say(SAYINGS.triesLeft(served.triesLeft))}</p>` : nothing}
      ${
        tried
          ? html`<p>${scene.t('unlockWhy')}</p>
              <div class="row">
                ${UNLOCK_REASONS.map((reason) =>
                  button(scene, {
                    id: `unlock-${reason}`,
                    act: { type: 'unlock', reason },
                    label: scene.t(REASON_WORDS[reason]),
                  }),
                )}
              </div>`
          : nothing
      }
    </div>
    <footer class="foot">
      ${leaveButton(scene)} ${backButton(scene)}
      ${served.present ? button(scene, { id: 'set-pin', act: { type: 'set-pin' }, label: scene.t(served.hasPin ? 'newPin' : 'setPin') }) : nothing}
      ${button(scene, { id: 'help-begin', act: { type: 'help-begin' }, label: scene.t('helpBegin'), look: 'main' })}
    </footer>
  `;
};

/** Nobody is served yet. */
function layCard(scene: Scene): TemplateResult {
  return html`
    <header class="head"><h1 tabindex="-1">${scene.t('servedTitle')}</h1></header>
    <div class="served-body lay">
      ${icon('card')}
      <p class="served-state">${scene.t('layCard')}</p>
      <p>${scene.t('layCardTodo')}</p>
    </div>
    <footer class="foot">${leaveButton(scene)} ${backButton(scene)}</footer>
  `;
}

export const clerkCardStyles = css`
  .served-body,
  .date-body {
    display: flex;
    flex-direction: column;
    justify-content: center;
    align-items: flex-start;
    gap: calc(4 * var(--u));
    min-height: 0;
    font-size: max(var(--least), calc(8 * var(--u)));
  }
  .served-body.lay {
    align-items: center;
  }
  .lay .icon {
    width: calc(34 * var(--u));
    height: calc(34 * var(--u));
    color: var(--accent);
    stroke-width: 1.4;
  }
  .served-state {
    font-size: calc(12 * var(--u));
    font-weight: 700;
  }
  .row {
    display: flex;
    gap: calc(4 * var(--u));
  }
`;
