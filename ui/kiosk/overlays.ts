import { html, nothing, type TemplateResult } from 'lit';
import type { RemarkCode, Screen } from '../../protocol/api/kiosk.ts';
import { REMARK_WORDS } from '../../protocol/api/kiosk-words.ts';
import { icon } from '../shared/components/icons.ts';
import { button } from './button.ts';
import type { Scene } from './screen.ts';
import { SAYINGS, type Speech } from './words.ts';

/** Five notches that fill one after the other: the tally being cut. Slow enough never to flash. */
const notches = html`<span class="notches" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></span>`;

/** While the record is being committed nothing can be touched, and nothing times out. */
export function committingOverlay(scene: Scene): TemplateResult | typeof nothing {
  if (scene.view.committing !== true) return nothing;
  return html`<div class="over" data-testid="committing" role="status">
    ${notches}
    <h1>${scene.t('committing')}</h1>
    <p>${scene.t('committingTodo')}</p>
  </div>`;
}

/** One question, one big button. */
export function idleOverlay(scene: Scene): TemplateResult | typeof nothing {
  if (scene.view.idle === undefined) return nothing;
  return html`<div class="over" data-testid="idle" role="alertdialog" aria-labelledby="idle-title">
    <h1 id="idle-title">${scene.t('idleTitle')}</h1>
    ${button(scene, { id: 'still-here', act: { type: 'still-here' }, label: scene.t('stillHere'), look: 'main vast' })}
    <p>${scene.say(SAYINGS.secondsLeft(scene.view.idle.secondsLeft))}</p>
  </div>`;
}

/** Shown instead of everything while the agent is away: nobody's name stays on a screen that nobody guards. */
export function awayScreen(speech: Speech): TemplateResult {
  return html`<div class="away" data-testid="away" role="status">
    ${notches}
    <h1>${speech.t('awayWhat')}</h1>
    <p>${speech.t('awayTodo')}</p>
  </div>`;
}

const FINE: ReadonlySet<string> = new Set(['print-sent', 'pin-set', 'pin-unlocked', 'voided']);

/** On a PIN screen it stands beside the pad, so that no key is hidden. */
export function remarkToast(speech: Speech, screen: Screen, code: RemarkCode | 'no-voice' | undefined): TemplateResult {
  const words =
    code === undefined
      ? nothing
      : html`<p>${icon(code !== undefined && FINE.has(code) ? 'check' : 'notice')}<span>${code === 'no-voice' ? speech.t('noVoice') : speech.say(REMARK_WORDS[code])}</span></p>`;
  return html`<div class="toast ${screen}" data-testid="remark" data-remark=${code ?? nothing} role="alert">${words}</div>`;
}
