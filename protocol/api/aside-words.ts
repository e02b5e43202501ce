import type { AsidePaper, CaseCode } from './aside.ts';
import type { Said } from './said.ts';

/** What the page shows and the agent speaks of a correction's cause and of the paper that was asked for. */

/** On a tile, and as the answer that is asked about. */
export const CASE_WORDS: Record<CaseCode, Said> = {
  'goods-missing': { zh: '没拿到东西', en: 'Goods missing' },
  'goods-damaged': { zh: '东西坏了', en: 'Goods damaged' },
  'points-missing': { zh: '积分少了', en: 'Points missing' },
  'card-misused': { zh: '别人用了我的卡', en: 'Someone used my card' },
  other: { zh: '别的事', en: 'Something else' },
};

export const ASIDE_PAPER_WORDS: Record<AsidePaper, Said> = {
  'no-paper': { zh: '没有纸，请看屏幕', en: 'No paper. See the screen' },
  'no-printer': { zh: '现在不能打印，请看屏幕', en: 'Cannot print just now' },
  printing: { zh: '正在打印', en: 'Printing' },
  printed: { zh: '请取走您的纸', en: 'Please take your paper' },
  unknown: { zh: '可能没打出来，请看一下', en: 'Not sure. Check the paper' },
  expired: { zh: '没有打出来，可以再按', en: 'Not printed. Try again' },
};
