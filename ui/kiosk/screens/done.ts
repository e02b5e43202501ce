import { css, html, nothing } from 'lit';
import type { PaperState } from '../../../protocol/api/kiosk.ts';
import { PAPER_WORDS } from '../../../protocol/api/kiosk-words.ts';
import { type IconName, icon } from '../../shared/components/icons.ts';
import { button } from '../button.ts';
import { tickDrawing } from '../drawings/tick.ts';
import type { DrawScreen } from '../screen.ts';
import { SAYINGS } from '../words.ts';

const PAPER_ICON: Record<PaperState, IconName> = {
  waiting: 'paper',
  printing: 'paper',
  printed: 'paper',
  unknown: 'notice',
  'no-printer': 'notice',
  'no-paper': 'notice',
};

/** So many goods are pictured for the clerk to hand over. */
const HANDED = 3;

export const drawDone: DrawScreen = (scene) => {
  const done = scene.view.done;
  if (done === undefined) return html`<h1 tabindex="-1">${scene.t('doneTitle')}</h1>`;
  const handed = done.lines.length > HANDED ? done.lines.slice(0, HANDED - 1) : done.lines;
  const rest = done.lines.length - handed.length;
  return html`
    <div class="done-body">
      <div class="made">
        ${tickDrawing()}
        <h1 tabindex="-1">${scene.t('doneTitle')}</h1>
        <p>${scene.t('doneTodo')}</p>
        <ul class="handed" aria-hidden="true">
          ${handed.map((line) => html`<li><img src=${line.image} alt="" />× ${line.qty}</li>`)}
          ${rest > 0 ? html`<li>${scene.say(SAYINGS.andMore(rest))}</li>` : nothing}
        </ul>
      </div>
      <div class="remains">
        <p class="lead">${scene.t('nowHave')}</p>
        <p class="hero">
          <span class="digits" data-testid="after-points">${done.afterPts}</span>
          <span class="lead">${scene.t('pts')}</span>
        </p>
        <p class="paper ${done.paper}" data-paper=${done.paper}>
          ${icon(PAPER_ICON[done.paper])}<span>${scene.say(PAPER_WORDS[done.paper])}</span>
        </p>
      </div>
    </div>
    <footer class="foot">
      <dl class="proof">
        <div><dt>${scene.t('recordNumber')}</dt><dd data-testid="record-number">${done.number}</dd></div>
        <div><dt>${scene.t('checkCode')}</dt><dd data-testid="check-code">${done.checkCode}</dd></div>
      </dl>
      ${scene.view.session === null ? nothing : button(scene, { id: 'finish', act: { type: 'finish' }, label: scene.t('finish'), icon: 'check', look: 'main' })}
    </footer>
  `;
};

export const doneStyles = css`
  .done-body {
    grid-row: 1 / 3;
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: calc(6 * var(--u));
    align-items: center;
    min-height: 0;
  }
  .made {
    text-align: center;
  }
  .made .tick {
    width: calc(38 * var(--u));
    height: calc(38 * var(--u));
  }
  .made h1 {
    font-size: calc(16 * var(--u));
    line-height: 1.3;
    margin-top: calc(1 * var(--u));
  }
  .made p {
    font-size: max(var(--least), calc(8 * var(--u)));
  }
  .handed {
    display: flex;
    justify-content: center;
    align-items: center;
    gap: calc(2.4 * var(--u));
    margin-top: calc(2 * var(--u));
    font-weight: 700;
    white-space: nowrap;
  }
  .handed li {
    display: flex;
    align-items: center;
    gap: calc(1 * var(--u));
  }
  .handed img {
    width: calc(15 * var(--u));
    height: calc(15 * var(--u));
    object-fit: contain;
  }
  .remains .hero .digits {
    font-size: calc(34 * var(--u));
  }
  .paper {
    display: flex;
    align-items: center;
    gap: calc(2.5 * var(--u));
    margin-top: calc(3 * var(--u));
    padding: calc(2 * var(--u)) calc(3 * var(--u));
    border-radius: calc(2 * var(--u));
    background: var(--straw);
    font-size: max(var(--least), calc(7.6 * var(--u)));
    font-weight: 700;
    line-height: 1.3;
    text-wrap: balance;
  }
  .paper .icon {
    flex: none;
    width: calc(11 * var(--u));
    height: calc(11 * var(--u));
  }
  .paper.printed {
    background: var(--glow);
  }
  .proof {
    display: flex;
    flex-direction: column;
    line-height: 1.3;
  }
  .proof div {
    display: flex;
    gap: calc(2.5 * var(--u));
  }
  .proof dt {
    color: var(--ink-soft);
  }
  .proof dd {
    font-weight: 700;
    letter-spacing: 0.03em;
    font-variant-numeric: tabular-nums;
  }
`;
