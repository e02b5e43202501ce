import { css } from 'lit';

export const caseStyles = css`
  .case-tiles {
    display: grid;
    grid-template: repeat(2, minmax(0, 1fr)) / repeat(3, minmax(0, 1fr));
    gap: calc(3 * var(--u));
    min-height: 0;
  }
  .case-tile {
    flex-direction: column;
    gap: calc(0.6 * var(--u));
    padding: calc(1.2 * var(--u)) calc(1.5 * var(--u));
    min-width: 0;
    min-height: 0;
    white-space: normal;
    line-height: 1.2;
  }
  .case-tile .case-picture {
    flex: 0 1 calc(26 * var(--u));
    width: calc(26 * var(--u));
    min-height: 0;
  }
  .case-note {
    align-self: center;
    justify-self: center;
    text-align: center;
    text-wrap: balance;
    color: var(--ink-soft);
  }
  .case-tile.none {
    background: transparent;
    border-style: dashed;
  }
  .chosen {
    font-weight: 700;
    white-space: nowrap;
    color: var(--accent);
  }
  .sale-tile,
  .sale-card {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / calc(19 * var(--u)) minmax(0, 1fr);
    align-items: center;
    gap: 0 calc(2 * var(--u));
    padding: calc(1.4 * var(--u)) calc(2.4 * var(--u));
    min-width: 0;
    text-align: left;
    white-space: normal;
    font-size: max(var(--least), calc(6.7 * var(--u)));
    font-weight: 400;
    line-height: 1.3;
  }
  .sale-when {
    grid-column: 1 / 3;
    font-size: max(var(--least), calc(7 * var(--u)));
    white-space: nowrap;
  }
  .sale-tile img,
  .sale-tile .icon,
  .sale-card img,
  .sale-card .icon {
    grid-area: 2 / 1 / 4 / 2;
    width: 100%;
    height: 100%;
    min-height: 0;
    object-fit: contain;
  }
  .sale-goods {
    grid-area: 2 / 2;
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .sale-tile .icon,
  .sale-card .icon {
    stroke-width: 1.6;
  }
  .sale-pts {
    grid-area: 3 / 2;
    white-space: nowrap;
  }
  .sure-body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: calc(8 * var(--u));
    align-items: center;
    justify-items: center;
    min-height: 0;
  }
  .sure-body.alone {
    grid-template-columns: minmax(0, 1fr);
  }
  .sure-what {
    text-align: center;
    font-size: calc(10 * var(--u));
    font-weight: 700;
    line-height: 1.3;
  }
  .sure-what .case-picture {
    width: calc(48 * var(--u));
    height: calc(48 * var(--u));
  }
  .sale-card {
    width: 100%;
    height: calc(62 * var(--u));
    grid-template-columns: calc(36 * var(--u)) minmax(0, 1fr);
    padding: calc(4 * var(--u));
    background: var(--sheet);
    border: calc(0.5 * var(--u)) solid var(--hair);
    border-radius: calc(3 * var(--u));
    font-size: max(var(--least), calc(7.6 * var(--u)));
  }
  .sale-card .sale-when {
    font-size: calc(9 * var(--u));
  }
  .filed-body {
    grid-row: 1 / 3;
    display: grid;
    grid-template-columns: calc(46 * var(--u)) minmax(0, 1fr);
    gap: calc(8 * var(--u));
    align-items: center;
    min-height: 0;
  }
  .filed-body .tick {
    width: calc(46 * var(--u));
    height: calc(46 * var(--u));
  }
  .filed-body h1 {
    font-size: calc(13 * var(--u));
    line-height: 1.3;
  }
  .filed-body p {
    font-size: max(var(--least), calc(7.4 * var(--u)));
  }
  .filed-body .case-number {
    font-size: calc(15 * var(--u));
    font-weight: 700;
    font-variant-numeric: tabular-nums;
    line-height: 1.3;
    color: var(--accent);
    overflow-wrap: anywhere;
  }
`;
