import { html, nothing, type TemplateResult } from 'lit';
import type { Screen } from '../../protocol/api/kiosk.ts';
import { icon } from '../shared/components/icons.ts';
import { otherLanguage } from '../shared/i18n/say.ts';
import { button } from './button.ts';
import type { Scene } from './screen.ts';

/** Screens on which a clerk may begin; the help screen has its own, larger button for it. */
const CLERK_BEGINS: readonly Screen[] = ['attract', 'closed'];

/** What stands in the same place on every screen: language, help, and whether there is a network. */
export function drawRail(scene: Scene): TemplateResult {
  const { view, t } = scene;
  return html`<nav class="rail">
    ${button(scene, {
      id: 'language',
      act: { type: 'language', language: otherLanguage(view.language) },
      look: 'plain tongue',
      body: html`<span class="label" lang=${otherLanguage(view.language)} aria-label=${t('otherLanguageLong')}>${t('otherLanguage')}</span>`,
    })}
    ${button(scene, {
      id: 'help',
      act: view.screen === 'help' ? { type: 'back' } : { type: 'help' },
      label: t('help'),
      icon: 'person',
      look: view.screen === 'help' ? 'plain stacked here' : 'plain stacked',
    })}
    <span class="spacer"></span>
    ${view.offline ? html`<p class="badge" data-testid="offline-badge" role="img" aria-label=${t('offlineLong')}>${icon('offline')}<span>${t('offline')}</span></p>` : nothing}
    ${
      CLERK_BEGINS.includes(view.screen)
        ? button(scene, {
            id: 'clerk',
            act: { type: 'clerk' },
            label: t('clerkCard'),
            icon: 'card',
            look: 'plain stacked quiet',
          })
        : nothing
    }
  </nav>`;
}
