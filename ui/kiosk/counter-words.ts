import type { VoidReason } from '../../protocol/api/counter.ts';
import type { NoticeCode, Said } from '../../protocol/api/kiosk.ts';

/** What is said at the clerk's counter. */
export const COUNTER_WORDS = {
  homeTitle: { zh: '要办什么？', en: 'What needs doing?' },
  allWell: { zh: '都好，没有要处理的', en: 'All is well' },
  taskPrints: { zh: '小票', en: 'Receipts' },
  taskPrintsSays: { zh: '没打出？可以补打', en: 'Did it come out?' },
  taskCard: { zh: '居民的卡', en: 'A card' },
  taskCardSays: { zh: '设密码，帮他兑换', en: 'Its PIN, and help' },
  taskFind: { zh: '找居民', en: 'Find somebody' },
  taskFindSays: { zh: '没带卡，也能帮他', en: 'No card is needed' },
  taskVoid: { zh: '撤销兑换', en: 'Undo' },
  taskVoidSays: { zh: '换错了，整笔退回', en: 'Give points back' },

  layCard: { zh: '请放居民的卡', en: 'Lay down their card' },
  layCardTodo: { zh: '放在读卡器上；没带卡就去找居民', en: 'On the reader. No card? Find them' },
  withoutCard: { zh: '没带卡；设密码要有卡', en: 'No card here: no PIN can be set' },
  helpBegin: { zh: '帮他兑换', en: 'Redeem' },

  findTitle: { zh: '拼音首字母', en: 'Initials' },
  findLast4: { zh: '卡的末四位', en: 'Last 4 of a card' },
  byDigits: { zh: '卡号', en: '123' },
  byLetters: { zh: '字母', en: 'ABC' },
  findShow: { zh: '看名单', en: 'Show' },
  findNobody: { zh: '没有人', en: 'Nobody' },
  eraseKey: { zh: '删除', en: 'Erase' },
  foundTitle: { zh: '是哪一位？', en: 'Who is it?' },
  foundNobody: { zh: '没有找到人', en: 'Nobody is found' },
  foundMany: { zh: '人太多，请多输一个字母', en: 'Many. Type one more letter' },
  noCard: { zh: '没有卡', en: 'No card' },

  voidTitle: { zh: '撤销哪一笔？', en: 'Undo which one?' },
  voidNone: { zh: '上次日结以后没有兑换', en: 'None since the last day close' },
  voidOwnRow: { zh: '自己的，请别的店员办', en: 'Yours: ask another' },
  voidWhy: { zh: '为什么撤销？', en: 'Why undo it?' },
  voidPaper: { zh: '请收回东西和小票，不另打小票', en: 'Take goods and slip back. No slip is printed' },
  voidConfirm: { zh: '撤销这一笔', en: 'Undo it' },

  byNumber: { zh: '按号找', en: 'By number' },
  slipTitle: { zh: '哪一张小票？', en: 'Which receipt?' },
  slipTodo: { zh: '输号码最后一段', en: 'The end of its number' },
  slipNone: { zh: '这里没有这个号', en: 'No such slip here' },
  slipCopy: { zh: '打一张副本', en: 'Print a copy' },
} satisfies Record<string, Said>;

export const COUNTER_SAYINGS = {
  unsurePrints: (count: number): Said => ({
    zh: `${count} 张小票不知打没打出`,
    en: count === 1 ? '1 receipt to check' : `${count} receipts to check`,
  }),
  showFound: (count: number, more: boolean): Said => {
    const many = more ? `${count}+` : `${count}`;
    return { zh: `看这 ${many} 位`, en: count === 1 ? 'Show 1' : `Show ${many}` };
  },
  helping: (clerk: string, resident: string): Said => ({
    zh: `店员 ${clerk} 在帮 ${resident} 办`,
    en: `Clerk ${clerk} is helping ${resident}`,
  }),
} as const;

/** What a clerk does about it; residents are told that they can redeem all the same. */
export const ATTENTION_WORDS: Record<NoticeCode, Said> = {
  'reader-absent': { zh: '读卡器没接好', en: 'No card reader' },
  'printer-absent': { zh: '打印机没接好', en: 'No printer' },
  'paper-out': { zh: '没有纸，请换一卷', en: 'No paper: change it' },
  'printer-fault': { zh: '打印机要看一下', en: 'Printer needs a look' },
  'paper-near-end': { zh: '纸快用完了', en: 'Paper is running low' },
  'printer-degraded': { zh: '打印机不回报', en: 'Printer cannot report' },
};

export const VOID_REASON_WORDS: Record<VoidReason, Said> = {
  'wrong-item': { zh: '东西换错了', en: 'Wrong item' },
  'wrong-person': { zh: '人弄错了', en: 'Wrong person' },
  'no-goods': { zh: '没有货', en: 'No goods' },
  other: { zh: '别的原因', en: 'Other' },
};
