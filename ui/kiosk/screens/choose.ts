import { html, nothing, type TemplateResult } from 'lit';
import type { ItemRefusal, ItemView } from '../../../protocol/api/kiosk.ts';
import { icon } from '../../shared/components/icons.ts';
import { button, leaveButton } from '../button.ts';
import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS, type Word } from '../words.ts';

const REFUSAL_WORDS: Record<ItemRefusal, Word> = {
  'too-dear': 'tooDear',
  'sold-out': 'soldOut',
  'too-dear-here': 'tooDearHere',
};

/** A name of up to so many letters stands beside the picture. */
const SHORT_LETTERS = 8;

/** Six goods by picture; what cannot be had says so before it is touched. */
export const drawChoose: DrawScreen = (scene) => {
  const shelf = scene.view.shelf;
  if (shelf === undefined) return html`<h1 tabindex="-1">${scene.t('chooseTitle')}</h1>`;
  return html`
    <header class="tabs" role="group" aria-label=${scene.t('categories')}>
      <h1 class="unseen" tabindex="-1">${scene.t('chooseTitle')}</h1>
      ${shelf.categories.map((category) => {
        const here = category.id === shelf.category;
        return button(scene, {
          id: `category-${category.id}`,
          act: { type: 'category', id: category.id },
          body: html`<span class="label" aria-current=${here ? 'true' : nothing}>${scene.say(category.name)}</span>`,
          look: here ? 'tab here' : 'tab',
        });
      })}
    </header>
    ${
      shelf.items.length === 0
        ? html`<p class="empty">${scene.t('emptyShelf')}</p>`
        : html`<div class="tiles">${shelf.items.map((item) => tile(scene, item))}</div>`
    }
    <footer class="foot">
      ${leaveButton(scene, scene.t('leave'), 'plain stacked')} ${usable(scene)}
      <div class="turn">${turns(scene, shelf.page, shelf.pages)}</div>
      ${basketButton(scene)}
    </footer>
  `;
};

function tile(scene: Scene, item: ItemView): TemplateResult {
  const refused = item.refusal !== undefined;
  const name = scene.say(item.name);
  return button(scene, {
    id: `item-${item.sku}`,
    act: { type: 'item', sku: item.sku },
    look: `tile${refused ? ' refused' : ''}${isLong(name) ? ' long' : ''}`,
    disabled: refused,
    body: html`
      <img src=${item.image} alt="" />
      <span class="name">${name}</span>
      <span class="price"><span class="digits">${item.pts}</span>${scene.t('pts')}</span>
      ${foot(scene, item)}
    `,
  });
}

/** The line that matters most: why not, or how many already, or else how much it is. */
function foot(scene: Scene, item: ItemView): TemplateResult {
  if (item.refusal !== undefined) return html`<span class="strip why">${refusal(scene, item)}</span>`;
  if (item.inBasket === 0) return html`<span class="strip">${scene.say(item.unit)}</span>`;
  return html`<span class="strip picked">${icon('check')}${scene.say(SAYINGS.inBasket(item.inBasket))}</span>`;
}

/** A long name takes a line of its own above the picture. A Chinese character is two letters wide. */
function isLong(name: string): boolean {
  const width = [...name].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0);
  return width > SHORT_LETTERS;
}

function refusal(scene: Scene, item: ItemView): string {
  if (item.refusal === undefined) return '';
  if (item.refusal === 'too-dear' && item.missingPts !== undefined) return scene.say(SAYINGS.missing(item.missingPts));
  return scene.t(REFUSAL_WORDS[item.refusal]);
}

function usable(scene: Scene): TemplateResult {
  const left = (scene.view.person?.spendablePts ?? 0) - (scene.view.basket?.pts ?? 0);
  return html`<p class="usable">
    <span>${scene.t('canUse')}</span>
    <span><b class="digits">${left}</b><span class="unit"> ${scene.t('pts')}</span></span>
  </p>`;
}

/** The pages go round; a way back is worth its place only from three pages on, and not beside large text. */
function turns(scene: Scene, page: number, pages: number): readonly (TemplateResult | typeof nothing)[] {
  const back = button(scene, {
    id: 'page-back',
    act: { type: 'page-back' },
    icon: 'left',
    label: scene.t('previousShort'),
    look: 'plain stacked',
  });
  const next = button(scene, {
    id: 'page-next',
    act: { type: 'page-next' },
    icon: 'right',
    label: scene.t('nextShort'),
    look: 'plain stacked',
  });
  const where = html`<span class="page">${page + 1}/${pages}</span>`;
  if (pages < 2) return [];
  if (scene.view.preferences?.large === true) return [next];
  return pages === 2 ? [where, next] : [back, next];
}

function basketButton(scene: Scene): TemplateResult | typeof nothing {
  const basket = scene.view.basket;
  if (basket === undefined || basket.lines.length === 0) return nothing;
  const pieces = basket.lines.reduce((sum, line) => sum + line.qty, 0);
  return button(scene, {
    id: 'basket',
    act: { type: 'basket' },
    look: 'main basket',
    body: html`
      <span class="two"><b>${scene.t('picked')}</b><span>${scene.say(SAYINGS.pieces(pieces))}</span></span>
      <span><b class="digits">${basket.pts}</b><span class="unit"> ${scene.t('pts')}</span></span>
    `,
  });
}
