import { css, html, type TemplateResult } from 'lit';

/** A seal pressed on paper, and a tick drawn in it once. */
export function tickDrawing(): TemplateResult {
  return html`<svg class="tick" viewBox="0 0 120 120" aria-hidden="true">
    <rect class="seal" x="8" y="8" width="104" height="104" rx="22" fill="#b5341c" />
    <rect class="seal" x="15" y="15" width="90" height="90" rx="16" fill="none" stroke="#fbf6ec" stroke-width="2.5" />
    <path class="stroke" d="M34 62l19 19 35-42" fill="none" stroke="#fffdf8" stroke-width="12" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}

export const tickStyles = css`
  .tick .seal {
    transform-origin: 50% 50%;
    animation: press 0.32s ease-out both;
  }
  .tick .stroke {
    stroke-dasharray: 90;
    animation: draw 0.5s 0.24s ease-out both;
  }
  @keyframes press {
    from {
      transform: scale(1.18) rotate(-4deg);
      opacity: 0;
    }
  }
  @keyframes draw {
    from {
      stroke-dashoffset: 90;
    }
    to {
      stroke-dashoffset: 0;
    }
  }
`;
