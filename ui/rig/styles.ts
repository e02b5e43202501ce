import { css } from 'lit';

/** Tokens and the few controls every part of the desk shares. */
export const desk = css`
  :host {
    --rice: #fbf6ec;
    --sheet: #fffdf8;
    --desk: #f1e8d8;
    --ink: #2a211b;
    --faded: #65574a;
    --hair: #d9cbb5;
    --edge: #8c7b68;
    --vermilion: #b5341c;
    --vermilion-deep: #8f2714;
    --agrees: #2d6a3e;
    font-family: 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif;
    font-size: 14px;
    line-height: 1.45;
    color: var(--ink);
    font-variant-numeric: tabular-nums;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul {
    margin: 0;
    padding: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  h2 {
    font-size: 15px;
    font-weight: 600;
  }
  button,
  input {
    font: inherit;
    color: inherit;
  }
  a {
    color: var(--vermilion);
    text-underline-offset: 3px;
  }
  :focus-visible {
    outline: 3px solid var(--vermilion);
    outline-offset: 2px;
  }
  .plain {
    background: none;
    border: 1px solid var(--edge);
    border-radius: 4px;
    padding: 3px 10px;
    cursor: pointer;
  }
  .plain:hover {
    background: var(--sheet);
  }
  .plain:disabled {
    color: var(--faded);
    border-color: var(--hair);
    cursor: default;
  }
  .faded {
    color: var(--faded);
  }
  .switch {
    position: relative;
    flex: none;
    width: 46px;
    height: 26px;
    padding: 0;
    border: 1.5px solid var(--ink);
    border-radius: 13px;
    background: var(--sheet);
    cursor: pointer;
  }
  .switch::after {
    content: '';
    position: absolute;
    top: 3px;
    left: 3px;
    width: 17px;
    height: 17px;
    border-radius: 50%;
    background: var(--sheet);
    border: 1.5px solid var(--ink);
    transition: transform 140ms ease-out;
  }
  .switch[aria-checked='true'] {
    background: var(--ink);
  }
  .switch[aria-checked='true']::after {
    transform: translateX(20px);
  }
  .sr-only {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
