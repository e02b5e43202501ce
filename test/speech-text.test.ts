import { describe, expect, it } from 'vitest';
import { type KioskView, type Language, SCREENS } from '../protocol/api/kiosk.ts';
import { enNumber, zhNumber } from '../terminal/speech/numbers.ts';
import { speechOf } from '../terminal/speech/speech.ts';
import { ASIDE_WORDS } from '../ui/kiosk/aside-words.ts';
import { FIXTURES, staged } from '../ui/kiosk/fixtures.ts';
import { WORDS } from '../ui/kiosk/words.ts';

/** What is said of every screen, in every state that looks different, beside the very words the page shows. */

const LANGUAGES: readonly Language[] = ['zh-CN', 'en'];
const BOTH = [true, false] as const;
const said = (name: string, language: Language, asked: boolean): string => text(fixtureOf(name), language, asked);
function fixtureOf(name: string): KioskView {
  const found = FIXTURES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found.view;
}
const text = (view: KioskView, language: Language, asked: boolean, large = false) =>
  speechOf(staged(view, language, 5.9, large), asked)
    .map((each) => each.text)
    .join('');
const number = (n: number, language: Language) => (language === 'en' ? enNumber(n) : zhNumber(n));

describe.each(LANGUAGES)('in %s', (language) => {
  it('every screen says something, in words alone, and as long as a person listens', () => {
    expect(new Set(FIXTURES.map((each) => each.view.screen))).toEqual(new Set(SCREENS));
    for (const { name, view } of FIXTURES) {
      for (const asked of BOTH) {
        const spoken = text(view, language, asked);
        expect(spoken.length, name).toBeGreaterThan(language === 'en' ? 15 : 6);
        expect(spoken.length, name).toBeLessThan(language === 'en' ? 1_500 : 500);
        expect(spoken, name).not.toMatch(/[0-9]|undefined|null|NaN|×|·/);
        if (language === 'en') expect(spoken, name).not.toMatch(/[\u4e00-\u9fff]/);
      }
    }
  });

  it('never says a name, what stands on a card, or a code of a receipt', () => {
    for (const { name, view } of FIXTURES) {
      for (const asked of BOTH) {
        const spoken = text(view, language, asked);
        expect(spoken, name).not.toMatch(/张\*|芳|欧阳|㙓|王建国|\*|7K3M|QK7M|零四二七|四百二十七|zero four two seven/);
        expect(spoken, name).not.toContain(number(427, language));
      }
    }
  });

  it('says only such buttons as the page has, by their very labels', () => {
    const labels = new Set<string>(
      Object.values({ ...WORDS, ...ASIDE_WORDS }).map((word) => (language === 'en' ? word.en : word.zh)),
    );
    for (const { name, view } of FIXTURES) {
      for (const [, label] of text(view, language, true).matchAll(/“(.+?)”/g)) {
        expect(labels.has(label ?? ''), `${name}: ${label}`).toBe(true);
      }
    }
  });

  it.each([
    ['balance', 1286],
    ['choose', 1286],
    ['confirm', 1286],
    ['confirm', 656],
    ['done-printed', 656],
    ['statement', 1286],
    ['statement', 1086],
    ['mydata', 1086],
  ])('tells the balance on %s to who asked, and to nobody else (%i)', (name, pts) => {
    expect(said(name, language, true)).toContain(number(pts, language));
    expect(said(name, language, false)).not.toContain(number(pts, language));
  });

  it('says how many digits of a PIN were pressed, and not which', () => {
    const spoken = said('pin', language, true);
    expect(spoken).toContain(language === 'en' ? 'three of four digits entered' : '已输入三位，共四位');
  });

  it('does not give the balance away by what is missing', () => {
    expect(said('choose-refused', language, false)).not.toContain(number(12, language));
    expect(said('error-not-enough-points', language, false)).not.toContain(number(12, language));
  });

  it('says the same for every key pressed but the count', () => {
    const texts = [0, 1, 2, 3, 4].map((entered) =>
      text({ ...fixtureOf('pin'), pin: { entered, length: 4, triesLeft: 2 } }, language, true),
    );
    expect(new Set(texts).size).toBe(5);
  });
});

describe('a shelf', () => {
  it('is said item by item, with its place, its points and why not', () => {
    const zh = said('choose-refused', 'zh-CN', true);
    expect(zh).toContain('上排左边：暖水瓶，一只两升，一千二百九十八分，还差十二分。');
    expect(zh).toContain('上排中间：雨伞，一把，二百四十分，联网后可换。');
    expect(said('choose-basket', 'en', true)).toContain(
      'Top row, left: Rice, five kilogram sack, four hundred and twenty points, one chosen.',
    );
  });

  it('has two columns with large text', () => {
    expect(text(fixtureOf('choose'), 'zh-CN', true, true)).toMatch(
      /上排左边：大米.*上排右边：食用油.*下排左边：挂面.*下排右边：酱油/,
    );
  });
});

describe('what covers a screen', () => {
  it('is said in its place', () => {
    expect(said('confirm-committing', 'zh-CN', true)).toBe('正在办理，请稍等，不用再按。');
    expect(said('idle', 'en', true)).toContain('leaves in twenty-seven seconds');
    expect(said('choose-remark', 'zh-CN', true)).toMatch(/^这是另一张卡，没有扣它的分。想换什么？/);
  });
});
