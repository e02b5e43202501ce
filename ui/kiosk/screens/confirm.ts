import { html, nothing, type TemplateResult } from 'lit';
import type { LineView } from '../../../protocol/api/kiosk.ts';
import { backButton, button, leaveButton } from '../button.ts';
import { noticeLine } from '../notices.ts';
import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS } from '../words.ts';

/** So many lines stand below each other with a large picture; more of them stand smaller, in two columns. */
const ROOMY = 3;
/** And so many at the most; the rest is named by its number. */
const CROWDED = 6;
const CROWDED_LARGE = 4;

/** What leaves, and the points before and after. Nothing is charged without a touch here. */
export const drawConfirm: DrawScreen = (scene) => {
  const basket = scene.view.basket;
  if (basket === undefined) return html`<h1 tabindex="-1">${scene.t('confirmTitle')}</h1>`;
  return html`
    <header class="head asking"><h1 tabindex="-1">${scene.t('confirmTitle')}</h1>${noticeLine(scene)}</header>
    <div class="confirm-body">
      ${lines(scene, basket.lines)}
      <div class="reckoning">
        ${amount(scene.t('before'), basket.afterPts + basket.pts, 'before')}
        ${amount(scene.t('used'), basket.pts, 'used')}
        ${amount(scene.t('after'), basket.afterPts, 'after')}
      </div>
    </div>
    <footer class="foot">
      ${leaveButton(scene, scene.t('notNow'))} ${backButton(scene, scene.t('change'))}
      ${button(scene, { id: 'confirm', act: { type: 'confirm', pts: basket.pts }, label: scene.t('confirm'), icon: 'check', look: 'main wide' })}
    </footer>
  `;
};

function lines(scene: Scene, all: readonly LineView[]): TemplateResult {
  const look = all.length > ROOMY ? 'crowded' : `large-${all.length}`;
  const most = scene.view.preferences?.large === true ? CROWDED_LARGE : CROWDED;
  const shown = all.length > most ? all.slice(0, most - 1) : all;
  const rest = all.length - shown.length;
  return html`<ul class="lines ${look}">
    ${shown.map((line) => lineRow(scene, line))}
    ${rest > 0 ? html`<li class="rest">${scene.say(SAYINGS.andMore(rest))}</li>` : nothing}
  </ul>`;
}

function lineRow(scene: Scene, line: LineView): TemplateResult {
  return html`<li>
    <img src=${line.image} alt="" />
    <span class="line-name">${scene.say(line.name)}</span>
    <span class="line-qty">× ${line.qty}</span>
    <span class="line-pts"><b class="digits">${line.qty * line.pts}</b><span class="unit"> ${scene.t('pts')}</span></span>
  </li>`;
}

function amount(words: string, pts: number, look: string): TemplateResult {
  return html`<p class="amount ${look}"><span>${words}</span><b class="digits">${pts}</b></p>`;
}
