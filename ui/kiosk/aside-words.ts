import type { Said } from '../../protocol/api/kiosk.ts';

/** What the side ways say: the statement, what is held, a correction. */
export const ASIDE_WORDS = {
  statement: { zh: '我的明细', en: 'Statement' },
  mydata: { zh: '我的资料', en: 'My details' },
  case: { zh: '哪里不对', en: 'A mistake?' },
  print: { zh: '打印', en: 'Print' },
  next: { zh: '下页', en: 'Next' },
  previous: { zh: '上页', en: 'Prev' },

  have: { zh: '现有', en: 'You have' },
  here: { zh: '这里能用', en: 'Here' },
  elsewhere: { zh: '在县里', en: 'At county' },
  nothingYet: { zh: '在这台机器上还没换过东西', en: 'Nothing redeemed at this kiosk yet' },
  undone: { zh: '已撤销', en: 'undone' },

  dataTitle: { zh: '本机存有我的', en: 'Held about me' },
  notHeld: { zh: '不存全名、身份证号、住址和密码', en: 'No full name, ID number, address or PIN' },
  name: { zh: '姓名', en: 'Name' },
  initials: { zh: '首字母', en: 'Initials' },
  card: { zh: '卡尾号', en: 'Card ending' },
  pin: { zh: '密码', en: 'PIN' },
  pinSet: { zh: '已设', en: 'set' },
  pinUnset: { zh: '没设', en: 'not set' },
  language: { zh: '语言', en: 'Language' },
  noLanguage: { zh: '没选', en: 'none' },
  lives: { zh: '住在', en: 'Lives in' },
  thisVillage: { zh: '本村', en: 'this village' },
  otherVillage: { zh: '外村', en: 'another one' },
  redeemed: { zh: '在此兑换', en: 'Redeemed here' },
  cases: { zh: '更正申请', en: 'Corrections' },
  claims: { zh: '积分申请', en: 'Claims' },
  usedTitle: { zh: '在别处换的', en: 'Used elsewhere' },
  none: { zh: '没有', en: 'none' },

  whatTitle: { zh: '哪里不对？', en: 'What is wrong?' },
  whichTitle: { zh: '是哪一次？', en: 'Which one was it?' },
  noneOfThese: { zh: '都不是', en: 'None of these' },
  sureTitle: { zh: '报给县里，对吗？', en: 'Tell the county?' },
  notSure: { zh: '不报了', en: 'No' },
  change: { zh: '改一改', en: 'Change' },
  file: { zh: '对，报上去', en: 'Yes, file it' },
  noPointsMove: { zh: '报上去不扣积分', en: 'This takes no points' },
  filedTitle: { zh: '已经报了', en: 'It is filed' },
  filedAgain: { zh: '今天已经报过', en: 'Filed already today' },
  yourNumber: { zh: '您的编号', en: 'Your number' },
  askByNumber: { zh: '拿这个编号到村委会问', en: 'Ask at the village office' },
  stopCard: { zh: '要停这张卡，请找店员', en: 'To stop this card, ask the clerk' },
  sentLater: { zh: '现在没联网，联网后自动送出', en: 'Offline. It is sent once online' },
} satisfies Record<string, Said>;

export const ASIDE_SAYINGS = {
  /** `2027-01-15` in a list: the year is known, the day is what one looks for. */
  when: (day: string, time: string): Said => ({ zh: `${day.slice(5)} ${time}`, en: `${day.slice(5)} ${time}` }),
  /** On a tile there is room for the name alone. */
  goodsShort: (name: Said, more: number): Said => {
    const rest = more > 0 ? ` +${more}` : '';
    return { zh: `${name.zh}${rest}`, en: `${name.en}${rest}` };
  },
  goods: (name: Said, qty: number, more: number): Said => ({
    zh: `${name.zh} ×${qty}${more > 0 ? ` 等 ${more + 1} 样` : ''}`,
    en: `${name.en} ×${qty}${more > 0 ? ` + ${more} more` : ''}`,
  }),
  times: (count: number): Said => ({ zh: `${count} 次`, en: String(count) }),
  points: (pts: number): Said => ({ zh: `${pts} 分`, en: `${pts} pts` }),
  page: (page: number, pages: number): Said => ({ zh: `${page}/${pages}`, en: `${page}/${pages}` }),
  usedElsewhere: (day: string): Said => ({ zh: `别处已用 ${day}`, en: `Elsewhere ${day}` }),
} as const;
