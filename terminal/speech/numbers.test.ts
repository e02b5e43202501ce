import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enDay, enTime, zhDay, zhTime } from './dates.ts';
import { enInWords, zhInWords } from './in-words.ts';
import { enNumber, MOST, zhCount, zhNumber } from './numbers.ts';

describe('numbers are said', () => {
  it.each([
    [0, '零', 'zero'],
    [2, '二', 'two'],
    [10, '十', 'ten'],
    [11, '十一', 'eleven'],
    [20, '二十', 'twenty'],
    [22, '二十二', 'twenty-two'],
    [100, '一百', 'one hundred'],
    [101, '一百零一', 'one hundred and one'],
    [105, '一百零五', 'one hundred and five'],
    [110, '一百一十', 'one hundred and ten'],
    [111, '一百一十一', 'one hundred and eleven'],
    [200, '二百', 'two hundred'],
    [212, '二百一十二', 'two hundred and twelve'],
    [1_000, '一千', 'one thousand'],
    [1_001, '一千零一', 'one thousand and one'],
    [1_010, '一千零一十', 'one thousand and ten'],
    [1_100, '一千一百', 'one thousand one hundred'],
    [1_286, '一千二百八十六', 'one thousand two hundred and eighty-six'],
    [2_000, '两千', 'two thousand'],
    [2_222, '两千二百二十二', 'two thousand two hundred and twenty-two'],
    [9_999, '九千九百九十九', 'nine thousand nine hundred and ninety-nine'],
    [10_000, '一万', 'ten thousand'],
    [10_005, '一万零五', 'ten thousand and five'],
    [10_010, '一万零一十', 'ten thousand and ten'],
    [10_500, '一万零五百', 'ten thousand five hundred'],
    [12_000, '一万二千', 'twelve thousand'],
    [20_000, '两万', 'twenty thousand'],
    [22_000, '两万二千', 'twenty-two thousand'],
    [100_000, '十万', 'one hundred thousand'],
    [100_005, '十万零五', 'one hundred thousand and five'],
    [110_000, '十一万', 'one hundred and ten thousand'],
    [120_012, '十二万零一十二', 'one hundred and twenty thousand and twelve'],
    [1_000_000, '一百万', 'one million'],
    [1_002_000, '一百万二千', 'one million and two thousand'],
    [1_010_001, '一百零一万零一', 'one million ten thousand and one'],
    [20_000_000, '两千万', 'twenty million'],
    [20_200_002, '两千零二十万零二', 'twenty million two hundred thousand and two'],
    [
      99_999_999,
      '九千九百九十九万九千九百九十九',
      'ninety-nine million nine hundred and ninety-nine thousand nine hundred and ninety-nine',
    ],
    [100_000_000, '一零零零零零零零零', 'one zero zero zero zero zero zero zero zero'],
    [-12, '负十二', 'minus twelve'],
  ])('%i', (n, zh, en) => {
    expect([zhNumber(n), enNumber(n)]).toEqual([zh, en]);
  });

  it('each in its own way, so that who hears it can write it down again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 0, max: MOST }), fc.integer({ min: 0, max: 20_000 })), (n) => {
        expect(heardZh(zhNumber(n))).toBe(n);
        expect(heardEn(enNumber(n))).toBe(n);
        expect(zhNumber(n)).not.toMatch(/零零|.零$|零[十百千万]/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('but no fraction', () => expect(() => zhNumber(1.5)).toThrow(RangeError));

  it('two before a measure word is 两', () => {
    expect([zhCount(2), zhCount(12), zhCount(20), zhCount(1)]).toEqual(['两', '十二', '二十', '一']);
  });
});

describe('a text in words', () => {
  it.each([
    ['2 袋', '两袋'],
    ['您有 2 分', '您有两分'],
    ['第 2 页，共 12 页', '第二页，共十二页'],
    ['一袋 1.5 公斤', '一袋一点五公斤'],
    ['一只 2 升', '一只两升'],
    ['一瓶 500 毫升', '一瓶五百毫升'],
    ['2000 分', '两千分'],
    ['10005 分，一袋 5 公斤', '一万零五分，一袋五公斤'],
  ])('%s', (text, said) => expect(zhInWords(text)).toBe(said));

  it.each([
    ['5 kg sack', 'five kilogram sack'],
    ['2 l', 'two litres'],
    ['1 kg', 'one kilogram'],
    ['500 ml bottle, 45 pts', 'five hundred millilitre bottle, forty-five points'],
    ['1.5 kg bag', 'one point five kilogram bag'],
    ['basket of 10', 'basket of ten'],
    ['105 points', 'one hundred and five points'],
  ])('%s', (text, said) => expect(enInWords(text)).toBe(said));
});

describe('days and times are said', () => {
  it.each([
    ['2027-03-05', '二零二七年三月五日', 'the fifth of March, two thousand and twenty-seven'],
    ['2026-11-22', '二零二六年十一月二十二日', 'the twenty-second of November, two thousand and twenty-six'],
    ['2030-12-31', '二零三零年十二月三十一日', 'the thirty-first of December, two thousand and thirty'],
    ['2027-01-20', '二零二七年一月二十日', 'the twentieth of January, two thousand and twenty-seven'],
    ['2027-01-14', '二零二七年一月十四日', 'the fourteenth of January, two thousand and twenty-seven'],
  ])('%s', (day, zh, en) => expect([zhDay(day), enDay(day)]).toEqual([zh, en]));

  it.each([
    ['08:12', '上午八点十二分', 'eight twelve in the morning'],
    ['14:00', '下午两点整', 'two o’clock in the afternoon'],
    ['12:05', '中午十二点零五分', 'twelve oh five in the afternoon'],
    ['22:30', '晚上十点三十分', 'ten thirty in the evening'],
    ['00:07', '凌晨零点零七分', 'twelve oh seven in the morning'],
  ])('%s', (time, zh, en) => expect([zhTime(time), enTime(time)]).toEqual([zh, en]));
});

/** The listener's side, written apart from the speaker's. */
function heardZh(said: string): number {
  const digits = '零一二三四五六七八九';
  const [upper, lower] = said.includes('万') ? said.split('万') : ['', said];
  const group = (text: string): number => {
    let sum = 0;
    let digit = 0;
    for (const sign of text.replaceAll('两', '二')) {
      const place = { 十: 10, 百: 100, 千: 1000 }[sign];
      if (place === undefined) digit = digits.indexOf(sign);
      else {
        sum += (digit === 0 ? 1 : digit) * place;
        digit = 0;
      }
    }
    return sum + digit;
  };
  return group(upper ?? '') * 10_000 + group(lower ?? '');
}

const EN: Readonly<Record<string, number>> = Object.fromEntries([
  ...'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, n) => [word, n] as const),
  ...'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, n) => [word, (n + 2) * 10] as const),
]);

function heardEn(said: string): number {
  let sum = 0;
  let part = 0;
  for (const word of said.split(/[ -]/)) {
    if (word === 'and') continue;
    if (word === 'hundred') part *= 100;
    else if (word === 'thousand' || word === 'million') {
      sum += part * (word === 'million' ? 1_000_000 : 1_000);
      part = 0;
    } else part += EN[word] ?? Number.NaN;
  }
  return sum + part;
}
