import { css, html, nothing, type TemplateResult } from 'lit';
import type { MyDataView } from '../../../protocol/api/aside.ts';
import type { PersonView } from '../../../protocol/api/kiosk.ts';
import { pageTurns, paperLine, printButton, waysOut } from '../aside-parts.ts';
import { ASIDE_SAYINGS, ASIDE_WORDS } from '../aside-words.ts';
import type { DrawScreen, Scene } from '../screen.ts';

const LANGUAGE_NAMES = { 'zh-CN': '中文', en: 'English' } as const;

/** Everything this kiosk keeps of a person, and what it does not. What was used elsewhere stands on pages of its own. */
export const drawMyData: DrawScreen = (scene) => {
  const { mydata, person } = scene.view;
  if (mydata === undefined || person === undefined) {
    return html`<h1 tabindex="-1">${scene.say(ASIDE_WORDS.dataTitle)}</h1>`;
  }
  const first = mydata.page === 0;
  return html`
    <header class="head asking">
      <h1 tabindex="-1">${scene.say(first ? ASIDE_WORDS.dataTitle : ASIDE_WORDS.usedTitle)}</h1>
      ${paperLine(scene, mydata.paper)}
    </header>
    <div class="data-body">
      ${first ? held(scene, mydata, person) : usedItems(scene, mydata)}
      ${first ? html`<p class="not-held">${scene.say(ASIDE_WORDS.notHeld)}</p>` : nothing}
    </div>
    <footer class="foot">
      ${waysOut(scene)} ${pageTurns(scene, mydata.page, mydata.pages)}
      ${printButton(scene, mydata.canPrint)}
    </footer>
  `;
};

function held({ say, view }: Scene, mydata: MyDataView, person: PersonView): TemplateResult {
  const { used, remembered } = mydata;
  // Beside large text there is no room for the day; the paper has it.
  const usedDay = view.preferences?.large === true ? '' : (used?.day.slice(5) ?? '');
  return html`<dl class="facts">
    ${fact(say(ASIDE_WORDS.name), person.name)}
    ${fact(say(ASIDE_WORDS.here), say(ASIDE_SAYINGS.points(person.spendablePts)))}
    ${fact(say(ASIDE_WORDS.initials), mydata.initials)}
    ${fact(say(ASIDE_WORDS.elsewhere), say(ASIDE_SAYINGS.points(mydata.elsewherePts)))}
    ${fact(say(ASIDE_WORDS.card), person.last4)}
    ${fact(say(ASIDE_SAYINGS.usedElsewhere(usedDay)), used === null ? say(ASIDE_WORDS.none) : say(ASIDE_SAYINGS.points(used.pts)))}
    ${fact(say(ASIDE_WORDS.pin), say(mydata.hasPin ? ASIDE_WORDS.pinSet : ASIDE_WORDS.pinUnset))}
    ${fact(say(ASIDE_WORDS.redeemed), say(ASIDE_SAYINGS.times(mydata.redemptions)))}
    ${fact(say(ASIDE_WORDS.language), remembered === null ? say(ASIDE_WORDS.noLanguage) : LANGUAGE_NAMES[remembered])}
    ${fact(say(ASIDE_WORDS.cases), say(ASIDE_SAYINGS.times(mydata.cases)))}
    ${fact(say(ASIDE_WORDS.lives), say(mydata.visitor ? ASIDE_WORDS.otherVillage : ASIDE_WORDS.thisVillage))}
    ${fact(say(ASIDE_WORDS.claims), say(ASIDE_SAYINGS.times(mydata.claims)))}
  </dl>`;
}

function usedItems({ say }: Scene, { used }: MyDataView): TemplateResult {
  return html`<dl class="facts">${used?.items.map(({ name, qty }) => fact(say(name), `× ${qty}`))}</dl>`;
}

function fact(words: string, value: string): TemplateResult {
  return html`<div><dt>${words}</dt><dd>${value}</dd></div>`;
}

export const myDataStyles = css`
  .data-body {
    display: flex;
    flex-direction: column;
    justify-content: center;
    gap: calc(3 * var(--u));
    min-height: 0;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0 calc(8 * var(--u));
  }
  .facts div {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: calc(3 * var(--u));
    padding: calc(1.1 * var(--u)) 0;
    border-bottom: calc(0.35 * var(--u)) solid var(--hair);
    font-size: max(var(--least), calc(6.9 * var(--u)));
    line-height: 1.3;
    white-space: nowrap;
  }
  .facts dt {
    color: var(--ink-soft);
  }
  .facts dd {
    font-weight: 700;
  }
  .not-held {
    padding-left: calc(4 * var(--u));
    border-left: calc(1.2 * var(--u)) solid var(--seal);
    font-size: max(var(--least), calc(7 * var(--u)));
  }
`;
