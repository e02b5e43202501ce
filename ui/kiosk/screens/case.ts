import { html, nothing, type TemplateResult } from 'lit';
import { CASE_CODES, type CaseView, type PastRedemption } from '../../../protocol/api/aside.ts';
import { CASE_WORDS } from '../../../protocol/api/aside-words.ts';
import { icon } from '../../shared/components/icons.ts';
import { goodsPicture, goodsWords, pageTurns, paperLine, printButton, waysOut, whenWords } from '../aside-parts.ts';
import { ASIDE_SAYINGS, ASIDE_WORDS } from '../aside-words.ts';
import { backButton, button, leaveButton } from '../button.ts';
import { caseDrawing } from '../drawings/case.ts';
import { tickDrawing } from '../drawings/tick.ts';
import type { DrawScreen, Scene } from '../screen.ts';

type At<S extends CaseView['step']> = Extract<CaseView, { step: S }>;

/** A correction, one question after the other: what is wrong, which redemption, is it meant; then its number. */
export const drawCase: DrawScreen = (scene) => {
  const report = scene.view.case ?? { step: 'what' };
  switch (report.step) {
    case 'what':
      return whatStep(scene);
    case 'which':
      return whichStep(scene, report);
    case 'sure':
      return sureStep(scene, report);
    case 'filed':
      return filedStep(scene, report);
  }
};

function whatStep(scene: Scene): TemplateResult {
  return html`
    <header class="head"><h1 tabindex="-1">${scene.say(ASIDE_WORDS.whatTitle)}</h1></header>
    <div class="case-tiles">
      ${CASE_CODES.map((code) =>
        button(scene, {
          id: `case-${code}`,
          act: { type: 'case-about', code },
          look: 'case-tile',
          body: html`${caseDrawing(code)}<span class="label">${scene.say(CASE_WORDS[code])}</span>`,
        }),
      )}
      <p class="case-note">${scene.say(ASIDE_WORDS.noPointsMove)}</p>
    </div>
    <footer class="foot">${waysOut(scene)}</footer>
  `;
}

function whichStep(scene: Scene, { redemptions, page, pages, code }: At<'which'>): TemplateResult {
  const none = html`${icon('minus')}<span class="label">${scene.say(ASIDE_WORDS.noneOfThese)}</span>`;
  return html`
    <header class="head asking">
      <h1 tabindex="-1">${scene.say(ASIDE_WORDS.whichTitle)}</h1>
      <p class="chosen">${scene.say(CASE_WORDS[code])}</p>
    </header>
    <div class="case-tiles">
      ${redemptions.map((past) => saleTile(scene, past))}
      ${button(scene, { id: 'case-ref-none', act: { type: 'case-ref', number: null }, look: 'case-tile none', body: none })}
    </div>
    <footer class="foot">${waysOut(scene)} ${pageTurns(scene, page, pages)}</footer>
  `;
}

function saleTile(scene: Scene, past: PastRedemption): TemplateResult {
  return button(scene, {
    id: `case-ref-${past.number}`,
    act: { type: 'case-ref', number: past.number },
    look: 'sale-tile',
    body: saleBody(scene, past, scene.say(ASIDE_SAYINGS.goodsShort(past.first.name, past.more))),
  });
}

function saleBody(scene: Scene, past: PastRedemption, goods: string): TemplateResult {
  return html`
    <b class="sale-when">${whenWords(scene, past)}</b>
    ${goodsPicture(past)}
    <span class="sale-goods">${goods}</span>
    <b class="sale-pts">${past.undone ? scene.say(ASIDE_WORDS.undone) : `−${past.pts} ${scene.t('pts')}`}</b>
  `;
}

function sureStep(scene: Scene, { code, redemption }: At<'sure'>): TemplateResult {
  return html`
    <header class="head"><h1 tabindex="-1">${scene.say(ASIDE_WORDS.sureTitle)}</h1></header>
    <div class="sure-body ${redemption === null ? 'alone' : ''}">
      <div class="sure-what">${caseDrawing(code)}<p>${scene.say(CASE_WORDS[code])}</p></div>
      ${redemption === null ? nothing : html`<div class="sale-card">${saleBody(scene, redemption, goodsWords(scene, redemption))}</div>`}
    </div>
    <footer class="foot">
      ${leaveButton(scene, scene.say(ASIDE_WORDS.notSure))} ${backButton(scene, scene.say(ASIDE_WORDS.change))}
      ${button(scene, {
        id: 'case-file',
        act: { type: 'case-file', code, ref: redemption?.number ?? null },
        label: scene.say(ASIDE_WORDS.file),
        icon: 'check',
        look: 'main wide',
      })}
    </footer>
  `;
}

function filedStep(scene: Scene, { code, number, again, canPrint, paper }: At<'filed'>): TemplateResult {
  return html`
    <div class="filed-body">
      ${tickDrawing()}
      <div>
        <h1 tabindex="-1">${scene.say(again ? ASIDE_WORDS.filedAgain : ASIDE_WORDS.filedTitle)}</h1>
        <p class="soft">${scene.say(ASIDE_WORDS.yourNumber)}</p>
        <p class="case-number" data-testid="case-number">${number}</p>
        <p>${scene.say(ASIDE_WORDS.askByNumber)}</p>
        ${code === 'card-misused' ? html`<p>${scene.say(ASIDE_WORDS.stopCard)}</p>` : nothing}
        ${scene.view.offline ? html`<p>${scene.say(ASIDE_WORDS.sentLater)}</p>` : nothing}
        ${paperLine(scene, paper)}
      </div>
    </div>
    <footer class="foot">
      ${leaveButton(scene)}
      ${button(scene, { id: 'finish', act: { type: 'finish' }, label: scene.t('errorOk'), icon: 'check' })}
      ${printButton(scene, canPrint)}
    </footer>
  `;
}
