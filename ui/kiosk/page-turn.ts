import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../shared/components/icons.ts';
import { button } from './button.ts';
import type { Scene } from './screen.ts';

/** Where there is more than one page: which one it is, and the ways to the others. */

interface Pages {
  readonly page: number;
  readonly pages: number;
}
type Way = 'page-back' | 'page-next';

/** The agent holds the page. */
export function pageTurn(scene: Scene, at: Pages): TemplateResult | typeof nothing {
  return turn(at, (id) =>
    button(scene, { id, act: { type: id }, icon: SIGN[id], look: 'plain stacked', label: scene.t(WORD[id]) }),
  );
}

/** The page itself leafs through what it has: not worth a round trip. */
export function localTurn(scene: Scene, at: Pages): TemplateResult | typeof nothing {
  return turn(at, (id) => {
    const to = at.page + (id === 'page-next' ? 1 : -1);
    return html`<button type="button" class="plain stacked" data-testid=${id} @click=${() => scene.turnTo(to)}>
      ${icon(SIGN[id])}<span class="label">${scene.t(WORD[id])}</span>
    </button>`;
  });
}

const SIGN = { 'page-back': 'left', 'page-next': 'right' } as const;
const WORD = { 'page-back': 'previousShort', 'page-next': 'nextShort' } as const;

function turn({ page, pages }: Pages, way: (id: Way) => TemplateResult): TemplateResult | typeof nothing {
  if (pages < 2) return nothing;
  return html`<div class="turn">
    <span class="page">${page + 1}/${pages}</span>
    ${page > 0 ? way('page-back') : nothing} ${page < pages - 1 ? way('page-next') : nothing}
  </div>`;
}
