import { css } from 'lit';

/**
 * Everything is measured in --u. It is one millimetre of this panel, or more where the panel has room for more: the
 * 10.1-inch panel is 217 x 136 mm, and the page is drawn for that.
 */
export const frameStyles = css`
  :host {
    --u: max(var(--mm, 1px), min(100vh / 136, 100vw / 217.6));
    /* Large text: capitals of 6.11 mm, 0.7 degrees from half a metre, are 8.34 of a font's units. */
    --least: 0px;
    display: block;
    height: 100vh;
    overflow: hidden;
    color: var(--ink);
    background: var(--paper);
    font-family: var(--face);
    font-size: max(var(--least), calc(6.7 * var(--u)));
    line-height: 1.35;
    user-select: none;
    -webkit-user-select: none;
    touch-action: manipulation;
  }
  :host([large]) {
    --least: calc(8.4 * var(--u));
  }
  * {
    box-sizing: border-box;
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1:focus {
    outline: none;
  }
  .frame {
    display: grid;
    grid-template-columns: calc(28 * var(--u)) minmax(0, 1fr);
    height: 100vh;
  }
  .stage {
    position: relative;
    min-width: 0;
    height: 100vh;
    overflow: hidden;
  }
  .backdrop {
    height: 100%;
  }
  .screen {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    gap: calc(3 * var(--u));
    height: 100%;
    padding: calc(3.6 * var(--u)) calc(5 * var(--u));
    animation: enter 0.22s ease-out;
  }
  @keyframes enter {
    from {
      opacity: 0;
      transform: translateY(calc(1.5 * var(--u)));
    }
  }
  .head h1,
  .asked h1 {
    font-size: calc(11 * var(--u));
    line-height: 1.3;
  }
  .head {
    padding-top: calc(1.5 * var(--u));
  }
  .soft {
    color: var(--ink-soft);
  }
  .digits {
    font-weight: 700;
    font-variant-numeric: tabular-nums;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .foot {
    display: flex;
    align-items: flex-end;
    gap: calc(3 * var(--u));
    min-height: calc(22 * var(--u));
  }
  .foot > button {
    flex: none;
    min-height: calc(22 * var(--u));
  }
  .foot > .last,
  .foot > .main:last-child {
    margin-left: auto;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: calc(2 * var(--u));
    padding: calc(1.4 * var(--u)) calc(2.5 * var(--u));
    width: fit-content;
    background: var(--glow);
    border-radius: calc(1.6 * var(--u));
    font-weight: 700;
    line-height: 1.3;
    text-wrap: balance;
  }
  .foot .notice {
    align-self: center;
  }
  .icon {
    flex: none;
    width: calc(9 * var(--u));
    height: calc(9 * var(--u));
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
