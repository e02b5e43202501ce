import { html, nothing, type TemplateResult } from 'lit';
import type { Screen } from '../../protocol/api/kiosk.ts';
import { icon } from '../shared/components/icons.ts';
import { otherLanguage } from '../shared/i18n/say.ts';
import { button } from './button.ts';
import type { Scene } from './screen.ts';

/** Screens on which a clerk may begin; the help screen has its own, larger button for it. */
const CLERK_BEGINS: readonly Screen[] = ['attract', 'closed'];

/** What stands in the same place on every screen: listen, help, text size, language; and whether there is a network. */
export function drawRail(scene: Scene): TemplateResult {
  const { view, t } = scene;
  const large = view.preferences?.large === true;
  const clerk = CLERK_BEGINS.includes(view.screen);
  return html`<nav class="rail">
    ${listenButton(scene)}
    ${button(scene, {
      id: 'help',
      act: view.screen === 'help' ? { type: 'back' } : { type: 'help' },
      label: t('help'),
      icon: 'person',
      look: view.screen === 'help' ? 'plain stacked here' : 'plain stacked',
    })}
    ${
      view.preferences === undefined
        ? html`<span class="place"></span>`
        : button(scene, {
            id: 'large-text',
            act: { type: 'large-text', on: !large },
            look: large ? 'plain stacked here' : 'plain stacked',
            body: html`<span class="aa" aria-hidden="true">${large ? icon('check') : nothing}A<small>a</small></span><span class="label">${t('largeText')}</span>`,
          })
    }
    ${button(scene, {
      id: 'language',
      act: { type: 'language', language: otherLanguage(view.language) },
      look: 'plain tongue',
      body: html`<span class="label" lang=${otherLanguage(view.language)} aria-label=${t('otherLanguageLong')}>${t('otherLanguage')}</span>`,
    })}
    <span class="lower">
      ${view.offline ? html`<p class="badge" data-testid="offline-badge" role="img" aria-label=${t('offlineLong')}>${clerk ? nothing : icon('offline')}<span>${t('offline')}</span></p>` : nothing}
      ${
        clerk
          ? button(scene, {
              id: 'clerk',
              act: { type: 'clerk' },
              label: t('clerkCard'),
              icon: 'card',
              look: 'plain stacked quiet',
            })
          : nothing
      }
    </span>
  </nav>`;
}

/** A first touch reads the screen out, a second one stops it. While it speaks the button is dark, and says what it does then. */
function listenButton(scene: Scene): TemplateResult {
  const { speaking, t } = scene;
  return html`<button
    type="button"
    class="plain stacked listen${speaking ? ' speaking' : ''}"
    data-testid="listen"
    aria-pressed=${speaking ? 'true' : 'false'}
    @click=${() => scene.listen()}
  >
    ${speaking ? html`<span class="voice" aria-hidden="true"><i></i><i></i><i></i><i></i></span>` : icon('sound')}<span class="label">${t(speaking ? 'listenStop' : 'listen')}</span>
  </button>`;
}
