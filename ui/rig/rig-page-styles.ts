import { css } from 'lit';

export const rigPageStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    height: 100vh;
    min-width: 1180px;
    min-height: 640px;
    background: var(--desk);
  }
  .top {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 9px 20px;
    background: var(--rice);
    border-bottom: 1px solid var(--edge);
  }
  .top .language {
    margin-left: auto;
    flex: none;
  }
  .name {
    padding-right: 20px;
    white-space: nowrap;
  }
  .name p {
    font-size: 12.5px;
  }
  h1 {
    margin: 0;
    font-size: 18px;
    line-height: 1.25;
    font-weight: 600;
  }
  h1 span {
    font-weight: 400;
  }
  .opening {
    padding: 40px 20px;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 372px;
    min-height: 0;
  }
  main.opening {
    display: block;
  }
  .kiosk {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    grid-template-areas: 'tabs' 'stage' 'wallet';
    gap: 8px;
    min-height: 0;
    padding: 12px 20px 6px;
  }
  .tabs {
    grid-area: tabs;
  }
  .stage {
    grid-area: stage;
    display: grid;
    grid-template-columns: minmax(0, 1fr) 200px;
    gap: 16px;
    min-height: 0;
  }
  .side {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    gap: 10px;
    min-height: 0;
  }
  .side reader-pad {
    grid-row: 2;
  }
  card-wallet {
    grid-area: wallet;
    height: clamp(148px, calc(100vh - 642px), 262px);
  }
  aside {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto auto auto;
    gap: 12px;
    min-height: 0;
    padding: 12px 20px 12px;
    background: var(--rice);
    border-left: 1px solid var(--hair);
  }
  aside > * + * {
    border-top: 1px solid var(--hair);
    padding-top: 10px;
  }
  paper-roll[hidden] {
    display: none;
  }
  .tabs {
    display: flex;
    gap: 4px;
  }
  .tabs button {
    border: 0;
    border-bottom: 2px solid transparent;
    background: none;
    padding: 2px 10px;
    cursor: pointer;
  }
  .tabs button[aria-current='true'] {
    border-color: var(--vermilion);
    font-weight: 600;
  }
  .trouble {
    align-self: start;
    display: grid;
    justify-items: start;
    gap: 8px;
    max-height: 100%;
    overflow-y: auto;
    padding: 9px 12px 11px;
    font-size: 13.5px;
    background: var(--rice);
    border-left: 4px solid var(--vermilion);
  }
  .faults-handle {
    display: flex;
    gap: 10px;
    border: 0;
    border-top: 1px solid var(--hair);
    background: none;
    text-align: left;
    cursor: pointer;
    padding-inline: 0;
  }
  .faults-handle span:last-child {
    margin-left: auto;
  }
  main.opening .trouble {
    max-width: 560px;
  }
  .fault-sheet {
    overflow-y: auto;
    border-top: 0;
    padding-top: 0;
    scrollbar-width: thin;
  }
  footer {
    display: flex;
    gap: 22px;
    padding: 5px 20px 6px;
    font-size: 12.5px;
    border-top: 1px solid var(--hair);
    background: var(--rice);
    white-space: nowrap;
    overflow: hidden;
  }
`;
