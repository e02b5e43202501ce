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
    padding: calc(3 * var(--u)) calc(3.6 * var(--u)) calc(3 * var(--u)) calc(2 * var(--u));
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
    min-width: 0;
    height: calc(20.2 * var(--u));
    padding: 0;
    letter-spacing: -0.02em;
    line-height: 1.1;
  }
  .tongue {
    font-size: calc(8.4 * var(--u));
  }
  .quiet {
    background: transparent;
  }
  .place {
    height: calc(20.2 * var(--u));
  }
  .lower {
    display: flex;
    flex-direction: column;
    gap: calc(3 * var(--u));
    margin-top: auto;
  }
  .aa {
    display: flex;
    align-items: baseline;
    font-size: calc(9.6 * var(--u));
    line-height: 1;
    height: calc(9 * var(--u));
  }
  .aa small {
    font-size: max(var(--least), calc(7 * var(--u)));
    line-height: 1;
  }
  .aa .icon {
    align-self: center;
    width: calc(6 * var(--u));
    height: calc(6 * var(--u));
  }
  .listen.speaking,
  .listen.speaking:active:not(:disabled) {
    background: var(--accent);
    border-color: var(--accent-deep);
    color: var(--on-accent);
  }
  .voice {
    display: flex;
    align-items: center;
    gap: calc(1.2 * var(--u));
    height: calc(9 * var(--u));
  }
  .voice i {
    width: calc(1.8 * var(--u));
    height: 100%;
    border-radius: calc(0.9 * var(--u));
    background: var(--on-accent);
    transform: scaleY(0.45);
    animation: voice 1.2s ease-in-out infinite;
  }
  .voice i:nth-child(2) {
    transform: scaleY(0.9);
    animation-delay: -0.4s;
  }
  .voice i:nth-child(3) {
    transform: scaleY(0.6);
    animation-delay: -0.8s;
  }
  @keyframes voice {
    50% {
      transform: scaleY(1);
    }
  }
  .badge {
    display: flex;
    flex-direction: column;
    align-items: center;
    padding: calc(1 * var(--u)) 0;
    border: calc(0.5 * var(--u)) solid var(--ink-soft);
    border-radius: calc(2.6 * var(--u));
    background: var(--glow);
    font-size: max(var(--least), calc(6.6 * var(--u)));
    font-weight: 700;
    line-height: 1.2;
    letter-spacing: -0.04em;
    white-space: nowrap;
  }
`;
