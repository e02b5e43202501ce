import { css } from 'lit';

/** Large text: no letter is smaller than --least, and what stood beside it gives way. */
export const largeStyles = css`
  :host([large]) .frame {
    grid-template-columns: calc(33 * var(--u)) minmax(0, 1fr);
  }
  :host([large]) .rail button {
    line-height: 1;
  }
  :host([large]) .rail button > .icon,
  :host([large]) .voice {
    width: calc(6.6 * var(--u));
    height: calc(6.6 * var(--u));
  }
  :host([large]) .voice {
    width: auto;
  }
  :host([large]) .rail .label {
    letter-spacing: -0.04em;
  }
  :host([large]) .aa {
    height: auto;
    margin-top: calc(-1.8 * var(--u));
    font-size: var(--least);
  }
  :host([large]) .tab {
    flex: 1 1 auto;
    padding: 0;
    letter-spacing: -0.04em;
  }
  :host([large]) .tiles {
    grid-template: repeat(2, minmax(0, 1fr)) / repeat(2, minmax(0, 1fr));
  }
  :host([large]) .tile .name {
    font-size: calc(9 * var(--u));
    line-height: 1;
  }
  :host([large]) .price {
    margin-bottom: calc(0.8 * var(--u));
    line-height: 1;
  }
  :host([large]) .sound .label {
    line-height: 1;
  }
  :host([large]) .basket {
    padding: 0 calc(2.5 * var(--u));
  }
  :host([large]) .two {
    line-height: 1.12;
  }
  :host([large][language='en']) .usable .unit {
    display: none;
  }
  :host([large]) .count {
    gap: calc(1.5 * var(--u));
  }
  :host([large]) .most {
    width: calc(18 * var(--u));
    line-height: 1.1;
  }
  :host([large]) .wide {
    min-width: calc(50 * var(--u));
  }
  :host([large]) .confirm-body {
    grid-template-columns: minmax(0, 1fr) calc(58 * var(--u));
    gap: calc(4 * var(--u));
  }
  :host([large]) .lines:not(.large-1, .large-2, .crowded) {
    gap: calc(1.5 * var(--u));
  }
  :host([large]) .lines:not(.large-1, .large-2, .crowded) li + li {
    padding-top: calc(1.5 * var(--u));
  }
  :host([large]) .lines:not(.large-1, .large-2, .crowded) li {
    grid-template-columns: calc(18 * var(--u)) minmax(0, 1fr) auto;
    line-height: 1.12;
  }
  :host([large]) .lines:not(.large-1, .large-2, .crowded) img {
    width: calc(18 * var(--u));
    height: calc(18 * var(--u));
  }
  :host([large]) .crowded .line-name {
    line-height: 1.1;
    white-space: normal;
  }
  :host([large]) .handed {
    gap: calc(2 * var(--u));
  }
  :host([large]) .handed li {
    gap: calc(0.5 * var(--u));
    letter-spacing: -0.05em;
  }
  :host([large]) .handed img {
    width: calc(11 * var(--u));
  }
  :host([large]) .steps {
    gap: calc(5 * var(--u));
  }
  :host([large]) .steps li {
    padding: calc(5 * var(--u)) 0;
    letter-spacing: -0.04em;
    white-space: nowrap;
  }
  :host([large]) .steps li + li::after {
    left: calc(-4.6 * var(--u));
  }
  :host([large]) .told {
    grid-template-columns: calc(24 * var(--u)) minmax(0, 1fr);
    gap: calc(4 * var(--u));
  }
  :host([large]) .told-mark {
    width: calc(24 * var(--u));
    height: calc(24 * var(--u));
  }
  :host([large]) .told-mark .icon {
    width: calc(17 * var(--u));
    height: calc(17 * var(--u));
  }
  :host([large]) .date-body .row {
    flex-wrap: wrap;
  }
`;
