import { css } from 'lit';

export const buttonStyles = css`
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(2 * var(--u));
    min-width: calc(20.2 * var(--u));
    min-height: calc(20.2 * var(--u));
    padding: 0 calc(4 * var(--u));
    border: calc(0.5 * var(--u)) solid var(--edge);
    border-radius: calc(2.6 * var(--u));
    background: var(--sheet);
    color: var(--ink);
    font: inherit;
    font-size: max(var(--least), calc(7.2 * var(--u)));
    font-weight: 700;
    line-height: 1.25;
    white-space: nowrap;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:focus-visible {
    outline: calc(1.2 * var(--u)) solid var(--ink);
    outline-offset: calc(0.6 * var(--u));
  }
  button:active:not(:disabled),
  button.resting {
    background: var(--glow);
    border-color: var(--ink);
  }
  button:disabled {
    cursor: default;
  }
  button:disabled:not(.resting) {
    background: var(--off);
    color: var(--off-ink);
    border-color: var(--edge);
    border-style: dashed;
  }
  .main,
  .main.resting {
    background: var(--accent);
    border-color: var(--accent-deep);
    color: var(--on-accent);
    font-size: calc(9 * var(--u));
  }
  .main:active:not(:disabled),
  .main.resting {
    background: var(--accent-deep);
    border-color: var(--accent-deep);
  }
  .stacked.here {
    border: calc(1 * var(--u)) solid var(--accent);
    color: var(--accent);
  }
  .wide {
    min-width: calc(64 * var(--u));
  }
  .stacked {
    flex-direction: column;
    gap: 0;
    padding: 0 calc(1.5 * var(--u));
    font-size: max(var(--least), calc(6.7 * var(--u)));
  }
  .vast {
    min-width: calc(110 * var(--u));
    min-height: calc(40 * var(--u));
    font-size: calc(16 * var(--u));
  }
`;
