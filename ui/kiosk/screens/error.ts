import { css, html } from 'lit';
import { ERROR_WORDS } from '../../../protocol/api/kiosk-words.ts';
import { icon } from '../../shared/components/icons.ts';
import { button, leaveButton } from '../button.ts';
import type { DrawScreen } from '../screen.ts';
import { SAYINGS } from '../words.ts';

/** During a session the person goes on where it happened. What happened, what to do. Never a code, never blame. */
export const drawError: DrawScreen = (scene) => {
  const error = scene.view.error ?? { code: 'commit-failed' };
  const words = ERROR_WORDS[error.code];
  const missing = error.missingPts === undefined ? words.what : SAYINGS.missing(error.missingPts);
  return html`
    <div class="told">
      <div class="told-mark" aria-hidden="true">${icon('notice')}</div>
      <div>
        <h1 tabindex="-1">${scene.say(error.code === 'not-enough-points' ? missing : words.what)}</h1>
        <p>${scene.say(words.todo)}</p>
      </div>
    </div>
    <footer class="foot">
      ${
        scene.view.session === null
          ? button(scene, { id: 'cancel', act: { type: 'cancel' }, label: scene.t('errorOk'), look: 'main wide' })
          : [
              leaveButton(scene),
              button(scene, { id: 'back', act: { type: 'back' }, label: scene.t('errorOk'), look: 'main wide' }),
            ]
      }
    </footer>
  `;
};

export const toldStyles = css`
  .told {
    grid-row: 1 / 3;
    display: grid;
    grid-template-columns: calc(36 * var(--u)) minmax(0, 1fr);
    gap: calc(6 * var(--u));
    align-items: center;
    min-height: 0;
  }
  .told-mark {
    display: grid;
    place-items: center;
    width: calc(36 * var(--u));
    height: calc(36 * var(--u));
    border-radius: calc(5 * var(--u));
    background: var(--glow);
  }
  .told-mark .icon {
    width: calc(24 * var(--u));
    height: calc(24 * var(--u));
    stroke-width: 1.6;
  }
  .told h1 {
    font-size: calc(13 * var(--u));
    line-height: 1.3;
  }
  .told p {
    font-size: calc(9 * var(--u));
    margin-top: calc(3 * var(--u));
  }
  :host([language='en']) .told h1 {
    font-size: calc(10 * var(--u));
  }
  :host([language='en']) .told p {
    font-size: max(var(--least), calc(7.6 * var(--u)));
  }
`;
