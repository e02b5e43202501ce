import { html, nothing, type TemplateResult } from 'lit';
import type { AsidePaper, PastRedemption } from '../../protocol/api/aside.ts';
import { ASIDE_PAPER_WORDS } from '../../protocol/api/aside-words.ts';
import { type IconName, icon } from '../shared/components/icons.ts';
import { ASIDE_SAYINGS, ASIDE_WORDS } from './aside-words.ts';
import { button, leaveButton } from './button.ts';
import type { Scene } from './screen.ts';

/** What the side ways share: a past redemption, the turning of pages, the paper. */

const PAPER_ICON: Record<AsidePaper, IconName> = {
  'no-paper': 'notice',
  'no-printer': 'notice',
  printing: 'paper',
  printed: 'check',
  unknown: 'notice',
  expired: 'notice',
};

/** Narrow, so that pages and paper have room beside them. */
export function waysOut(scene: Scene): readonly TemplateResult[] {
  const back = {
    id: 'back',
    act: { type: 'back' },
    label: scene.t('back'),
    icon: 'left',
    look: 'plain stacked',
  } as const;
  return [leaveButton(scene, scene.t('leave'), 'plain stacked'), button(scene, back)];
}

/** How the paper fares, or why there will be none. */
export function paperLine(scene: Scene, paper: AsidePaper | undefined): TemplateResult {
  return html`<p class="paper-line" role="status">${
    paper === undefined
      ? nothing
      : html`<span class="notice" data-paper=${paper}>${icon(PAPER_ICON[paper])}<span>${scene.say(ASIDE_PAPER_WORDS[paper])}</span></span>`
  }</p>`;
}

export function printButton(scene: Scene, canPrint: boolean): TemplateResult {
  return button(scene, {
    id: 'print',
    act: { type: 'print' },
    label: scene.say(ASIDE_WORDS.print),
    icon: 'paper',
    look: 'main last',
    disabled: !canPrint,
  });
}

/** The pages go round; with two of them one button is enough. */
export function pageTurns(scene: Scene, page: number, pages: number): TemplateResult | typeof nothing {
  if (pages < 2) return nothing;
  const turn = (id: 'page-back' | 'page-next') =>
    button(scene, {
      id,
      act: { type: id },
      icon: id === 'page-next' ? 'right' : 'left',
      label: scene.say(id === 'page-next' ? ASIDE_WORDS.next : ASIDE_WORDS.previous),
      look: 'plain stacked',
    });
  return html`<div class="turn">
    ${pages > 2 ? turn('page-back') : nothing}
    <span class="page">${scene.say(ASIDE_SAYINGS.page(page + 1, pages))}</span>
    ${turn('page-next')}
  </div>`;
}

export function goodsPicture({ first }: PastRedemption): TemplateResult {
  return first.image === null ? icon('goods') : html`<img src=${first.image} alt="" />`;
}

export const goodsWords = (scene: Scene, { first, more }: PastRedemption): string =>
  scene.say(ASIDE_SAYINGS.goods(first.name, first.qty, more));

export const whenWords = (scene: Scene, { day, time }: PastRedemption): string =>
  scene.say(ASIDE_SAYINGS.when(day, time));
