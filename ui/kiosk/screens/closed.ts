import { css, html, nothing } from 'lit';
import { CLOSED_WORDS } from '../../../protocol/api/kiosk-words.ts';
import { icon } from '../../shared/components/icons.ts';
import type { DrawScreen } from '../screen.ts';

/** Why nothing can be redeemed here now. The resident is told that the points are safe, the clerk what to do. */
export const drawClosed: DrawScreen = (scene) => {
  const closed = scene.view.closed ?? { code: 'starting' };
  const words = CLOSED_WORDS[closed.code];
  const print = closed.code === 'waiting-for-confirmation' ? closed.fingerprint : undefined;
  return html`
    <header class="head shut"><p>${scene.t('closedTitle')}</p></header>
    <div class="told">
      <div class="told-mark" aria-hidden="true">${icon(closed.code === 'starting' ? 'clock' : 'notice')}</div>
      <div>
        <h1 tabindex="-1">${scene.say(words.what)}</h1>
        <p>${scene.say(words.todo)}</p>
        ${
          print === undefined
            ? nothing
            : html`<p class="fingerprint" aria-label=${scene.t('fingerprint')} data-testid="fingerprint">${print}</p>`
        }
      </div>
    </div>
  `;
};

export const closedStyles = css`
  .shut p {
    font-size: calc(8.5 * var(--u));
    font-weight: 700;
    color: var(--ink-soft);
  }
  .shut + .told {
    grid-row: 2 / -1;
  }
  :host .told .fingerprint,
  :host([language='en']) .told .fingerprint {
    font-size: calc(13 * var(--u));
    font-weight: 700;
    letter-spacing: 0.03em;
    line-height: 1.35;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    color: var(--accent);
  }
`;
