import { css, html, type TemplateResult } from 'lit';

/** A hand lays a card on the reader, again and again, slowly: what to do, for those who do not read. */
export function tapDrawing(): TemplateResult {
  return html`<svg class="tap" viewBox="0 -16 440 360" aria-hidden="true">
    <ellipse cx="190" cy="318" rx="178" ry="20" fill="#efe2ca" />
    <path d="M52 296 78 120q4-24 28-24h168q24 0 28 24l26 176q2 18-18 18H70q-20 0-18-18z" fill="#4a3b31" />
    <path d="M84 268 104 136q2-14 16-14h140q14 0 16 14l20 132q2 12-10 12H94q-12 0-10-12z" fill="#fffdf8" />
    <g class="waves" fill="none" stroke="#b5341c" stroke-width="10" stroke-linecap="round">
      <path d="M168 74a30 30 0 0 1 44 0" /><path d="M146 50a62 62 0 0 1 88 0" /><path d="M124 26a94 94 0 0 1 132 0" />
    </g>
    <rect x="128" y="152" width="124" height="82" rx="12" fill="none" stroke="#dccdb2" stroke-width="5" stroke-dasharray="12 10" />
    <g class="hand">
      <path d="M300 250q40 10 62 44l70 40V208l-52-44q-34-22-74-14z" fill="#e6b389" />
      <path d="M372 150l260 130v190L356 318q-14-8-8-26z" fill="#3d5a6c" />
      <rect x="120" y="120" width="196" height="124" rx="16" fill="#b5341c" transform="rotate(-8 218 182)" />
      <g transform="rotate(-8 218 182)">
        <rect x="120" y="120" width="196" height="124" rx="16" fill="none" stroke="#7a1f0e" stroke-width="4" />
        <rect x="142" y="148" width="38" height="30" rx="6" fill="#f6e3b4" />
        <path d="M142 206h70M142 222h44" stroke="#f6e3b4" stroke-width="7" stroke-linecap="round" />
        <path d="M250 122v18l-8 8 8 8v16l8 8-8 8v16l-8 8 8 8v22" fill="none" stroke="#f6e3b4" stroke-width="4" stroke-dasharray="1 0" opacity=".8" />
      </g>
      <path d="M392 176q-58-34-116-10-18 8-12 22 6 12 26 8l48-6q24 20 62 22z" fill="#f0c49d" />
      <path d="M268 176q8-8 22-10" fill="none" stroke="#c98f62" stroke-width="5" stroke-linecap="round" />
    </g>
  </svg>`;
}

export const tapStyles = css`
  .hand {
    animation: lay 4.2s cubic-bezier(0.45, 0, 0.3, 1) infinite;
  }
  .waves path {
    opacity: 0.28;
    animation: hear 4.2s ease-in-out infinite;
  }
  .waves path:nth-child(2) {
    animation-delay: 0.18s;
  }
  .waves path:nth-child(3) {
    animation-delay: 0.36s;
  }
  @keyframes lay {
    0%,
    8% {
      transform: translate(74px, 74px);
    }
    42%,
    74% {
      transform: translate(-18px, 22px);
    }
    100% {
      transform: translate(74px, 74px);
    }
  }
  @keyframes hear {
    0%,
    40% {
      opacity: 0.28;
    }
    52%,
    72% {
      opacity: 1;
    }
    92%,
    100% {
      opacity: 0.28;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .hand {
      transform: translate(40px, 56px);
    }
    .waves path {
      opacity: 1;
    }
  }
`;
