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
    gap: 0 calc(1 * var(--u));
    padding: calc(1.2 * var(--u)) calc(2.2 * var(--u)) 0;
    min-width: 0;
    overflow: hidden;
    text-align: right;
    background: var(--sheet);
    font-size: max(var(--least), calc(6.7 * var(--u)));
    font-weight: 400;
  }
  .tile img {
    grid-area: 1 / 1 / 3 / 2;
    width: 100%;
    height: 100%;
    min-height: 0;
    object-fit: contain;
    object-position: center;
  }
  .tile .name {
    grid-area: 1 / 2;
    font-size: max(var(--least), calc(7.2 * var(--u)));
    font-weight: 700;
    line-height: 1.25;
  }
  .tile.long .name {
    grid-area: 1 / 1 / 2 / 3;
    font-size: max(var(--least), calc(6.8 * var(--u)));
    letter-spacing: -0.03em;
    text-align: left;
  }
  .tile.long img {
    grid-area: 2 / 1;
  }
  .price {
    grid-area: 2 / 2;
    align-self: center;
    line-height: 1.1;
  }
  .price .digits {
    margin-right: calc(0.8 * var(--u));
    font-size: calc(14.2 * var(--u));
    color: var(--accent);
  }
  .strip {
    grid-area: 3 / 1 / 4 / 3;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: calc(1.5 * var(--u));
    margin: 0 calc(-2.2 * var(--u));
    line-height: 1.42;
    background: var(--paper);
    border-top: calc(0.3 * var(--u)) solid var(--hair);
  }
  .strip.why {
    background: var(--hair);
    color: var(--ink);
    font-weight: 700;
  }
  .strip.picked {
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 700;
  }
  .strip .icon {
    width: calc(7 * var(--u));
    height: calc(7 * var(--u));
  }
  .tile.refused {
    background: var(--off);
    border-style: dashed;
  }
  .tile.refused .name,
  .tile.refused .price,
  .tile.refused .digits {
    color: var(--off-ink);
  }
  .tile.refused img {
    opacity: 0.55;
    filter: saturate(0.35);
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
  .turn button {
    min-height: calc(22 * var(--u));
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
  :host([language='en']) .basket .unit {
    display: none;
  }
  .two {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    line-height: 1.25;
    font-size: max(var(--least), calc(7.6 * var(--u)));
  }
`;
