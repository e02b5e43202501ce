import { css } from 'lit';

/** The rail is the tally stick: notches are cut into its edge, in the uneven groups of a count. */
export const railStyles = css`
  .rail {
    --notch: conic-gradient(from 45deg at 0 50%, var(--paper) 90deg, transparent 0);
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: stretch;
    gap: calc(3 * var(--u));
    padding: calc(3.6 * var(--u)) calc(3.6 * var(--u)) calc(3.6 * var(--u)) calc(2 * var(--u));
    background: var(--straw);
  }
  .rail::after {
    content: '';
    position: absolute;
    inset: 0 0 0 auto;
    width: calc(1.8 * var(--u));
    background: var(--notch), var(--notch), var(--notch), var(--notch);
    background-size: 100% calc(46 * var(--u));
    background-position: 0 calc(-6 * var(--u)), 0 0, 0 calc(6 * var(--u)), 0 calc(22 * var(--u));
  }
  .rail button {
    min-height: calc(21 * var(--u));
    padding: 0;
    letter-spacing: -0.02em;
  }
  .tongue {
    font-size: calc(8.4 * var(--u));
  }
  .quiet {
    background: transparent;
  }
  .spacer {
    flex: 1;
  }
  .badge {
    display: flex;
    flex-direction: column;
    align-items: center;
    padding: calc(1 * var(--u)) 0;
    border: calc(0.5 * var(--u)) solid var(--ink-soft);
    border-radius: calc(2.6 * var(--u));
    background: var(--glow);
    font-size: calc(6.6 * var(--u));
    font-weight: 700;
    line-height: 1.2;
    letter-spacing: -0.04em;
    white-space: nowrap;
  }
`;
