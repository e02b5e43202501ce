import type { ClosedCode, ErrorCode, NoticeCode, PaperState, PrintView, RemarkCode, Said, VisitNote } from './kiosk.ts';

/**
 * What the page shows and the agent speaks of each code: what happened, and what to do. One short line each, never a code,
 * never blame. A code without words does not compile.
 */
export interface Explained {
  readonly what: Said;
  readonly todo: Said;
}

export const ERROR_WORDS: Record<ErrorCode, Explained> = {
  'unknown-card': {
    what: { zh: '这张卡还没登记', en: 'Card not registered yet' },
    todo: { zh: '请找店员帮您登记', en: 'Please ask the clerk for help' },
  },
  'visitor-offline': {
    what: { zh: '外村的卡，没联网', en: 'Not of this village' },
    todo: { zh: '请找店员，或过会儿再刷', en: 'Offline. Ask the clerk or come later' },
  },
  'visit-late': {
    what: { zh: '县里还没有回话', en: 'No answer yet' },
    todo: { zh: '请过一会儿再刷一次', en: 'Please tap again in a moment' },
  },
  'card-blocked': {
    what: { zh: '这张卡已经停用', en: 'This card was stopped' },
    todo: { zh: '请换一张卡，或找店员', en: 'Use another card or ask the clerk' },
  },
  'card-torn': {
    what: { zh: '卡拿开得早了一点', en: 'The card left too early' },
    todo: { zh: '请再刷一次，放稳等一下', en: 'Tap again and hold it still' },
  },
  'card-mute': {
    what: { zh: '没有读到这张卡', en: 'The card did not answer' },
    todo: { zh: '请再刷一次，不行就找店员', en: 'Tap again, or ask the clerk' },
  },
  'card-unsupported': {
    what: { zh: '这里不能用这种卡', en: 'This card is not for here' },
    todo: { zh: '请刷积分卡', en: 'Please tap your points card' },
  },
  'card-wrong-key': {
    what: { zh: '这张卡在这里认不出', en: 'Card not recognised here' },
    todo: { zh: '请给店员看看，或用别的卡', en: 'Show the clerk, or use another' },
  },
  'card-old-key': {
    what: { zh: '这张卡要更新了', en: 'This card needs an update' },
    todo: { zh: '积分都在，请找店员换卡', en: 'Points are safe. Ask the clerk' },
  },
  'card-unknown-key': {
    what: { zh: '本机还不认得这种新卡', en: 'Card too new for here' },
    todo: { zh: '积分都在，请找店员', en: 'Points are safe. Ask the clerk' },
  },
  'card-bad-mac': {
    what: { zh: '没有读清这张卡', en: 'The card was not clear' },
    todo: { zh: '请再刷一次，不行就找店员', en: 'Tap again, or ask the clerk' },
  },
  'two-cards': {
    what: { zh: '读到了两张卡', en: 'There are two cards' },
    todo: { zh: '请一次放一张卡', en: 'One card at a time, please' },
  },
  'random-uid': {
    what: { zh: '手机在这里还不能刷', en: 'No phones here yet' },
    todo: { zh: '请刷积分卡', en: 'Please tap your points card' },
  },
  'zero-uid': {
    what: { zh: '这张卡没有自己的号', en: 'This card has no number' },
    todo: { zh: '请刷积分卡', en: 'Please tap your points card' },
  },
  'doubled-uid': {
    what: { zh: '两张卡的号一样', en: 'Two cards, one number' },
    todo: { zh: '请把两张卡给店员看看', en: 'Please show both to the clerk' },
  },
  'not-enough-points': {
    what: { zh: '积分不够换这些', en: 'Not enough points' },
    todo: { zh: '请少选一点，没有扣分', en: 'Nothing was used. Choose less' },
  },
  'item-gone': {
    what: { zh: '有一样刚刚换完了', en: 'An item just ran out' },
    todo: { zh: '请选别的，没有扣分', en: 'Nothing was used. Choose another' },
  },
  'price-changed': {
    what: { zh: '有一样的分数刚改了', en: 'Some points just changed' },
    todo: { zh: '请看一下再选，没有扣分', en: 'Nothing was used. Look again' },
  },
  'allowance-expired': {
    what: { zh: '本机太久没联网', en: 'Offline for too long' },
    todo: { zh: '您的积分都在，请过后再来', en: 'Points are safe. Come again later' },
  },
  'limit-reached': {
    what: { zh: '这一样已经换够了', en: 'The limit is reached' },
    todo: { zh: '没有扣分，请选别的', en: 'Nothing was used. Choose another' },
  },
  'pin-wrong': {
    what: { zh: '密码不对', en: 'That PIN did not match' },
    todo: { zh: '请再试一次，没有扣分', en: 'Nothing was used. Try again' },
  },
  'pin-locked': {
    what: { zh: '密码暂时不能再试', en: 'The PIN is locked for now' },
    todo: { zh: '积分都在，请找店员', en: 'Points are safe. Ask the clerk' },
  },
  'pin-missing': {
    what: { zh: '这张卡还没设密码', en: 'This card has no PIN yet' },
    todo: { zh: '请少选一点，或找店员', en: 'Choose less, or ask the clerk' },
  },
  'disk-low': {
    what: { zh: '本机现在不能记账', en: 'Records cannot be kept' },
    todo: { zh: '没有扣分，请找店员', en: 'Nothing was used. Ask the clerk' },
  },
  'commit-failed': {
    what: { zh: '这次没有办成', en: 'It did not go through' },
    todo: { zh: '没有扣分，请再试一次', en: 'Nothing was used. Try again' },
  },
  'timed-out': {
    what: { zh: '等了一会儿，先退出了', en: 'Closed after a long wait' },
    todo: { zh: '没有扣分，请再刷一次卡', en: 'Nothing was used. Tap again' },
  },
};

export const CLOSED_WORDS: Record<ClosedCode, Explained> = {
  starting: {
    what: { zh: '正在准备', en: 'Getting ready' },
    todo: { zh: '请稍等一下', en: 'Just a moment' },
  },
  'not-enrolled': {
    what: { zh: '这台机器还没登记', en: 'Not enrolled yet' },
    todo: { zh: '安装人员：请先登记本机', en: 'Installer: please enrol it first' },
  },
  'waiting-for-confirmation': {
    what: { zh: '正在等县里确认', en: 'Waiting for the county' },
    todo: { zh: '请和县里核对下面的指纹', en: 'Compare this fingerprint' },
  },
  'no-roster': {
    what: { zh: '名单还没收到', en: 'No card list yet' },
    todo: { zh: '联网后自动开始', en: 'It opens by itself once online' },
  },
  'reader-absent': {
    what: { zh: '读卡器没有接好', en: 'No card reader' },
    todo: { zh: '店员：请插好读卡器', en: 'Clerk: please plug it in' },
  },
  'rolled-back': {
    what: { zh: '这里的账不是最新的', en: 'Records are out of date' },
    todo: { zh: '积分都在，请店员联系县里', en: 'Points are safe. Call the county' },
  },
  'fence-missing': {
    what: { zh: '防护文件不见了', en: 'A safety file is missing' },
    todo: { zh: '积分都在，请店员联系县里', en: 'Points are safe. Call the county' },
  },
  'needs-new-epoch': {
    what: { zh: '要重新登记本机', en: 'It must be enrolled anew' },
    todo: { zh: '积分都在，请店员联系县里', en: 'Points are safe. Call the county' },
  },
  ended: {
    what: { zh: '本机已经停用', en: 'This kiosk is retired' },
    todo: { zh: '积分都在，请店员联系县里', en: 'Points are safe. Call the county' },
  },
  revoked: {
    what: { zh: '县里停用了本机', en: 'Stopped by the county' },
    todo: { zh: '积分都在，请店员联系县里', en: 'Points are safe. Call the county' },
  },
  'clock-unsure': {
    what: { zh: '机器的日期要核对', en: 'The date must be checked' },
    todo: { zh: '积分都在，请找店员', en: 'Points are safe. Ask the clerk' },
  },
  frozen: {
    what: { zh: '县里让本机先停一停', en: 'Paused by the county' },
    todo: { zh: '积分都在，请店员联系县里', en: 'Points are safe. Call the county' },
  },
  'journal-damaged': {
    what: { zh: '本机的账本读不出来', en: 'Records are damaged' },
    todo: { zh: '积分都在，请店员联系县里', en: 'Points are safe. Call the county' },
  },
  'disk-low': {
    what: { zh: '机器的存储满了或坏了', en: 'Storage is full or broken' },
    todo: { zh: '积分都在，请店员联系县里', en: 'Points are safe. Call the county' },
  },
};

export const REMARK_WORDS: Record<RemarkCode, Said> = {
  'other-card': { zh: '这是另一张卡，没有扣它的分', en: 'That is another card. Nothing was taken from it' },
  'two-cards': { zh: '请一次放一张卡', en: 'One card at a time, please' },
  'doubled-uid': { zh: '两张卡的号一样，请找店员', en: 'Two cards, one number. Ask the clerk' },
  'card-torn': { zh: '卡拿开早了，请再刷一次', en: 'The card left early. Please tap again' },
  busy: { zh: '正在办理，请稍等', en: 'One moment, still working' },
  'pin-wrong': { zh: '密码不对，请再输一次', en: 'No match. Try again' },
  'print-sent': { zh: '已送去打印', en: 'Sent to the printer' },
  'unknown-card': { zh: '这张卡还没登记', en: 'That card is not registered' },
  'card-blocked': { zh: '这张卡已经停用', en: 'That card was stopped' },
  'own-card': { zh: '自己的卡请别的店员办', en: 'Your own card: ask another clerk' },
  'pin-weak': { zh: '密码太好猜，请换一个', en: 'Too easy. Pick another' },
  'pin-differs': { zh: '两次不同，请重输', en: 'Not the same. Start again' },
  'pin-set': { zh: '密码设好了', en: 'The PIN is set' },
  'pin-unlocked': { zh: '已经解锁', en: 'Unlocked' },
  'not-kept': { zh: '没有办成，请再试一次', en: 'It did not work. Try again' },
  'date-refused': { zh: '日期没有改成，请再试', en: 'Not taken. Try again' },
  'no-clerk-card': { zh: '请先刷店员卡', en: 'Please tap a clerk card first' },
  'scan-tap-first': { zh: '请先刷卡，再扫东西', en: 'Tap your card first, then scan' },
  'scan-unknown': { zh: '这里换不了这样，请在屏上选', en: 'Not on the list. Choose on the screen' },
  'cases-used-up': { zh: '今天报得够多了，请找店员', en: 'Enough for today. Ask the clerk' },
  'scan-too-dear': { zh: '积分不够，没有加进去', en: 'Too few points. It was not added' },
  voided: { zh: '已撤销，积分退回去了', en: 'Undone. The points are back' },
  'void-closed': { zh: '已经日结，不能再撤销', en: 'The day is closed. Not undone' },
  'void-twice': { zh: '这一笔已经撤销过', en: 'It was undone already' },
  'void-nothing': { zh: '没有这一笔兑换', en: 'No such redemption' },
  'void-own': { zh: '自己的兑换请别的店员撤销', en: 'Your own: ask another clerk' },
  'void-stopped': { zh: '本机现在不能记账', en: 'No records can be kept now' },
  'help-visitor': { zh: '外村的请自己刷卡', en: 'Visitors tap their own card' },
};

/** Under a visitor's points. */
export const VISIT_WORDS: Record<VisitNote, Said> = {
  'more-later': { zh: '还有积分正在取来', en: 'More points are on their way' },
  recalling: { zh: '积分正从本村取来，请稍等', en: 'Your points are coming from home' },
  'nothing-free': { zh: '其余的在本村用', en: 'The rest can be used at home' },
  'visits-used-up': { zh: '本机今天的外村名额用完了', en: 'No more visits here today' },
  'not-now': { zh: '外村兑换现在办不了，请找店员', en: 'Not possible just now. Ask the clerk' },
  late: { zh: '县里还没回话，请过会儿再刷', en: 'No answer yet. Tap again later' },
  offline: { zh: '没联网，其余的联网后再用', en: 'Offline. The rest once online' },
};

export const NOTICE_WORDS: Record<NoticeCode, Said> = {
  'paper-out': { zh: '没有纸，仍可兑换', en: 'No paper. You can redeem' },
  'paper-near-end': { zh: '纸快用完了', en: 'Paper is running low' },
  'printer-fault': { zh: '打印机请店员看一下，仍可兑换', en: 'Printer needs a look. You can redeem' },
  'printer-degraded': { zh: '打印机不回报，请看纸是否出来', en: 'Printer cannot report. Check the paper' },
  'printer-absent': { zh: '打印机没接好，仍可兑换', en: 'No printer. You can redeem' },
  'reader-absent': { zh: '读卡器没接好，请找店员', en: 'No card reader. Please ask the clerk' },
};

export const PAPER_WORDS: Record<PaperState, Said> = {
  waiting: { zh: '小票马上打印', en: 'Your receipt is next' },
  printing: { zh: '正在打印小票', en: 'Printing your receipt' },
  printed: { zh: '请取小票', en: 'Please take your receipt' },
  unknown: { zh: '小票可能没打出来，可找店员补打', en: 'No receipt? Ask the clerk' },
  'no-printer': { zh: '没打小票，可找店员补打', en: 'No receipt. Ask the clerk' },
  'no-paper': { zh: '没有纸，可找店员补打', en: 'No paper. Ask the clerk' },
};

export const PRINT_WORDS: Record<PrintView['state'], Said> = {
  queued: { zh: '等着打印', en: 'Waiting to print' },
  sending: { zh: '正在打印', en: 'Printing' },
  sent: { zh: '已送到打印机', en: 'Sent to the printer' },
  confirmed: { zh: '已打出', en: 'Printed' },
  unknown: { zh: '不确定是否打出', en: 'Not sure it printed' },
  expired: { zh: '没有打出', en: 'Not printed' },
};
