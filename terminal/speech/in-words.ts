import { enDigits, enNumber, zhCount, zhDigits, zhNumber } from './numbers.ts';

/** A text with numerals as it is said: no numeral is left to a voice that would read it its own way. */

/** What is counted with 两, not 二. After 第 it is an order, and 二. */
const MEASURES = '袋桶把瓶篮只支升公斤克毫米个件次位秒样块条双盒包箱枚分点页张天年元种筐盘套卷台';
const NUMERAL = /(第\s*)?(\d+)(?:\.(\d+))?\s*/g;

export function zhInWords(text: string): string {
  const said = text.replace(
    NUMERAL,
    (_whole, nth: string | undefined, digits: string, part: string | undefined, at) => {
      const n = Number(digits);
      if (part !== undefined) return `${zhNumber(n)}点${zhDigits(part)}`;
      if (nth !== undefined) return `第${zhNumber(n)}`;
      const after = text.slice((at as number) + _whole.length).charAt(0);
      return after !== '' && MEASURES.includes(after) ? zhCount(n) : zhNumber(n);
    },
  );
  // Between Chinese characters a space means nothing; a voice may stop at it.
  return said.replace(/(?<=[\u2e80-\u9fff])\s+(?=[\u2e80-\u9fff])/g, '');
}

const UNITS: Readonly<Record<string, string>> = {
  ...{
    kg: 'kilogram',
    g: 'gram',
    l: 'litre',
    ml: 'millilitre',
    cm: 'centimetre',
    m: 'metre',
    pts: 'point',
    pt: 'point',
  },
};

/** `5 kg sack` is a five kilogram sack, `2 l` alone two litres. */
export function enInWords(text: string): string {
  const units = text.replace(
    /(\d+(?:\.\d+)?) (kg|g|l|ml|cm|m|pts?)\b(?=(\s+[a-z])?)/g,
    (_whole, digits: string, unit: string, noun: string | undefined) =>
      `${digits} ${UNITS[unit] ?? unit}${noun === undefined && digits !== '1' ? 's' : ''}`,
  );
  return units.replace(/(\d+)(?:\.(\d+))?/g, (_whole, digits: string, part: string | undefined) =>
    part === undefined ? enNumber(Number(digits)) : `${enNumber(Number(digits))} point ${enDigits(part)}`,
  );
}
