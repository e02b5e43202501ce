import { css, html, nothing, type TemplateResult } from 'lit';
import { icon } from '../shared/components/icons.ts';
import { COUNTER_SAYINGS } from './counter-words.ts';
import type { Scene } from './screen.ts';

/** Over every screen of a session that a clerk holds: whose it is, and who helps. */
export function helperBar(scene: Scene): TemplateResult | typeof nothing {
  const { helper } = scene.view;
  if (helper === undefined) return nothing;
  const words = scene.say(COUNTER_SAYINGS.helping(helper.clerk, helper.resident));
  return html`<p class="helper" data-testid="helper">${icon('person')}<span>${words}</span></p>`;
}

export const helperBarStyles = css`
  .helped .stage {
    --bar: calc(9 * var(--u));
    padding-top: var(--bar);
  }
  .helper {
    position: absolute;
    z-index: 4;
    inset: 0 0 auto;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: calc(2 * var(--u));
    height: calc(9 * var(--u));
    background: var(--glow);
    border-bottom: calc(0.6 * var(--u)) solid var(--seal);
    font-weight: 700;
    line-height: 1.2;
    white-space: nowrap;
  }
  .helper .icon {
    width: calc(7 * var(--u));
    height: calc(7 * var(--u));
  }
  .helped .screen {
    padding-top: calc(0.6 * var(--u));
  }
  .helped .head {
    padding-top: 0;
  }
  .helped .lines.crowded {
    row-gap: 0;
  }
  .helped .crowded .line-name {
    line-height: 1.15;
  }
  .helped .toast {
    margin-top: var(--bar);
  }
`;
