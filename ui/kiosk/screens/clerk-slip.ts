import { css, html, type TemplateResult } from 'lit';
import type { PrintView } from '../../../protocol/api/kiosk.ts';
import { PRINT_WORDS } from '../../../protocol/api/kiosk-words.ts';
import { backButton, button } from '../button.ts';

import type { DrawScreen, Scene } from '../screen.ts';
import { SAYINGS } from '../words.ts';
import { eraseKey, key } from './clerk-find.ts';

/** As a telephone has them; zero stands below. */
const DIGITS = '123456789';

/** Did slip 0421 come out? Its number is typed, and what is known of it stands beside the keys. */
export const drawClerkSlip: DrawScreen = (scene) => {
  const slip = scene.view.counter?.slip ?? { keys: '', print: null };
  return html`
    <div class="slip-body">
      <div class="slip-known">
        <h1 tabindex="-1">${scene.t('slipTitle')}</h1>
        ${slip.keys === '' ? html`<p>${scene.t('slipTodo')}</p>` : ''}
        <p class="typed" data-testid="typed">${slip.keys}<i></i></p>
        ${slip.print !== null ? known(scene, slip.print) : html`<p>${slip.keys === '' ? '' : scene.t('slipNone')}</p>`}
        <div class="slip-ways">
          ${backButton(scene)}
          ${
            slip.print === null
              ? ''
              : button(scene, {
                  ...{ id: `reprint-${slip.print.seq}`, act: { type: 'reprint', seq: slip.print.seq } },
                  ...{ label: scene.t('slipCopy'), look: 'main' },
                })
          }
        </div>
      </div>
      <div class="slip-keys">
        ${[...DIGITS].map((each) => key(scene, each))} ${eraseKey(scene, slip.keys === '')} ${key(scene, '0')}
      </div>
    </div>
  `;
};

function known(scene: Scene, print: PrintView): TemplateResult {
  const copies = print.copies > 0 ? ` · ${scene.say(SAYINGS.copies(print.copies))}` : '';
  return html`<div class="slip-print" data-print=${print.seq} data-state=${print.state}>
    <p class="slip-state">${scene.say(PRINT_WORDS[print.state])}${copies}</p>
    <p><b>${print.name}</b> ${print.pts} ${scene.t('pts')}</p>
    <p>${print.day} ${print.time}</p>
    <p class="soft">${print.number}</p>
  </div>`;
}

export const clerkSlipStyles = css`
  .slip-body {
    grid-row: 1 / -1;
    display: grid;
    grid-template-columns: minmax(0, 1fr) calc(78 * var(--u));
    gap: calc(5 * var(--u));
    min-height: 0;
  }
  .slip-known {
    display: flex;
    flex-direction: column;
    gap: calc(2.5 * var(--u));
    padding-top: calc(2 * var(--u));
    min-width: 0;
  }
  .slip-known h1 {
    font-size: calc(9 * var(--u));
    line-height: 1.3;
  }
  .slip-known .typed {
    min-height: calc(16 * var(--u));
    font-size: calc(14 * var(--u));
  }
  .slip-print {
    line-height: 1.4;
  }
  .slip-state {
    font-size: calc(8.4 * var(--u));
    font-weight: 700;
  }
  .slip-ways {
    display: flex;
    gap: calc(3 * var(--u));
    margin-top: auto;
  }
  .slip-ways .main {
    font-size: max(var(--least), calc(8 * var(--u)));
  }
  .slip-keys {
    display: grid;
    grid-template: repeat(4, minmax(0, 1fr)) / repeat(3, minmax(0, 1fr));
    gap: calc(3 * var(--u));
    min-height: 0;
  }
`;
