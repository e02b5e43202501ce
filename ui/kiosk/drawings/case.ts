import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import type { CaseCode } from '../../../protocol/api/aside.ts';

/** What can be wrong, as pictures in the colours of the shelf: they never stand without words. */
const PICTURES: Record<CaseCode, SVGTemplateResult> = {
  // An open bag with nothing in it but the outline of what should be.
  'goods-missing': svg`
    <path d="M26 48h68l8 60H18z" fill="#e9b64c" /><path d="M78 48h16l8 60H84z" fill="#c48a2c" />
    <path d="M42 48c0-26 36-26 36 0" fill="none" stroke="#7a5530" stroke-width="6" stroke-linecap="round" />
    <rect x="40" y="62" width="36" height="32" rx="5" fill="#fffdf8" stroke="#7a5530" stroke-width="4" stroke-dasharray="7 6" />`,
  // A jar, broken across.
  'goods-damaged': svg`
    <path d="M38 14h44v14H38z" fill="#7a5530" /><path d="M34 30h52c8 8 10 16 10 26L24 66c0-16 2-28 10-36z" fill="#a9cfe4" />
    <path d="m22 80 20-6 10 10 12-14 12 8 22-12v34c0 6-4 10-10 10H32c-6 0-10-4-10-10z" fill="#6e9bc4" />
    <path d="m20 72 22-7 10 11 13-15 11 9 24-12" fill="none" stroke="#b5341c" stroke-width="5" stroke-linejoin="round" stroke-linecap="round" />`,
  // Points in a pile, one of them only a ring.
  'points-missing': svg`
    <g fill="#e9b64c" stroke="#7a5530" stroke-width="4"><ellipse cx="44" cy="98" rx="30" ry="12" />
    <ellipse cx="44" cy="84" rx="30" ry="12" /><ellipse cx="44" cy="70" rx="30" ry="12" /></g>
    <ellipse cx="82" cy="40" rx="28" ry="24" fill="#fffdf8" stroke="#b5341c" stroke-width="5" stroke-dasharray="9 8" />
    <path d="M70 40h24" stroke="#b5341c" stroke-width="7" stroke-linecap="round" />`,
  // A card, and a hand of somebody.
  'card-misused': svg`
    <rect x="12" y="22" width="78" height="52" rx="8" fill="#3f6f9e" /><path d="M12 36h78v11H12z" fill="#2b527b" />
    <path d="M22 60h26" stroke="#d9e6ec" stroke-width="6" stroke-linecap="round" />
    <circle cx="84" cy="64" r="15" fill="#f0c9a0" stroke="#7a5530" stroke-width="4" />
    <path d="M56 110c0-34 56-34 56 0z" fill="#b5341c" stroke="#7a5530" stroke-width="4" stroke-linejoin="round" />`,
  // Something to be said.
  other: svg`
    <path d="M22 20h76c6 0 10 4 10 10v44c0 6-4 10-10 10H58l-24 22V84H22c-6 0-10-4-10-10V30c0-6 4-10 10-10z" fill="#fffdf8" stroke="#7a5530" stroke-width="5" stroke-linejoin="round" />
    <g fill="#b5341c"><circle cx="38" cy="52" r="7" /><circle cx="60" cy="52" r="7" /><circle cx="82" cy="52" r="7" /></g>`,
};

export function caseDrawing(code: CaseCode): TemplateResult {
  return html`<svg class="case-picture" viewBox="0 0 120 120" aria-hidden="true">${PICTURES[code]}</svg>`;
}
