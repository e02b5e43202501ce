import { html, nothing, type TemplateResult } from 'lit';
import type { Act } from '../../protocol/api/kiosk.ts';
import { type IconName, icon } from '../shared/components/icons.ts';
import type { Scene } from './screen.ts';

export interface ButtonParts {
  readonly id: string;
  readonly act: Act;
  readonly label?: string;
  /** Read aloud instead of the label, where the label is short. */
  readonly aria?: string;
  readonly icon?: IconName;
  /** Puts the icon behind the words: onwards. */
  readonly onwards?: true;
  readonly look?: string;
  readonly disabled?: boolean;
  readonly body?: TemplateResult;
}

/** One real button: one touch, one act, then it rests until the next view. */
export function button(scene: Scene, parts: ButtonParts): TemplateResult {
  const resting = scene.rests(parts.id);
  const sign = parts.icon === undefined ? nothing : icon(parts.icon);
  const words = parts.label === undefined ? nothing : html`<span class="label">${parts.label}</span>`;
  return html`<button
    type="button"
    class="${parts.look ?? 'plain'}${resting ? ' resting' : ''}"
    data-testid=${parts.id}
    aria-label=${parts.aria ?? nothing}
    ?disabled=${resting || parts.disabled === true}
    @click=${() => scene.act(parts.id, parts.act)}
  >${parts.body ?? (parts.onwards ? [words, sign] : [sign, words])}</button>`;
}

/** The way out, in the same corner on every screen of a session. */
export function leaveButton(scene: Scene, label = scene.t('leave'), look = 'plain'): TemplateResult {
  return button(scene, { id: 'cancel', act: { type: 'cancel' }, label, icon: 'leave', look });
}

export function backButton(scene: Scene, label = scene.t('back')): TemplateResult {
  return button(scene, { id: 'back', act: { type: 'back' }, label, icon: 'left' });
}
