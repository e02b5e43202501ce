import type { KioskView, Screen } from '../../protocol/api/kiosk.ts';
import { REMARK_WORDS } from '../../protocol/api/kiosk-words.ts';
import { CLERK_SPEECH } from './clerk-screens.ts';
import { enInWords, zhInWords } from './in-words.ts';
import { fixed, made, type Phrase, type Speak, words } from './phrases.ts';
import { RESIDENT_SPEECH } from './resident-screens.ts';

/** What the kiosk says of the screen it shows, from the view alone. A screen of the contract without words does not compile. */

const SPEECH: Record<Screen, Speak> = { ...RESIDENT_SPEECH, ...CLERK_SPEECH };

export interface Utterance {
  /** Of a recorded clip, where there may be one. */
  readonly key: string | null;
  /** In words: without a numeral. */
  readonly text: string;
}

export function speechOf(view: KioskView, asked: boolean): readonly Utterance[] {
  const zh = view.language === 'zh-CN';
  return phrases(view, asked).map((phrase) => ({
    key: phrase.key ?? null,
    text: zh ? zhInWords(phrase.zh) : enInWords(phrase.en),
  }));
}

/** What covers a screen is said in its place, a remark before it. */
function phrases(view: KioskView, asked: boolean): readonly Phrase[] {
  if (view.committing === true) {
    return [fixed('committing', '正在办理，请稍等，不用再按。', 'Working on it. One moment, no need to press.')];
  }
  if (view.idle !== undefined) {
    const { secondsLeft } = view.idle;
    return [
      fixed(
        'idle',
        '您还在吗？在的话，按屏幕中间的大按钮“我还在”。',
        'Are you still there? If so, press the large button “I am here” in the middle.',
      ),
      made(`不按，${secondsLeft} 秒后退出。`, `Otherwise it leaves in ${secondsLeft} seconds.`),
    ];
  }
  const remark = view.remark === undefined ? [] : [words(REMARK_WORDS[view.remark.code])];
  return [...remark, ...SPEECH[view.screen](view, asked)];
}
