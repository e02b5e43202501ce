import { css, html, type TemplateResult } from 'lit';
import type { FindView, FoundView } from '../../../protocol/api/counter.ts';
import { backButton, button, leaveButton } from '../button.ts';
import { COUNTER_SAYINGS } from '../counter-words.ts';
import { pageTurn } from '../page-turn.ts';
import type { DrawScreen, Scene } from '../screen.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '1234567890';
const NOTHING_YET: FindView = { by: 'initials', keys: '', count: 0, more: false, people: [], page: 0, pages: 1 };

/** Somebody is looked up by the initials of their name or the last four of a card: one large key a letter. */
export const drawClerkFind: DrawScreen = (scene) => {
  const find = scene.view.counter?.find ?? NOTHING_YET;
  const letters = find.by === 'initials';
  return html`
    <div class="sought">
      ${backButton(scene)}
      <div class="sought-what">
        <h1 tabindex="-1">${scene.t(letters ? 'findTitle' : 'findLast4')}</h1>
        <p class="typed" data-testid="typed">${find.keys.toUpperCase()}<i></i></p>
      </div>
      ${button(scene, {
        ...{ id: 'find-show', act: { type: 'find-show' }, look: 'main', disabled: find.count === 0 },
        label: showWords(scene, find),
      })}
    </div>
    <div class="keys ${letters ? 'letters' : 'digits-alone'}">
      ${[...(letters ? LETTERS : DIGITS)].map((each) => key(scene, each))}
      ${eraseKey(scene, find.keys === '')}
      ${button(scene, {
        ...{ id: letters ? 'find-last4' : 'find-initials', look: 'plain key-word' },
        act: { type: 'find-by', by: letters ? 'last4' : 'initials' },
        label: scene.t(letters ? 'byDigits' : 'byLetters'),
      })}
    </div>
  `;
};

/** How many there are, so that the next letter need not be typed; or that nobody is meant. */
function showWords(scene: Scene, { by, keys, count, more }: FindView): string {
  if (count > 0) return scene.say(COUNTER_SAYINGS.showFound(count, more));
  return scene.t(keys.length < (by === 'last4' ? 4 : 1) ? 'findShow' : 'findNobody');
}

export function key(scene: Scene, each: string): TemplateResult {
  const body = html`<b>${each.toUpperCase()}</b>`;
  return button(scene, { id: `key-${each}`, act: { type: 'key', key: each }, look: 'letter', body });
}

export function eraseKey(scene: Scene, disabled: boolean): TemplateResult {
  const parts = { id: 'key-erase', act: { type: 'key-erase' }, icon: 'erase', look: 'plain key-word' } as const;
  return button(scene, { ...parts, aria: scene.t('eraseKey'), disabled });
}

/** At most six people: masked name, initials, the last four of the card. */
export const drawClerkFound: DrawScreen = (scene) => {
  const find = scene.view.counter?.find ?? NOTHING_YET;
  return html`
    <header class="head person">
      <h1 tabindex="-1">${scene.t(find.people.length === 0 ? 'foundNobody' : 'foundTitle')}</h1>
      <p class="soft">${find.more ? scene.t('foundMany') : find.keys.toUpperCase()}</p>
    </header>
    <div class="choices">${find.people.map((person) => found(scene, person))}</div>
    <footer class="foot">${leaveButton(scene)} ${backButton(scene)} ${pageTurn(scene, find)}</footer>
  `;
};

function found(scene: Scene, { acct, name, initials, last4 }: FoundView): TemplateResult {
  return button(scene, {
    ...{ id: `person-${acct}`, act: { type: 'find-pick', acct }, look: 'choice' },
    body: html`<b class="choice-name">${name}</b><span>${initials.toUpperCase()}</span>
      <span class="choice-last">${last4 === '' ? scene.t('noCard') : html`${scene.t('cardEnds')} <b>${last4}</b>`}</span>`,
  });
}

export const clerkFindStyles = css`
  .sought {
    display: flex;
    justify-content: space-between;
    align-items: stretch;
    gap: calc(4 * var(--u));
  }
  .sought-what {
    flex: 1;
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    line-height: 1.2;
  }
  .sought h1 {
    font-size: max(var(--least), calc(7 * var(--u)));
    line-height: 1.2;
  }
  .sought .main {
    min-width: calc(46 * var(--u));
    font-size: max(var(--least), calc(8 * var(--u)));
  }
  .typed {
    display: flex;
    align-items: center;
    min-height: calc(12 * var(--u));
    border-bottom: calc(0.6 * var(--u)) solid var(--edge);
    font-size: calc(10 * var(--u));
    font-weight: 700;
    letter-spacing: 0.12em;
    line-height: 1.2;
  }
  .typed i {
    width: calc(0.8 * var(--u));
    height: calc(9 * var(--u));
    background: var(--seal);
  }
  .keys {
    grid-row: 2 / -1;
    display: grid;
    gap: calc(3 * var(--u));
    min-height: 0;
  }
  .keys.letters {
    grid-template: repeat(4, minmax(0, 1fr)) / repeat(7, minmax(0, 1fr));
  }
  .keys.digits-alone {
    grid-template: repeat(3, minmax(0, 1fr)) / repeat(4, minmax(0, 1fr));
  }
  .letter {
    padding: 0;
    font-size: calc(10 * var(--u));
  }
  .key-word {
    padding: 0;
    font-size: max(var(--least), calc(7 * var(--u)));
  }
  .choices {
    display: grid;
    grid-template: repeat(3, minmax(0, 1fr)) / repeat(2, minmax(0, 1fr));
    gap: calc(3 * var(--u));
    min-height: 0;
  }
  .choice {
    display: grid;
    grid-template: auto auto / minmax(0, 1fr) auto;
    align-content: center;
    gap: 0 calc(3 * var(--u));
    padding: 0 calc(4 * var(--u));
    text-align: left;
    font-size: max(var(--least), calc(6.7 * var(--u)));
    font-weight: 400;
  }
  .choice-name {
    font-size: calc(8.4 * var(--u));
  }
  .choice-last {
    grid-column: 1 / -1;
  }
`;
