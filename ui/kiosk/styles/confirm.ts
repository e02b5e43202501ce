import { css } from 'lit';

export const confirmStyles = css`
  .confirm-body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) calc(64 * var(--u));
    gap: calc(5 * var(--u));
    min-height: 0;
  }
  .lines {
    display: grid;
    align-content: center;
    gap: calc(2.5 * var(--u));
    min-height: 0;
  }
  .lines li {
    display: grid;
    grid-template: auto auto / calc(24 * var(--u)) minmax(0, 1fr) auto;
    align-items: center;
    column-gap: calc(3 * var(--u));
    line-height: 1.25;
  }
  .lines li + li {
    border-top: calc(0.35 * var(--u)) dashed var(--edge);
    padding-top: calc(2.5 * var(--u));
  }
  .lines img {
    grid-row: 1 / 3;
    width: calc(22 * var(--u));
    height: calc(22 * var(--u));
    object-fit: contain;
  }
  .line-name {
    font-size: max(var(--least), calc(7.6 * var(--u)));
    font-weight: 700;
  }
  .line-qty {
    grid-row: 2;
    grid-column: 2;
    font-size: max(var(--least), calc(7.6 * var(--u)));
  }
  .line-pts {
    grid-row: 1 / 3;
    grid-column: 3;
    white-space: nowrap;
  }
  .line-pts .digits {
    font-size: calc(13.8 * var(--u));
  }
  .lines.large-1 li,
  .lines.large-2 li {
    grid-template-columns: calc(32 * var(--u)) minmax(0, 1fr) auto;
  }
  .large-2 img {
    width: calc(32 * var(--u));
    height: calc(32 * var(--u));
  }
  .lines.large-1 li {
    grid-template-columns: calc(54 * var(--u)) minmax(0, 1fr);
    column-gap: calc(5 * var(--u));
  }
  .large-1 img {
    grid-row: 1 / 4;
    width: calc(54 * var(--u));
    height: calc(66 * var(--u));
  }
  .large-1 .line-name {
    align-self: end;
    font-size: calc(11 * var(--u));
  }
  .large-1 .line-qty {
    font-size: calc(10 * var(--u));
  }
  .large-1 .line-pts {
    grid-area: 3 / 2;
    align-self: start;
  }
  .lines.crowded {
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: calc(1.5 * var(--u)) calc(5 * var(--u));
  }
  .crowded li {
    grid-template-columns: minmax(0, calc(14 * var(--u))) minmax(max-content, 1fr) auto;
    column-gap: calc(1.5 * var(--u));
  }
  .crowded li + li {
    border: 0;
    padding: 0;
  }
  .crowded .line-name {
    grid-column: 1 / -1;
    grid-row: 1;
    width: 0;
    min-width: 100%;
    font-size: max(var(--least), calc(6.8 * var(--u)));
    letter-spacing: -0.02em;
    white-space: nowrap;
  }
  .crowded img {
    grid-row: 2;
    width: 100%;
    height: calc(14 * var(--u));
  }
  .crowded .line-pts {
    grid-row: 2;
  }
  .crowded .unit {
    display: none;
  }
  .lines .rest {
    display: block;
    align-self: center;
    font-weight: 700;
  }
  .reckoning {
    display: flex;
    flex-direction: column;
    justify-content: center;
  }
  .amount {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    font-size: max(var(--least), calc(8 * var(--u)));
    line-height: 1.2;
  }
  .amount .digits {
    font-size: calc(15 * var(--u));
  }
  .amount.used .digits::before {
    content: '−';
  }
  .amount.after {
    margin-top: calc(1.5 * var(--u));
    padding-top: calc(1.5 * var(--u));
    border-top: calc(0.7 * var(--u)) solid var(--ink);
    font-weight: 700;
  }
  .amount.after .digits {
    font-size: calc(17.5 * var(--u));
    color: var(--accent);
  }
  .asking {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: calc(5 * var(--u));
  }
  .asking h1 {
    white-space: nowrap;
  }
`;
