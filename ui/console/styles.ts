import { css } from 'lit';

/** Quiet ledger paper: the console's tokens, its headings, fields and buttons. */
export const ledger = css`
  :host {
    --rice: #fbf6ec;
    --sheet: #fffdf8;
    --band: #f4ecdc;
    --ink: #2a211b;
    --faded: #65574a;
    --hair: #ddd0bc;
    --edge: #8c7b68;
    --vermilion: #b5341c;
    --agrees: #2d6a3e;
    --mono: ui-monospace, 'DejaVu Sans Mono', 'Noto Sans SC', monospace;
    display: block;
    font-family: 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif;
    font-size: 14.5px;
    line-height: 1.5;
    color: var(--ink);
    font-variant-numeric: tabular-nums;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul,
  pre,
  figure {
    margin: 0;
    padding: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  h1 {
    font-size: 23px;
    line-height: 1.3;
    font-weight: 600;
  }
  h1:focus {
    outline: none;
  }
  h2 {
    font-size: 15.5px;
    font-weight: 600;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  a {
    color: var(--vermilion);
    text-decoration-thickness: 1px;
    text-underline-offset: 3px;
  }
  :focus-visible {
    outline: 2.5px solid var(--vermilion);
    outline-offset: 2px;
  }
  .plain,
  .main {
    padding: 5px 14px;
    border: 1px solid var(--edge);
    border-radius: 3px;
    background: none;
    cursor: pointer;
  }
  .plain:hover {
    background: var(--band);
  }
  .main {
    border-color: var(--ink);
    background: var(--ink);
    color: var(--rice);
    font-weight: 600;
  }
  .main:hover {
    background: #4a3b30;
  }
  .main:disabled {
    border-color: var(--edge);
    background: none;
    color: var(--faded);
    cursor: default;
  }
  input:not([type='checkbox']),
  select {
    padding: 4px 8px;
    border: 0;
    border-bottom: 1.5px solid var(--edge);
    border-radius: 2px 2px 0 0;
    background: var(--sheet);
  }
  .faded {
    color: var(--faded);
  }
  .small {
    font-size: 13px;
  }
  .mono {
    font-family: var(--mono);
    font-size: 13.5px;
  }
  .agrees {
    color: var(--agrees);
  }
  .warns {
    color: var(--vermilion);
  }
  .number {
    text-align: right;
  }
  .refusal {
    padding: 8px 14px;
    border-left: 4px solid var(--vermilion);
    background: var(--sheet);
  }
  .empty {
    padding: 26px 0;
    color: var(--faded);
  }
  .empty b {
    display: block;
    color: var(--ink);
    font-weight: 600;
  }
  .page-head {
    display: flex;
    align-items: baseline;
    gap: 18px;
    margin-bottom: 14px;
  }
  .page-head .as-of {
    margin-left: auto;
  }
  .as-of {
    color: var(--faded);
    font-size: 13px;
    white-space: nowrap;
  }
  .sr-only {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Tables that are tables: hairlines, sticky heads, the focused row marked at its left edge. */
export const tables = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  caption {
    text-align: left;
    font-weight: 600;
    padding-bottom: 4px;
  }
  th,
  td {
    padding: 5px 10px 5px 0;
    text-align: left;
    vertical-align: baseline;
    border-bottom: 1px solid var(--hair);
  }
  th:first-child,
  td:first-child {
    padding-left: 10px;
  }
  th {
    font-weight: 400;
    font-size: 13px;
    color: var(--faded);
    white-space: nowrap;
  }
  thead th,
  thead td {
    border-bottom: 1px solid var(--edge);
  }
  .list thead th {
    position: sticky;
    top: 53px;
    z-index: 1;
    background: var(--rice);
    border-bottom: 0;
    box-shadow: inset 0 -1px 0 var(--edge);
  }
  th.number,
  td.number {
    text-align: right;
    padding-right: 26px;
  }
  th.number:last-child,
  td.number:last-child {
    padding-right: 10px;
  }
  .list tbody tr:hover {
    background: var(--band);
  }
  .list tbody tr:focus-within {
    background: var(--band);
    box-shadow: inset 3px 0 0 var(--vermilion);
  }
  .list tbody a[data-row] {
    font-weight: 600;
    color: var(--ink);
    text-decoration-color: var(--edge);
    white-space: nowrap;
  }
  .list tbody tr[data-opens] {
    cursor: pointer;
  }
  td .flag + .flag::before {
    content: ' · ';
  }
`;
