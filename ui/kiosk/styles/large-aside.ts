import { css } from 'lit';

/** A resident's side ways with large text. */
export const largeAsideStyles = css`
  :host([large]) .balance-body {
    grid-template-columns: minmax(0, 1fr) calc(58 * var(--u));
    gap: calc(2 * var(--u));
  }
  :host([large]) .aside button {
    gap: calc(1.5 * var(--u));
    padding: 0 calc(1.5 * var(--u));
    letter-spacing: -0.04em;
  }
  :host([large]) .aside .icon {
    width: calc(6 * var(--u));
    height: calc(6 * var(--u));
  }
  :host([large]) .hero.long-4 .digits {
    font-size: calc(34 * var(--u));
  }
  :host([large]) .hero.long-5 .digits {
    font-size: calc(29 * var(--u));
  }
  :host([large]) .hero.beside .digits {
    font-size: calc(24 * var(--u));
  }
  :host([large]) .hero.beside.long-6 .digits,
  :host([large]) .hero.beside.long-7 .digits {
    font-size: calc(20 * var(--u));
  }
  :host([large]) .holding .lead {
    line-height: 1.1;
  }
  :host([large]) .held {
    margin-top: calc(1 * var(--u));
    padding-left: calc(2.5 * var(--u));
    line-height: 1.12;
    letter-spacing: -0.03em;
  }
  :host([large]) .statement h1,
  :host([large]) .mydata h1,
  :host([large]) .case .head h1 {
    font-size: calc(9 * var(--u));
  }
  :host([large]) .paper-line .notice {
    padding: calc(1.8 * var(--u)) calc(1.5 * var(--u));
    line-height: 1.1;
    letter-spacing: -0.04em;
  }
  :host([large]) .paper-line .icon {
    display: none;
  }
  :host([large]) .chosen {
    letter-spacing: -0.04em;
  }
  :host([large]) .statement-body {
    gap: calc(3 * var(--u));
  }
  :host([large]) .sums {
    gap: calc(1 * var(--u));
    line-height: 1.1;
  }
  :host([large]) .sums .digits {
    font-size: calc(18 * var(--u));
  }
  :host([large]) .past {
    grid-auto-rows: minmax(0, calc(20 * var(--u)));
  }
  :host([large]) .past li {
    grid-template-columns: calc(14 * var(--u)) minmax(0, 1fr) auto;
    gap: calc(2 * var(--u));
    line-height: 1.1;
    letter-spacing: -0.04em;
  }
  :host([large]) .past img,
  :host([large]) .past .icon {
    width: calc(14 * var(--u));
    height: calc(14 * var(--u));
  }
  :host([large]) .data-body {
    gap: calc(1.5 * var(--u));
  }
  :host([large]) .facts {
    gap: 0 calc(4 * var(--u));
  }
  :host([large]) .facts div {
    gap: calc(1 * var(--u));
    padding: calc(0.6 * var(--u)) 0;
    line-height: 1.12;
    letter-spacing: -0.05em;
  }
  :host([large]) .not-held {
    padding-left: calc(2 * var(--u));
    line-height: 1.1;
    letter-spacing: -0.05em;
  }
  :host([large]) .case-tile {
    padding: calc(0.6 * var(--u)) calc(0.8 * var(--u)) calc(2 * var(--u));
    line-height: 1.1;
    letter-spacing: -0.03em;
  }
  :host([large]) .sale-tile {
    grid-template-columns: calc(10 * var(--u)) minmax(0, 1fr);
    gap: 0 calc(1 * var(--u));
    padding: calc(1.9 * var(--u)) calc(1.2 * var(--u));
    line-height: 1.08;
    letter-spacing: -0.05em;
  }
  :host([large]) .sale-card {
    grid-template-columns: calc(28 * var(--u)) minmax(0, 1fr);
    line-height: 1.1;
    letter-spacing: -0.04em;
  }
  :host([large]) .sure-body {
    gap: calc(4 * var(--u));
  }
  :host([large]) .filed-body {
    grid-template-columns: calc(34 * var(--u)) minmax(0, 1fr);
    gap: calc(5 * var(--u));
    line-height: 1.15;
  }
  :host([large]) .filed-body .tick {
    width: calc(34 * var(--u));
    height: calc(34 * var(--u));
  }
`;
