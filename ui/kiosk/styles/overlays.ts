import { css } from 'lit';

export const overlayStyles = css`
  .over,
  .away {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: calc(5 * var(--u));
    text-align: center;
    background: var(--paper);
  }
  .over {
    position: absolute;
    inset: 0;
    z-index: 2;
  }
  .away {
    height: 100vh;
  }
  .over h1,
  .away h1 {
    font-size: calc(16 * var(--u));
    line-height: 1.3;
  }
  .over p,
  .away p {
    font-size: calc(9 * var(--u));
  }
  .notches {
    display: flex;
    gap: calc(4 * var(--u));
  }
  .notches i {
    width: calc(3 * var(--u));
    height: calc(24 * var(--u));
    border-radius: calc(1.5 * var(--u));
    background: var(--seal);
    transform: skewX(-12deg);
    opacity: 0.2;
    animation: count 3s ease-in-out infinite;
  }
  .notches i:nth-child(2) {
    animation-delay: 0.3s;
  }
  .notches i:nth-child(3) {
    animation-delay: 0.6s;
  }
  .notches i:nth-child(4) {
    animation-delay: 0.9s;
  }
  .notches i:nth-child(5) {
    animation-delay: 1.2s;
  }
  .toast.pin p,
  .toast.clerk-pin p,
  .toast.clerk-new-pin p {
    padding: calc(2 * var(--u)) calc(3.5 * var(--u));
    font-size: max(var(--least), calc(7.4 * var(--u)));
  }
  @media (prefers-reduced-motion: reduce) {
    .notches i {
      opacity: 1;
    }
  }
  @keyframes count {
    30%,
    70% {
      opacity: 1;
    }
  }
  .toast {
    position: absolute;
    z-index: 3;
    top: calc(3.6 * var(--u));
    left: calc(5 * var(--u));
    right: calc(5 * var(--u));
    display: flex;
    justify-content: center;
    pointer-events: none;
  }
  .toast.pin,
  .toast.clerk-pin,
  .toast.clerk-new-pin {
    top: auto;
    bottom: calc(29 * var(--u));
    right: auto;
    width: calc(70 * var(--u));
  }
  .toast p {
    text-wrap: balance;
    display: flex;
    align-items: center;
    gap: calc(3 * var(--u));
    min-height: calc(20 * var(--u));
    padding: calc(2 * var(--u)) calc(6 * var(--u));
    border-radius: calc(3 * var(--u));
    background: var(--ink);
    color: var(--paper);
    font-size: max(var(--least), calc(8 * var(--u)));
    font-weight: 700;
    line-height: 1.3;
    animation: enter 0.2s ease-out;
  }
`;
