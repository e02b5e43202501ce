import { css, html, nothing } from 'lit';
import { VISIT_WORDS } from '../../../protocol/api/kiosk-words.ts';
import { button, leaveButton } from '../button.ts';
import type { DrawScreen } from '../screen.ts';
import { SAYINGS } from '../words.ts';

/** Whose card it is, and how much there is: the digits are the screen. */
export const drawBalance: DrawScreen = (scene) => {
  const person = scene.view.person;
  if (person === undefined) return html`<h1 tabindex="-1">${scene.t('balanceTitle')}</h1>`;
  const { visit } = scene.view;
  const held = person.spendablePts < person.pts || visit !== undefined;
  return html`
    <header class="head person">
      <h1 tabindex="-1">${scene.say(SAYINGS.hello(person.name))}</h1>
      <p class="soft">${scene.t('cardEnds')} <b>${person.last4}</b></p>
    </header>
    <div class="balance-body">
      <p class="lead">${scene.t('youHave')}</p>
      <p class="hero ${held ? 'beside' : ''} long-${Math.min(7, Math.max(4, String(person.pts).length))}">
        <span class="digits" data-testid="balance-points">${person.pts}</span>
        <span class="lead">${scene.t('points')}</span>
      </p>
      ${
        held
          ? html`<p class="held">
              <b>${scene.say(SAYINGS.here(person.spendablePts))}</b><br />${visit === undefined ? scene.t('restLater') : scene.say(VISIT_WORDS[visit])}
            </p>`
          : nothing
      }
    </div>
    <footer class="foot">
      ${leaveButton(scene)}
      ${button(scene, { id: 'choose', act: { type: 'choose' }, label: scene.t('choose'), icon: 'right', onwards: true, look: 'main huge' })}
    </footer>
  `;
};

export const balanceStyles = css`
  .person {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: calc(6 * var(--u));
  }
  .person p {
    font-size: max(var(--least), calc(7.5 * var(--u)));
    white-space: nowrap;
  }
  .balance-body {
    display: flex;
    flex-direction: column;
    justify-content: center;
    align-items: center;
    min-height: 0;
  }
  .hero {
    display: flex;
    align-items: baseline;
    gap: calc(4 * var(--u));
    line-height: 1.04;
  }
  .hero.long-4 .digits {
    font-size: calc(56 * var(--u));
  }
  .hero.long-5 .digits {
    font-size: calc(52 * var(--u));
  }
  .hero.beside .digits {
    font-size: calc(42 * var(--u));
  }
  .hero .digits {
    font-size: calc(36 * var(--u));
    letter-spacing: -0.02em;
    color: var(--accent);
  }
  .lead {
    font-size: calc(10 * var(--u));
    font-weight: 700;
  }
  .held {
    margin-top: calc(2 * var(--u));
    padding-left: calc(4 * var(--u));
    border-left: calc(1.2 * var(--u)) solid var(--seal);
    font-size: max(var(--least), calc(7 * var(--u)));
  }
  .huge {
    min-width: calc(88 * var(--u));
    min-height: calc(28 * var(--u));
    font-size: calc(11 * var(--u));
  }
`;
