import type { KioskView, NoticeCode, Screen } from '../../protocol/api/kiosk.ts';
import { CLOSED_WORDS, ERROR_WORDS, NOTICE_WORDS, PAPER_WORDS, VISIT_WORDS } from '../../protocol/api/kiosk-words.ts';
import { ASIDE_SPEECH } from './aside-screens.ts';
import { CALL, fixed, LEAVE, made, type Phrase, POINTS, type Speak, when, words } from './phrases.ts';
import { speakChoose } from './shelf-screen.ts';

/** What is said on a resident's screens: what it is, what it shows, what can be touched and where. Never a name. */

type ResidentScreen = Exclude<Screen, `clerk-${string}`>;
/** What concerns who redeems, as on the screens themselves. */
const TOLD: readonly NoticeCode[] = ['reader-absent', 'printer-absent', 'paper-out', 'printer-fault'];

const attract: Speak = (view) => {
  const { village, shop } = view.place;
  return [
    made(`这里是${village.zh}${shop.zh}。`, `This is the ${shop.en} of ${village.en}.`),
    fixed('attract.tap', '请刷卡，把卡放在读卡器上。', 'Please tap your card: lay it on the reader.'),
    ...notices(view),
    ...when(view.offline, fixed('offline', '现在没联网，照样可以兑换。', 'It is offline now; you can still redeem.')),
    fixed(
      'rail',
      '屏幕左边有四个按钮，从上到下是“听”、“找店员”、“大字”和换成英文。',
      'On the left are four buttons, from the top: “Listen”, “Help”, “Large” for large text, and one for Chinese.',
    ),
  ];
};

const visit: Speak = (view) => [
  view.asking === 'home'
    ? fixed(
        'visit.home',
        '正在从您村里取积分，请稍等几秒钟。',
        'Your points are being fetched from home. A few seconds, please.',
      )
    : fixed(
        'visit.hub',
        '外村的卡，正在问县里，请稍等。',
        'A card from elsewhere. The county is being asked. One moment, please.',
      ),
  LEAVE,
];

const balance: Speak = (view, asked) => {
  const person = view.person;
  const held = person !== undefined && (person.spendablePts < person.pts || view.visit !== undefined);
  const sums =
    person === undefined ? [] : [made(`您有 ${POINTS(person.pts).zh}。`, `You have ${POINTS(person.pts).en}.`)];
  const here =
    person === undefined || !held
      ? []
      : [
          made(
            `在这里现在能用 ${POINTS(person.spendablePts).zh}。`,
            `${POINTS(person.spendablePts).en} can be used here now.`,
          ),
        ];
  const later = fixed('balance.later', '其余的联网后再用。', 'The rest can be used later.');
  return [
    ...(asked
      ? [...sums, ...here]
      : [
          fixed(
            'balance.ask',
            '卡读好了。要听您有多少积分，按左上角的“听”。',
            'Your card was read. To hear your points, press “Listen” at the top left.',
          ),
        ]),
    ...when(held, view.visit === undefined ? later : words(VISIT_WORDS[view.visit])),
    fixed(
      'balance.choose',
      '要换东西，按右下角红色的大按钮“去换东西”。',
      'To choose goods, press the large red button “Choose goods” at the bottom right.',
    ),
    fixed(
      'balance.aside',
      '屏幕右边有三个按钮，从上到下是“我的明细”、“我的资料”和“哪里不对”。',
      'On the right are three buttons, from the top: “Statement”, “My details”, and “A mistake?”.',
    ),
    LEAVE,
    CALL,
  ];
};

const quantity: Speak = ({ quantity: chosen }) => {
  if (chosen === undefined) return [LEAVE];
  const { item, qty } = chosen;
  const [each, all] = [POINTS(item.pts), POINTS(item.pts * qty)];
  return [
    fixed('quantity.title', '要多少？', 'How many?'),
    made(`${item.name.zh}，${item.unit.zh}，${each.zh}。`, `${item.name.en}, ${item.unit.en}, ${each.en}.`),
    made(`现在要 ${qty} 件，一共 ${all.zh}。`, `Now ${qty}, in total ${all.en}.`),
    fixed(
      'quantity.keys',
      '屏幕中间偏右，左边是减号，少一个，右边是加号，多一个。',
      'Right of the middle, minus takes one away; plus, to the right of it, adds one.',
    ),
    ...when(!chosen.canAdd, fixed('quantity.most', '最多这些。', 'That is the most you can take.')),
    fixed(
      'quantity.on',
      '选好了，按右下角红色的按钮“选好了”。还要别的，按下面的“再选一样”。',
      'When done, press the red button “Done” at the bottom right. For something else, press “Add another” at the bottom.',
    ),
    LEAVE,
  ];
};

const confirm: Speak = (view, asked) => {
  const basket = view.basket;
  if (basket === undefined) return [LEAVE];
  const [used, before, after] = [basket.pts, basket.afterPts + basket.pts, basket.afterPts].map(POINTS);
  return [
    fixed('confirm.title', '换这些，对吗？', 'Take these?'),
    ...basket.lines.map(({ name, qty, pts }) =>
      made(`${name.zh}，${qty} 件，${POINTS(qty * pts).zh}。`, `${name.en}, ${qty}, ${POINTS(qty * pts).en}.`),
    ),
    made(`一共用掉 ${used?.zh}。`, `That uses ${used?.en} in all.`),
    ...when(
      asked,
      made(`现在有 ${before?.zh}，换了还剩 ${after?.zh}。`, `You have ${before?.en} now, and ${after?.en} after it.`),
    ),
    ...notices(view),
    fixed(
      'confirm.keys',
      '对，按右下角红色的大按钮“对，就换这些”。不换，按左下角的“不换了”。要改，按它右边的“改一改”。',
      'If so, press the large red button “Yes, redeem” at the bottom right. If not, press “No” at the bottom left. To change it, press “Change”, to the right of that.',
    ),
  ];
};

const done: Speak = (view, asked) => [
  fixed('done.title', '换好了，请向店员取东西。', 'All done. Collect your goods.'),
  ...(view.done === undefined
    ? []
    : [
        ...when(
          asked,
          made(`还剩 ${POINTS(view.done.afterPts).zh}。`, `You now have ${POINTS(view.done.afterPts).en}.`),
        ),
        words(PAPER_WORDS[view.done.paper]),
      ]),
];

const error: Speak = (view, asked) => {
  const { code, missingPts } = view.error ?? { code: 'commit-failed' as const };
  const told = ERROR_WORDS[code];
  return [
    ...(missingPts === undefined || !asked
      ? []
      : [made(`还差 ${POINTS(missingPts).zh}。`, `You are ${POINTS(missingPts).en} short.`)]),
    words(told.what),
    words(told.todo),
    fixed('error.ok', '按右下角红色的按钮“知道了”。', 'Press the red button “OK” at the bottom right.'),
  ];
};

const help: Speak = (view) => [
  fixed('help.title', '请叫店员，店员可以替您换。', 'Call the clerk, who can do it for you.'),
  fixed(
    'help.steps',
    '自己换，有四步：刷卡，选东西，确认，取东西。',
    'To do it yourself takes four steps: tap your card, choose, confirm, take your goods.',
  ),
  fixed(
    'help.keys',
    '下面一排，从左边起是“返回”，“声音”，大声还是小声，和“自动读”，每个屏幕自己读出来。',
    'At the bottom, from the left: “Back”; “Sound”, how loud it is; and “Read all”, to have each screen read by itself.',
  ),
  view.session === null
    ? fixed('help.clerk', '右下角给店员用。', 'The bottom right is for the clerk.')
    : fixed('help.leave', '右下角是“退出”。', 'At the bottom right is “Leave”.'),
];

const closed: Speak = (view) => {
  const told = CLOSED_WORDS[view.closed?.code ?? 'starting'];
  return [fixed('closed.title', '现在不能兑换。', 'Not open just now.'), words(told.what), words(told.todo)];
};

function notices(view: KioskView): readonly Phrase[] {
  const code = TOLD.find((each) => view.notices.includes(each));
  return code === undefined ? [] : [words(NOTICE_WORDS[code])];
}

export const RESIDENT_SPEECH: Record<ResidentScreen, Speak> = {
  ...{ attract, visit, balance, choose: speakChoose, quantity, confirm, done, error, help, closed },
  ...ASIDE_SPEECH,
  pin: (view) => [
    fixed('pin.title', '请输密码，用手挡一下。', 'Enter your PIN, and shield the keys.'),
    ...pinPad(view),
    LEAVE,
  ],
};

/** Where the keys are, and how many were pressed; which, nobody says. */
export function pinPad({ pin }: KioskView): readonly Phrase[] {
  const [entered, length, tries] = [pin?.entered ?? 0, pin?.length ?? 0, pin?.triesLeft ?? 0];
  return [
    made(`已输入 ${entered} 位，共 ${length} 位。`, `${entered} of ${length} digits entered.`),
    ...when(tries > 0, made(`还可以试 ${tries} 次。`, `Tries left: ${tries}.`)),
    fixed(
      'pin.keys',
      '数字键在屏幕右边，第一排一二三，第二排四五六，第三排七八九，最下面一排，左边“删除”，中间零，右边红色的“确定”。',
      'The keys are on the right: one two three in the first row, four five six, seven eight nine; in the last row “Erase”, zero, and the red “OK”.',
    ),
  ];
}
