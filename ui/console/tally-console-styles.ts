import { css } from 'lit';

export const consoleStyles = css`
  header {
    position: sticky;
    top: 0;
    z-index: 2;
    display: flex;
    align-items: center;
    gap: 16px;
    height: 53px;
    padding: 0 28px;
    background: var(--rice);
    border-bottom: 1px solid var(--ink);
    white-space: nowrap;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 9px;
    font-size: 16px;
  }
  nav {
    display: flex;
    align-self: stretch;
    gap: 4px;
    margin-left: 8px;
  }
  nav a {
    display: grid;
    place-items: center;
    padding: 3px 11px 0;
    border-bottom: 3px solid transparent;
    color: var(--ink);
    text-decoration: none;
  }
  nav a:hover {
    border-color: var(--hair);
  }
  nav a[aria-current='page'] {
    border-color: var(--vermilion);
    font-weight: 600;
  }
  input[type='search'] {
    flex: 1;
    min-width: 120px;
    max-width: 420px;
    margin-left: auto;
    height: 34px;
    text-overflow: ellipsis;
  }
  ::placeholder {
    color: var(--faded);
    opacity: 1;
  }
  .quiet {
    padding: 4px 8px;
    border: 0;
    border-radius: 3px;
    background: none;
    cursor: pointer;
  }
  .quiet:hover {
    background: var(--band);
  }
  .me {
    display: grid;
    line-height: 1.25;
    text-align: right;
  }
  .me .faded {
    font-size: 12.5px;
  }
  .me > * {
    max-width: 220px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  @media (max-width: 1239px) {
    header {
      gap: 10px;
    }
    .me .faded {
      display: none;
    }
  }
  .page {
    padding: 20px 28px 60px;
  }
  @media (max-width: 1099px) {
    header {
      gap: 6px;
      padding: 0 16px;
    }
    .brand b {
      display: none;
    }
    nav {
      margin-left: 0;
    }
    .me {
      flex-shrink: 1;
      min-width: 0;
    }
    .page {
      padding-inline: 16px;
    }
  }
  .corner {
    position: absolute;
    top: 14px;
    right: 22px;
  }
  .opening {
    padding: 40px 28px;
  }
`;
