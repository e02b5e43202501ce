import { css } from 'lit';

/** The clerk's counter with large text: what stood beside the words gives way. */
export const largeCounterStyles = css`
  :host([large]) .screen[class*='clerk-'] .foot button:not(.main) {
    flex-direction: column;
    gap: 0;
    padding: 0 calc(2.5 * var(--u));
    line-height: 1.1;
    letter-spacing: -0.03em;
  }
  :host([large]) .attention {
    gap: calc(1 * var(--u)) calc(2 * var(--u));
  }
  :host([large]) .attention li {
    padding: 0 calc(1.5 * var(--u));
    line-height: 1.05;
    letter-spacing: -0.05em;
    white-space: normal;
  }
  :host([large]) .attention .icon {
    display: none;
  }
  :host([large]) .task {
    grid-template: auto / auto minmax(0, 1fr);
    padding: calc(1 * var(--u)) calc(3 * var(--u));
    gap: 0 calc(2 * var(--u));
  }
  :host([large]) .task .icon {
    grid-row: 1;
  }
  :host([large]) .task-title {
    align-self: center;
    line-height: 1.1;
  }
  :host([large]) .task-says {
    display: none;
  }
  :host([large]) .sought h1 {
    line-height: 1.1;
    letter-spacing: -0.03em;
  }
  :host([large]) .choice {
    padding: 0 calc(2 * var(--u));
    line-height: 1.05;
    letter-spacing: -0.05em;
    white-space: normal;
  }
  :host([large]) .undo-body {
    grid-template-columns: minmax(0, 1fr) calc(92 * var(--u));
    gap: calc(3 * var(--u));
  }
  :host([large]) .undone {
    padding: calc(1.5 * var(--u)) calc(2 * var(--u));
  }
  :host([large]) .undone-who {
    gap: calc(1 * var(--u));
    letter-spacing: -0.04em;
  }
  :host([large]) .undone-goods li {
    line-height: 1.05;
    letter-spacing: -0.04em;
  }
  :host([large]) .reasons {
    grid-template-rows: repeat(2, calc(24 * var(--u))) auto;
  }
  :host([large]) .reasons p {
    line-height: 1.1;
    letter-spacing: -0.03em;
  }
  :host([large]) .reason {
    line-height: 1.1;
    white-space: normal;
  }
  :host([large]) .slip-known {
    gap: calc(1.5 * var(--u));
    line-height: 1.15;
    letter-spacing: -0.03em;
  }
  :host([large]) .slip-print {
    line-height: 1.15;
  }
  :host([large]) .slip-ways button {
    flex-direction: column;
    gap: 0;
    min-height: calc(23 * var(--u));
    line-height: 1.1;
    padding: 0 calc(2.5 * var(--u));
  }
  :host([large]) .helper {
    line-height: 1;
    letter-spacing: -0.03em;
  }
  :host([large]) .helped .quantity-body {
    gap: calc(2 * var(--u));
    line-height: 1.1;
  }
`;
