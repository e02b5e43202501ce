import { css, html, nothing } from 'lit';
import { button, leaveButton } from '../button.ts';
import type { DrawScreen } from '../screen.ts';
import { SAYINGS } from '../words.ts';

export const drawQuantity: DrawScreen = (scene) => {
  const chosen = scene.view.quantity;
  if (chosen === undefined) return html`<h1 tabindex="-1">${scene.t('quantityTitle')}</h1>`;
  const { item, qty } = chosen;
  return html`
    <header class="head"><h1 tabindex="-1">${scene.t('quantityTitle')}</h1></header>
    <div class="quantity-body">
      <img class="large" src=${item.image} alt=${scene.say(item.name)} />
      <div class="count">
        <p class="what"><b>${scene.say(item.name)}</b> <span>${scene.say(SAYINGS.priceOf(item.pts, item.unit))}</span></p>
        <div class="stepper">
          ${button(scene, { id: 'qty-minus', act: { type: 'qty-minus' }, icon: 'minus', aria: scene.t('fewer'), disabled: !chosen.canTake })}
          <output class="digits" data-testid="qty">${qty}</output>
          ${button(scene, { id: 'qty-plus', act: { type: 'qty-plus' }, icon: 'plus', aria: scene.t('more'), disabled: !chosen.canAdd })}
          <span class="most">${chosen.canAdd ? nothing : scene.t('atMost')}</span>
        </div>
        <p class="sum">
          <span>${scene.t('total')}</span> <b class="digits">${qty * item.pts}</b> <span>${scene.t('points')}</span>
        </p>
      </div>
    </div>
    <footer class="foot">
      ${leaveButton(scene)}
      ${button(scene, { id: 'add-more', act: { type: 'add-more' }, label: scene.t('addMore'), icon: 'basket' })}
      ${button(scene, { id: 'basket', act: { type: 'basket' }, label: scene.t('picked'), icon: 'right', onwards: true, look: 'main wide' })}
    </footer>
  `;
};

export const quantityStyles = css`
  .quantity-body {
    display: grid;
    grid-template-columns: minmax(0, 4fr) minmax(0, 6fr);
    gap: calc(6 * var(--u));
    align-items: center;
    min-height: 0;
  }
  .large {
    width: 100%;
    height: 100%;
    max-height: calc(74 * var(--u));
    min-height: 0;
    object-fit: contain;
  }
  .count {
    display: flex;
    flex-direction: column;
    gap: calc(3.5 * var(--u));
  }
  .what b {
    font-size: calc(10 * var(--u));
    margin-right: calc(2 * var(--u));
  }
  .what span {
    white-space: nowrap;
  }
  .stepper {
    display: flex;
    align-items: center;
    gap: calc(3 * var(--u));
  }
  .stepper button {
    width: calc(26 * var(--u));
    height: calc(24 * var(--u));
  }
  .stepper .icon {
    width: calc(12 * var(--u));
    height: calc(12 * var(--u));
  }
  .stepper output {
    min-width: calc(26 * var(--u));
    text-align: center;
    font-size: calc(24 * var(--u));
    line-height: 1;
  }
  .most {
    width: calc(14 * var(--u));
    line-height: 1.2;
  }
  .sum {
    display: flex;
    align-items: baseline;
    gap: calc(2.5 * var(--u));
    font-size: max(var(--least), calc(8 * var(--u)));
  }
  .sum .digits {
    font-size: calc(20 * var(--u));
    line-height: 1.1;
    color: var(--accent);
  }
`;
