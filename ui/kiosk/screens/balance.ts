import { css, html, nothing, type TemplateResult } from 'lit';
import { VISIT_WORDS } from '../../../protocol/api/kiosk-words.ts';
import { ASIDE_WORDS } from '../aside-words.ts';
import { button, leaveButton } from '../button.ts';
import type { DrawScreen, Scene } from '../screen.ts';
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
      <div class="holding">
      <p class="lead">${scene.t('youHave')}</p>
      <p class="hero ${held ? 'beside' : ''} long-${Math.min(7, Math.max(4, String(person.pts).length))}">
        <span class="digits" data-testid="balance-points">${person.pts}</span>
        <span class="lead">${scene.t('pts')}</span>
      </p>
      ${
        held
          ? html`<p class="held">
              <b>${scene.say(SAYINGS.here(person.spendablePts))}</b><br />${visit === undefined ? scene.t('restLater') : scene.say(VISIT_WORDS[visit])}
            </p>`
          : nothing
      }
      </div>
      <div class="aside">${(['statement', 'mydata', 'case'] as const).map((screen) => asideButton(scene, screen))}</div>
    </div>
    <footer class="foot">
      ${leaveButton(scene)}
      ${button(scene, { id: 'choose', act: { type: 'choose' }, label: scene.t('choose'), icon: 'right', onwards: true, look: 'main huge' })}
    </footer>
  `;
};

const ASIDE_ICON = { statement: 'paper', mydata: 'person', case: 'ask' } as const;

/** What one may ask about oneself stands beside the points, quieter than the way to the goods. */
function asideButton(scene: Scene, screen: keyof typeof ASIDE_ICON): TemplateResult {
  return button(scene, {
    id: screen,
    act: { type: screen },
    label: scene.say(ASIDE_WORDS[screen]),
    icon: ASIDE_ICON[screen],
  });
}

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
    display: grid;
    grid-template-columns: minmax(0, 1fr) calc(57 * var(--u));
    gap: calc(3 * var(--u));
    align-items: center;
    min-height: 0;
  }
  .holding {
    display: flex;
    flex-direction: column;
    align-items: center;
  }
  .aside {
    display: grid;
    gap: calc(3.2 * var(--u));
  }
  .aside button {
    justify-content: flex-start;
    gap: calc(3 * var(--u));
    min-height: calc(21 * var(--u));
  }
  .hero {
    display: flex;
    align-items: baseline;
    gap: calc(4 * var(--u));
    line-height: 1.04;
  }
  .hero.long-4 .digits {
    font-size: calc(40 * var(--u));
  }
  .hero.long-5 .digits {
    font-size: calc(33 * var(--u));
  }
  .hero.beside .digits {
    font-size: calc(30 * var(--u));
  }
  .hero.beside.long-6 .digits,
  .hero.beside.long-7 .digits {
    font-size: calc(24 * var(--u));
  }
  .hero .digits {
    font-size: calc(24 * var(--u));
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
