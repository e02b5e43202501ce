import { css, html, type TemplateResult } from 'lit';
import type { RigCard } from '../../protocol/api/rig.ts';
import { type Texts, word } from './texts.ts';

/** A card as drawn in the wallet and on the reader. */
export function cardFace(card: RigCard, note: string | null, t: Texts): TemplateResult {
  return html`<span class="face ${card.role}">
    <span class="top"><span>${card.village}</span>${note === null ? '' : html`<em>${word(t.notes, note)}</em>`}</span>
    <strong lang="zh-CN">${card.holder}</strong>
    <span class="bottom"><span>${card.role === 'clerk' ? t.clerk : t.resident}, ${word(t.kinds, card.kind)}</span></span>
    <span class="pin">${t.pin} ${card.pin}</span>
  </span>`;
}

export const cardFaceStyles = css`
  .face {
    position: relative;
    display: grid;
    grid-template-rows: auto 1fr auto auto;
    width: 158px;
    height: 100px;
    padding: 7px 10px 6px 17px;
    border-radius: 8px;
    background: var(--sheet);
    border: 1px solid var(--edge);
    font-size: 12px;
    line-height: 1.35;
    text-align: left;
    box-shadow: 0 1px 2px rgb(42 33 27 / 22%);
    overflow: hidden;
  }
  /* The notched edge of a tally stick. */
  .face::before {
    content: '';
    position: absolute;
    inset: 0 auto 0 0;
    width: 8px;
    background: repeating-linear-gradient(180deg, var(--vermilion) 0 9px, transparent 9px 12px);
  }
  .face.clerk {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--rice);
  }
  .face.clerk::before {
    background: repeating-linear-gradient(180deg, var(--hair) 0 9px, transparent 9px 12px);
  }
  .face strong {
    align-self: center;
    font-size: 19px;
    font-weight: 600;
    line-height: 1.2;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .face .top {
    display: flex;
    justify-content: space-between;
    gap: 6px;
    white-space: nowrap;
  }
  .face .top > span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .face em {
    flex: none;
    font-style: normal;
    color: var(--vermilion);
  }
  .face.clerk em {
    color: #f4b9a8;
  }
  .face .bottom {
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
`;
