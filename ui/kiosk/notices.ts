import { html, nothing, type TemplateResult } from 'lit';
import type { NoticeCode, Screen } from '../../protocol/api/kiosk.ts';
import { NOTICE_WORDS } from '../../protocol/api/kiosk-words.ts';
import { icon } from '../shared/components/icons.ts';
import type { Scene } from './screen.ts';

/** The first of these that holds is said. */
export const URGENCY: readonly NoticeCode[] = [
  'reader-absent',
  'printer-absent',
  'paper-out',
  'printer-fault',
  'paper-near-end',
  'printer-degraded',
];
const CLERKS_ALONE: readonly NoticeCode[] = ['paper-near-end', 'printer-degraded'];
const CLERK_SCREENS: readonly Screen[] = ['clerk-prints'];

export function noticeLine(scene: Scene): TemplateResult | typeof nothing {
  const forClerk = CLERK_SCREENS.includes(scene.view.screen);
  const code = URGENCY.find(
    (notice) => scene.view.notices.includes(notice) && (forClerk || !CLERKS_ALONE.includes(notice)),
  );
  if (code === undefined) return nothing;
  return html`<p class="notice" data-notice=${code}>${icon('notice')}<span>${scene.say(NOTICE_WORDS[code])}</span></p>`;
}
