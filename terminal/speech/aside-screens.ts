import { type AsidePaper, CASE_CODES, type CaseView, type PastRedemption } from '../../protocol/api/aside.ts';
import { ASIDE_PAPER_WORDS, CASE_WORDS } from '../../protocol/api/aside-words.ts';
import type { Said } from '../../protocol/api/kiosk.ts';
import { enDate, enTime, zhDate, zhTime } from './dates.ts';
import { fixed, made, type Phrase, POINTS, pageOf, type Speak, when, words } from './phrases.ts';

/** What is said on a resident's side ways. Points only to who asked; never a name, a card's or a record's number. */

const WAYS_OUT = fixed(
  'aside.ways',
  '左下角是“退出”，它右边是“返回”。',
  'At the bottom left is “Leave”, and to the right of it “Back”.',
);
const ASK = fixed('aside.ask', '要听积分，按左上角的“听”。', 'To hear the points, press “Listen” at the top left.');

const statement: Speak = ({ statement: shown, person }, asked) => {
  if (shown === undefined || person === undefined) return [WAYS_OUT];
  const [all, here, there] = [person.pts, person.spendablePts, shown.elsewherePts].map(POINTS);
  return [
    fixed('statement.title', '我的明细。', 'Your statement.'),
    asked
      ? made(
          `您有 ${all?.zh}，这里能用 ${here?.zh}，在县里 ${there?.zh}。`,
          `You have ${all?.en}; ${here?.en} can be used here, ${there?.en} are at the county.`,
        )
      : ASK,
    ...(shown.redemptions.length === 0
      ? [fixed('statement.none', '在这台机器上还没换过东西。', 'Nothing redeemed at this kiosk yet.')]
      : [
          fixed('statement.list', '换过的，新的在上面。', 'What you redeemed, newest first.'),
          ...shown.redemptions.map((each) => past(each, asked)),
        ]),
    ...pageOf(shown),
    ...paper(shown),
    WAYS_OUT,
  ];
};

const mydata: Speak = ({ mydata: held, person }, asked) => {
  if (held === undefined || person === undefined) return [WAYS_OUT];
  const ends = [...pageOf(held), ...paper(held), WAYS_OUT];
  if (held.page > 0) {
    return [
      fixed('mydata.used', '在别处换的东西。', 'What was redeemed elsewhere.'),
      ...(held.used?.items ?? []).map(({ name, qty }) => made(`${name.zh}，${qty} 件。`, `${name.en}, ${qty}.`)),
      ...ends,
    ];
  }
  const [here, there, used] = [person.spendablePts, held.elsewherePts, held.used?.pts ?? 0].map(POINTS);
  return [
    fixed(
      'mydata.title',
      '本机存有您的这些资料。姓名、首字母和卡尾号请看屏幕。',
      'This is held about you. Your name, initials and card ending are on the screen.',
    ),
    asked
      ? made(
          `积分，这里能用 ${here?.zh}，在县里 ${there?.zh}，别处已用 ${used?.zh}。`,
          `Points: ${here?.en} to use here, ${there?.en} at the county, ${used?.en} used elsewhere.`,
        )
      : ASK,
    held.hasPin
      ? fixed('mydata.pin', '密码设了。', 'A PIN is set.')
      : fixed('mydata.no-pin', '密码没设。', 'No PIN is set.'),
    held.remembered === null
      ? fixed('mydata.no-language', '语言没选。', 'No language was chosen.')
      : held.remembered === 'en'
        ? fixed('mydata.english', '语言是英文。', 'The language is English.')
        : fixed('mydata.chinese', '语言是中文。', 'The language is Chinese.'),
    held.visitor
      ? fixed('mydata.visitor', '住在外村。', 'You live in another village.')
      : fixed('mydata.home', '住在本村。', 'You live in this village.'),
    made(
      `在此兑换 ${held.redemptions} 次，更正申请 ${held.cases} 次，积分申请 ${held.claims} 次。`,
      `Redeemed here: ${held.redemptions}. Corrections: ${held.cases}. Claims: ${held.claims}.`,
    ),
    fixed('mydata.not-held', '不存全名、身份证号、住址和密码。', 'No full name, ID number, address or PIN is held.'),
    ...ends,
  ];
};

const correction: Speak = (view, asked) => {
  const report = view.case ?? { step: 'what' };
  switch (report.step) {
    case 'what':
      return [
        fixed(
          'case.what',
          '哪里不对？请按一张图。报上去不扣积分。',
          'What is wrong? Touch a picture. This takes no points.',
        ),
        fixed('case.order', '从左上角起，一行一行是：', 'Row by row from the top left:'),
        ...CASE_CODES.map((code) => words(CASE_WORDS[code])),
        WAYS_OUT,
      ];
    case 'which':
      return [
        fixed(
          'case.which',
          '是哪一次？请按它。从左上角起，新的在前。',
          'Which one was it? Touch it. Newest first, from the top left.',
        ),
        ...report.redemptions.map((each) => past(each, asked)),
        fixed('case.none', '最后一个是“都不是”。', 'The last one is “None of these”.'),
        ...pageOf(report),
        WAYS_OUT,
      ];
    case 'sure':
      return [
        fixed('case.sure', '报给县里，对吗？', 'Tell the county?'),
        words(CASE_WORDS[report.code]),
        ...(report.redemption === null ? [] : [past(report.redemption, asked)]),
        fixed(
          'case.keys',
          '对，按右下角红色的按钮。不报了，按左下角的按钮。要改，按它右边的“改一改”。',
          'If so, press the red button at the bottom right. If not, “No” at the bottom left. To change it, “Change”, to the right of that.',
        ),
      ];
    case 'filed':
      return filed(report, view.offline);
  }
};

function filed(report: Extract<CaseView, { step: 'filed' }>, offline: boolean): readonly Phrase[] {
  return [
    report.again
      ? fixed('case.again', '今天已经报过。', 'It was filed already today.')
      : fixed('case.filed', '已经报了。', 'It is filed.'),
    fixed(
      'case.number',
      '您的编号在屏幕上，拿这个编号到村委会问。',
      'Your number is on the screen. With it, ask at the village office.',
    ),
    ...when(
      report.code === 'card-misused',
      fixed('case.stop', '要停这张卡，请找店员。', 'To stop this card, ask the clerk.'),
    ),
    ...when(
      offline,
      fixed('case.later', '现在没联网，联网后自动送出。', 'It is offline now, and is sent once online.'),
    ),
    ...paper(report),
    fixed(
      'case.done',
      '左下角是“退出”，它右边是“知道了”。',
      'At the bottom left is “Leave”, and to the right of it “OK”.',
    ),
  ];
}

/** Its goods and its time; its points are the asker's own. */
function past({ day, time, pts, undone, first, more }: PastRedemption, asked: boolean): Phrase {
  const rest: Said = more === 0 ? { zh: '', en: '' } : { zh: `等 ${more + 1} 样`, en: ` and ${more} more` };
  const used: Said = asked ? { zh: `，${POINTS(pts).zh}`, en: `, ${POINTS(pts).en}` } : { zh: '', en: '' };
  const back: Said = undone ? { zh: '，已撤销', en: ', undone' } : { zh: '', en: '' };
  return made(
    `${zhDate(day)}，${zhTime(time)}，${first.name.zh} ${first.qty} 件${rest.zh}${used.zh}${back.zh}。`,
    `${enDate(day)}, ${enTime(time)}, ${first.name.en}, ${first.qty}${rest.en}${used.en}${back.en}.`,
  );
}

function paper({
  canPrint,
  paper: fares,
}: {
  readonly canPrint: boolean;
  readonly paper?: AsidePaper;
}): readonly Phrase[] {
  return [
    ...(fares === undefined ? [] : [words(ASIDE_PAPER_WORDS[fares])]),
    ...when(
      canPrint,
      fixed(
        'aside.print',
        '要打在纸上，按右下角红色的“打印”。',
        'For paper, press the red “Print” at the bottom right.',
      ),
    ),
  ];
}

export const ASIDE_SPEECH = { statement, mydata, case: correction };
