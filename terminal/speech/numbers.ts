/** Whole numbers as they are said, up to 99,999,999; what is beyond is said digit by digit. */

const ZH_DIGITS = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const;
const ZH_PLACES = ['', '十', '百', '千'] as const;
const TEN_THOUSAND = 10_000;
export const MOST = 99_999_999;

/**
 * Chinese. Zeros at the end of a group of four are silent, any others within it are one 零 (the rule of the school books:
 * 10005 is 一万零五, 2,002,000 is 二百万二千). In front of 千 and 万 a leading two is 两.
 */
export function zhNumber(n: number): string {
  whole(n);
  if (n < 0) return `负${zhNumber(-n)}`;
  if (n > MOST) return zhDigits(String(n));
  if (n === 0) return '零';
  const high = Math.floor(n / TEN_THOUSAND);
  const low = n % TEN_THOUSAND;
  const upper = high === 0 ? '' : `${high === 2 ? '两' : zhLeading(high)}万`;
  const gap = high > 0 && low > 0 && low < 1_000 ? '零' : '';
  const lower = low === 0 ? '' : high === 0 ? zhLeading(low) : zhGroup(low);
  return upper + gap + lower;
}

/** Before a measure word: 两袋, not 二袋. */
export function zhCount(n: number): string {
  return n === 2 ? '两' : zhNumber(n);
}

/** Each digit by its name: a year, a number on a label. */
export function zhDigits(digits: string): string {
  return [...digits].map((digit) => ZH_DIGITS[Number(digit)] ?? '').join('');
}

/** 1 to 9999 at the front of a number: 十, not 一十; 两千, not 二千. */
function zhLeading(n: number): string {
  if (n >= 10 && n < 20) return zhGroup(n).slice(1);
  const said = zhGroup(n);
  return n >= 2_000 && n < 3_000 ? `两${said.slice(1)}` : said;
}

function zhGroup(n: number): string {
  const digits = String(n);
  let said = '';
  let zeros = false;
  [...digits].forEach((digit, at) => {
    if (digit === '0') {
      zeros = true;
      return;
    }
    if (zeros) said += '零';
    zeros = false;
    said += `${ZH_DIGITS[Number(digit)]}${ZH_PLACES[digits.length - 1 - at]}`;
  });
  return said;
}

const EN_SMALL = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
] as const;
const EN_TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'] as const;

/** English as the British say it: one hundred and five, ten thousand and five. */
export function enNumber(n: number): string {
  whole(n);
  if (n < 0) return `minus ${enNumber(-n)}`;
  if (n > MOST) return enDigits(String(n));
  if (n < 1_000) return enHundreds(n);
  const millions = Math.floor(n / 1_000_000);
  const thousands = Math.floor(n / 1_000) % 1_000;
  const rest = n % 1_000;
  return [
    ...(millions === 0 ? [] : [`${enHundreds(millions)} million`]),
    ...(thousands === 0
      ? []
      : [`${millions > 0 && thousands < 100 && rest === 0 ? 'and ' : ''}${enHundreds(thousands)} thousand`]),
    ...(rest === 0 ? [] : [rest < 100 ? `and ${enHundreds(rest)}` : enHundreds(rest)]),
  ].join(' ');
}

export function enDigits(digits: string): string {
  return [...digits].map((digit) => EN_SMALL[Number(digit)] ?? '').join(' ');
}

function enHundreds(n: number): string {
  const hundreds = Math.floor(n / 100);
  const rest = n % 100;
  if (hundreds === 0) return enTens(rest);
  return `${EN_SMALL[hundreds]} hundred${rest === 0 ? '' : ` and ${enTens(rest)}`}`;
}

function enTens(n: number): string {
  if (n < 20) return EN_SMALL[n] ?? '';
  return `${EN_TENS[Math.floor(n / 10)]}${n % 10 === 0 ? '' : `-${EN_SMALL[n % 10]}`}`;
}

function whole(n: number): void {
  if (!Number.isSafeInteger(n)) throw new RangeError(`${n} is no whole number`);
}
