import { css, html, nothing } from 'lit';
import { tapDrawing } from '../drawings/tap.ts';
import { noticeLine } from '../notices.ts';
import type { DrawScreen } from '../screen.ts';

/** Goods that stand on the drawn shelf: what points are for, without a word. */
const SHELF = ['rice', 'cooking-oil', 'eggs', 'soap', 'towel', 'thermos'];

export const drawAttract: DrawScreen = (scene) => {
  const notice = noticeLine(scene);
  const village = scene.say(scene.view.place.village);
  const shop = scene.say(scene.view.place.shop);
  return html`
  <header class="sign">
    <span>${village}</span>${village === '' ? nothing : html`<i aria-hidden="true"></i>`}<span>${shop}</span>
  </header>
  <div class="attract-body">
    <div class="invite">
      <h1 tabindex="-1">${scene.t('tapCard')}</h1>
      ${notice === nothing ? html`<p>${scene.t('tapHint')}</p>` : notice}
    </div>
    ${tapDrawing()}
  </div>
  <div class="shelf" aria-hidden="true">
    ${SHELF.map((sku) => html`<img src="goods/${sku}.svg" alt="" />`)}
  </div>
`;
};

export const attractStyles = css`
  .sign {
    display: flex;
    align-items: center;
    gap: calc(4 * var(--u));
    font-size: calc(9 * var(--u));
    font-weight: 700;
    letter-spacing: 0.06em;
    height: calc(16 * var(--u));
  }
  .sign i {
    width: calc(2.6 * var(--u));
    height: calc(2.6 * var(--u));
    background: var(--seal);
    transform: rotate(45deg);
  }
  .attract-body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) calc(86 * var(--u));
    align-items: center;
    gap: calc(4 * var(--u));
    min-height: 0;
  }
  .invite h1 {
    font-size: calc(29.5 * var(--u));
    line-height: 1.15;
    white-space: nowrap;
    color: var(--accent);
  }
  :host([language='en']) .invite h1 {
    font-size: calc(19.5 * var(--u));
    line-height: 1.15;
    letter-spacing: -0.015em;
    white-space: normal;
  }
  .invite p {
    font-size: calc(9 * var(--u));
    margin-top: calc(3 * var(--u));
  }
  .invite .notice {
    margin-top: calc(4 * var(--u));
    font-size: max(var(--least), calc(6.6 * var(--u)));
  }
  .tap {
    width: 100%;
    height: auto;
    max-height: 100%;
    overflow: visible;
  }
  .shelf {
    position: relative;
    display: flex;
    justify-content: space-around;
    align-items: flex-end;
    height: calc(31 * var(--u));
    padding: 0 calc(4 * var(--u)) calc(4.4 * var(--u));
  }
  .shelf::after {
    content: '';
    position: absolute;
    inset: auto 0 0;
    height: calc(5 * var(--u));
    border-radius: calc(1 * var(--u));
    background: linear-gradient(#c9a86f 0 62%, #a98450 62%);
  }
  .shelf img {
    width: calc(25 * var(--u));
    height: calc(25 * var(--u));
    object-fit: contain;
  }
`;
