import { css } from 'lit';

export const chooseStyles = css`
  .tabs {
    display: flex;
    gap: calc(3 * var(--u));
    height: calc(20.4 * var(--u));
  }
  .tab {
    flex: 1 1 0;
    min-width: calc(20 * var(--u));
    padding: 0 calc(2 * var(--u));
    line-height: 1.15;
    white-space: normal;
    background: transparent;
  }
  .tab.here {
    background: var(--sheet);
    border: calc(0.7 * var(--u)) solid var(--accent);
    border-bottom-width: calc(2 * var(--u));
    color: var(--accent);
    font-weight: 700;
  }
  .tiles {
    display: grid;
    grid-template: repeat(2, minmax(0, 1fr)) / repeat(3, minmax(0, 1fr));
    gap: calc(3 * var(--u));
    min-height: 0;
  }
  .tile {
    position: relative;
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr) auto;
    gap: 0 calc(2 * var(--u));
    padding: calc(1.4 * var(--u)) calc(2.4 * var(--u));
    min-width: 0;
    overflow: hidden;
    text-align: left;
    background: var(--sheet);
    font-weight: 400;
  }
  .tile .name {
    grid-column: 1 / -1;
    font-size: calc(7 * var(--u));
    font-weight: 700;
    line-height: 1.25;
    white-space: normal;
  }
  .tile.counted .name {
    padding-right: calc(21 * var(--u));
  }
  :host([language='en']) .tile .name {
    font-size: calc(6.7 * var(--u));
    letter-spacing: -0.035em;
  }
  .tile img {
    width: 100%;
    height: 100%;
    min-height: 0;
    object-fit: contain;
    object-position: left center;
  }
  .price {
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    align-items: flex-end;
    line-height: 1.2;
  }
  .price .digits {
    font-size: calc(14 * var(--u));
    line-height: 1.1;
    color: var(--accent);
  }
  .tile .why {
    position: absolute;
    inset: auto 0 0;
    padding: 0 calc(2.4 * var(--u));
    background: var(--hair);
    color: var(--ink);
    font-weight: 700;
    line-height: 1.45;
  }
  .tile.refused {
    padding-bottom: calc(10.4 * var(--u));
    background: var(--off);
    border-style: dashed;
  }
  .tile.refused .name,
  .tile.refused .digits {
    color: var(--off-ink);
  }
  .tile.refused .price {
    align-self: start;
  }
  .tile.refused img {
    opacity: 0.55;
    filter: saturate(0.35);
  }
  .picked {
    position: absolute;
    top: 0;
    right: 0;
    padding: calc(0.4 * var(--u)) calc(2.4 * var(--u));
    border-bottom-left-radius: calc(3 * var(--u));
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 700;
  }
  .empty {
    align-self: center;
    text-align: center;
    font-size: calc(9 * var(--u));
  }
  .usable {
    display: flex;
    flex-direction: column;
    line-height: 1.15;
    white-space: nowrap;
  }
  .usable .digits {
    font-size: calc(13.8 * var(--u));
    line-height: 1;
  }
  .turn {
    display: flex;
    gap: calc(3 * var(--u));
    margin-left: auto;
  }
  .basket {
    justify-content: space-between;
    gap: calc(3 * var(--u));
    padding: 0 calc(3 * var(--u));
    font-weight: 400;
  }
  .basket .digits {
    font-size: calc(13.8 * var(--u));
  }
  :host([language='en']) .basket .unit,
  .tile.long .unit {
    display: none;
  }
  .two {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    line-height: 1.25;
    font-size: calc(7.6 * var(--u));
  }
`;
