import type { Language, Said } from '../../protocol/api/kiosk.ts';
import { say, wordsIn } from '../shared/i18n/say.ts';
import { COUNTER_WORDS } from './counter-words.ts';

/** What the page itself says. Short, spoken Chinese first: the way a neighbour would say it over the counter. */
export const WORDS = {
  otherLanguage: { zh: 'EN', en: '中文' },
  otherLanguageLong: { zh: 'English', en: '中文' },
  listen: { zh: '听', en: 'Listen' },
  listenStop: { zh: '停', en: 'Stop' },
  noVoice: { zh: '现在不能朗读，请找店员', en: 'No voice just now. Ask the clerk' },
  largeText: { zh: '大字', en: 'Large' },
  volume: { zh: '声音', en: 'Sound' },
  readAloud: { zh: '自动读', en: 'Read all' },
  on: { zh: '开', en: 'On' },
  off: { zh: '关', en: 'Off' },
  help: { zh: '找店员', en: 'Help' },
  clerkCard: { zh: '店员卡', en: 'Clerk' },
  offline: { zh: '没联网', en: 'Offline' },
  offlineLong: { zh: '没联网，照样可以兑换', en: 'Offline: you can still redeem' },
  awayWhat: { zh: '请稍等', en: 'One moment' },
  awayTodo: { zh: '马上就好', en: 'We will be right back' },

  tapCard: { zh: '请刷卡', en: 'Tap your card' },
  tapHint: { zh: '把卡放在读卡器上', en: 'Lay it on the reader' },

  balanceTitle: { zh: '您的积分', en: 'Your points' },
  youHave: { zh: '您有', en: 'You have' },
  points: { zh: '分', en: 'points' },
  pts: { zh: '分', en: 'pts' },
  cardEnds: { zh: '卡尾号', en: 'Card ending' },
  restLater: { zh: '其余的联网后再用', en: 'The rest can be used later' },
  choose: { zh: '去换东西', en: 'Choose goods' },
  leave: { zh: '退出', en: 'Leave' },
  back: { zh: '返回', en: 'Back' },

  chooseTitle: { zh: '想换什么？', en: 'What would you like?' },
  categories: { zh: '分类', en: 'Kinds' },
  nextShort: { zh: '下页', en: 'Next' },
  previousShort: { zh: '上页', en: 'Prev' },
  canUse: { zh: '还能用', en: 'You have' },
  picked: { zh: '选好了', en: 'Done' },
  soldOut: { zh: '已换完', en: 'Sold out' },
  tooDearHere: { zh: '联网后可换', en: 'Once online' },
  tooDear: { zh: '积分不够', en: 'Too few points' },
  emptyShelf: { zh: '这一类现在没有东西', en: 'Nothing here at the moment' },

  quantityTitle: { zh: '要多少？', en: 'How many?' },
  fewer: { zh: '少一个', en: 'One fewer' },
  more: { zh: '多一个', en: 'One more' },
  atMost: { zh: '最多这些', en: 'Max' },
  total: { zh: '一共', en: 'Total' },
  addMore: { zh: '再选一样', en: 'Add another' },

  confirmTitle: { zh: '换这些，对吗？', en: 'Take these?' },
  before: { zh: '现在', en: 'Now' },
  used: { zh: '用掉', en: 'Used' },
  after: { zh: '还剩', en: 'Left' },
  notNow: { zh: '不换了', en: 'No' },
  change: { zh: '改一改', en: 'Change' },
  confirm: { zh: '对，就换这些', en: 'Yes, redeem' },
  committing: { zh: '正在办理', en: 'Working on it' },
  committingTodo: { zh: '请稍等，不用再按', en: 'One moment, no need to press' },

  pinTitle: { zh: '请输密码', en: 'Enter PIN' },
  pinOk: { zh: '确定', en: 'OK' },
  pinErase: { zh: '删除', en: 'Erase' },
  pinHide: { zh: '用手挡一下', en: 'Shield the keys' },

  doneTitle: { zh: '换好了', en: 'All done' },
  doneTodo: { zh: '请向店员取东西', en: 'Collect your goods' },
  nowHave: { zh: '还剩', en: 'You now have' },
  recordNumber: { zh: '记录号', en: 'Record' },
  checkCode: { zh: '校验码', en: 'Check code' },
  finish: { zh: '好了', en: 'Finish' },

  errorOk: { zh: '知道了', en: 'OK' },

  helpTitle: { zh: '需要帮忙吗？', en: 'Need a hand?' },
  helpTodo: { zh: '请叫店员，店员可以替您换', en: 'Call the clerk, who can do it for you' },
  helpTap: { zh: '刷卡', en: 'Tap card' },
  helpPick: { zh: '选东西', en: 'Choose' },
  helpConfirm: { zh: '确认', en: 'Confirm' },
  helpTake: { zh: '取东西', en: 'Take it' },

  visitHub: { zh: '正在问县里', en: 'Asking the county' },
  visitHubTodo: { zh: '外村的卡，请稍等', en: 'A card from elsewhere. One moment' },
  visitHome: { zh: '正在从本村取积分', en: 'Fetching your points' },
  visitHomeTodo: { zh: '要几秒钟，请稍等', en: 'From home. A few seconds' },

  servedTitle: { zh: '给居民办卡', en: 'Serve a resident' },
  noPin: { zh: '还没设密码', en: 'No PIN yet' },
  hasPin: { zh: '已经设了密码', en: 'Has a PIN' },
  pinIsLocked: { zh: '密码锁住了', en: 'The PIN is locked' },
  unlockWhy: { zh: '解锁：怎么认出本人？', en: 'Unlock: how do you know them?' },
  knowsPerson: { zh: '认识本人', en: 'I know them' },
  sawPapers: { zh: '看过证件', en: 'Saw papers' },
  setPin: { zh: '设密码', en: 'Set a PIN' },
  newPin: { zh: '换密码', en: 'New PIN' },
  newPinTitle: { zh: '请输新密码', en: 'New PIN' },
  newPinAgain: { zh: '请再输一次', en: 'Once more' },
  dateTitle: { zh: '今天是这一天吗？', en: 'Is it this day?' },
  dayBefore: { zh: '前一天', en: 'Day before' },
  dayAfter: { zh: '后一天', en: 'Day after' },
  dateConfirm: { zh: '对，就是今天', en: 'Yes, today' },

  closedTitle: { zh: '现在不能兑换', en: 'Not open just now' },
  fingerprint: { zh: '本机指纹', en: 'Fingerprint' },

  clerkPinTitle: { zh: '店员密码', en: 'Clerk PIN' },
  printsTitle: { zh: '小票', en: 'Receipts' },
  reprint: { zh: '补打', en: 'Reprint' },
  noPrints: { zh: '还没有小票', en: 'No receipts yet' },
  clerkLeave: { zh: '退出', en: 'Leave' },

  ...COUNTER_WORDS,

  idleTitle: { zh: '您还在吗？', en: 'Are you still there?' },
  stillHere: { zh: '我还在', en: 'I am here' },
} satisfies Record<string, Said>;

export type Word = keyof typeof WORDS;

/** Texts with a number in them. */
export const SAYINGS = {
  hello: (name: string): Said => ({ zh: `${name}，您好`, en: `Hello, ${name}` }),
  here: (pts: number): Said => ({ zh: `在这里现在能用 ${pts} 分`, en: `${pts} points can be used here now` }),
  missing: (pts: number): Said => ({ zh: `还差 ${pts} 分`, en: `${pts} pts short` }),
  priceOf: (pts: number, unit: Said): Said => ({ zh: `${pts} 分 · ${unit.zh}`, en: `${pts} pts · ${unit.en}` }),
  inBasket: (count: number): Said => ({ zh: `已选 ${count}`, en: `${count} chosen` }),
  pieces: (count: number): Said => ({ zh: `${count} 件`, en: count === 1 ? '1 item' : `${count} items` }),
  andMore: (count: number): Said => ({ zh: `还有 ${count} 样`, en: `and ${count} more` }),
  triesLeft: (tries: number): Said => ({
    zh: `还可以试 ${tries} 次`,
    en: tries === 1 ? '1 try left' : `${tries} tries left`,
  }),
  pinEntered: (entered: number, length: number): Said => ({
    zh: `已输入 ${entered} 位，共 ${length} 位`,
    en: `${entered} of ${length} digits entered`,
  }),
  secondsLeft: (seconds: number): Said => ({ zh: `${seconds} 秒后退出`, en: `Leaving in ${seconds} s` }),
  copies: (copies: number): Said => ({
    zh: `补打过 ${copies} 次`,
    en: copies === 1 ? '1 copy' : `${copies} copies`,
  }),
  lastDay: (day: string): Said => ({ zh: `上次 ${day}`, en: `Last ${day}` }),
  machineDay: (): Said => ({ zh: '机器的日期', en: 'The machine’s' }),
  loudness: (step: number): Said => ({ zh: `声音，第 ${step} 档，共 3 档`, en: `Sound, step ${step} of 3` }),
  clerk: (name: string): Said => ({ zh: `店员 ${name}`, en: `Clerk ${name}` }),
} as const;

/** All the ways a screen asks for words, in the language of the view. */
export interface Speech {
  readonly t: (key: Word) => string;
  readonly say: (said: Said) => string;
}

export function speechIn(language: Language): Speech {
  return { t: wordsIn(WORDS, language), say: (said) => say(language, said) };
}
