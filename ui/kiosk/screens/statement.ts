import { css, html, nothing, type TemplateResult } from 'lit';
import type { PastRedemption } from '../../../protocol/api/aside.ts';
import { goodsPicture, goodsWords, pageTurns, paperLine, printButton, waysOut, whenWords } from '../aside-parts.ts';
import { ASIDE_SAYINGS, ASIDE_WORDS } from '../aside-words.ts';
import type { DrawScreen, Scene } from '../screen.ts';

/** The points where they are, and what was redeemed here, newest first, a page at a time. */
export const drawStatement: DrawScreen = (scene) => {
  const { statement, person } = scene.view;
  const title = html`<h1 tabindex="-1">${scene.say(ASIDE_WORDS.statement)}</h1>`;
  if (statement === undefined || person === undefined) return title;
  return html`
    <header class="head asking">${title}${paperLine(scene, statement.paper)}</header>
    <div class="statement-body">
      <dl class="sums">
        ${sum(scene.say(ASIDE_WORDS.have), html`<span class="digits">${person.pts}</span>`, 'have')}
        ${sum(scene.say(ASIDE_WORDS.here), scene.say(ASIDE_SAYINGS.points(person.spendablePts)))}
        ${sum(scene.say(ASIDE_WORDS.elsewhere), scene.say(ASIDE_SAYINGS.points(statement.elsewherePts)))}
      </dl>
      ${
        statement.redemptions.length === 0
          ? html`<p class="empty">${scene.say(ASIDE_WORDS.nothingYet)}</p>`
          : html`<ul class="past">${statement.redemptions.map((each) => row(scene, each))}</ul>`
      }
    </div>
    <footer class="foot">
      ${waysOut(scene)} ${pageTurns(scene, statement.page, statement.pages)}
      ${printButton(scene, statement.canPrint)}
    </footer>
  `;
};

function sum(words: string, pts: string | TemplateResult, look = ''): TemplateResult {
  return html`<div class=${look}><dt>${words}</dt><dd>${pts}</dd></div>`;
}

function row(scene: Scene, past: PastRedemption): TemplateResult {
  return html`<li data-redemption=${past.number}>
    ${goodsPicture(past)}
    <p class="past-what"><b>${whenWords(scene, past)}</b><span>${goodsWords(scene, past)}</span></p>
    <p class="past-pts">
      <b class=${past.undone ? 'taken-back' : ''}>−${past.pts} ${scene.t('pts')}</b>
      ${past.undone ? html`<span>${scene.say(ASIDE_WORDS.undone)}</span>` : nothing}
    </p>
  </li>`;
}

export const statementStyles = css`
  .paper-line .notice {
    white-space: nowrap;
  }
  .statement-body {
    display: grid;
    grid-template-columns: calc(50 * var(--u)) minmax(0, 1fr);
    gap: calc(6 * var(--u));
    min-height: 0;
  }
  .sums {
    display: flex;
    flex-direction: column;
    justify-content: center;
    gap: calc(3 * var(--u));
  }
  .sums dd {
    font-weight: 700;
  }
  .sums .have {
    padding-bottom: calc(2 * var(--u));
    border-bottom: calc(0.7 * var(--u)) solid var(--ink);
  }
  .sums .have dt {
    font-size: calc(9 * var(--u));
  }
  .sums .digits {
    font-size: calc(21 * var(--u));
    line-height: 1.1;
    color: var(--accent);
  }
  .past {
    display: grid;
    grid-auto-rows: minmax(0, calc(21 * var(--u)));
    align-content: center;
    min-height: 0;
  }
  .past li {
    display: grid;
    grid-template-columns: calc(17 * var(--u)) minmax(0, 1fr) auto;
    align-items: center;
    gap: calc(3 * var(--u));
    line-height: 1.3;
  }
  .past li + li {
    border-top: calc(0.35 * var(--u)) dashed var(--edge);
  }
  .past img,
  .past .icon {
    width: calc(17 * var(--u));
    height: calc(17 * var(--u));
    object-fit: contain;
  }
  .past p > * {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .past-what > b,
  .past-pts > b {
    font-size: max(var(--least), calc(7.6 * var(--u)));
  }
  .past-pts {
    text-align: right;
  }
  .past .icon {
    stroke-width: 1.6;
  }
  .past-pts .taken-back {
    text-decoration: line-through;
  }
`;
