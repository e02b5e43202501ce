import type { COUNTER_SCREENS } from '../../protocol/api/counter.ts';
import { NOTICE_WORDS, PRINT_WORDS } from '../../protocol/api/kiosk-words.ts';
import { enTime, zhTime } from './dates.ts';
import { fixed, made, OUT, POINTS, pageOf, type Speak, when, words } from './phrases.ts';

/** What is said at the clerk's counter: what is asked and what can be touched. Who is looked for, nobody in the shop hears. */

const BACK = fixed('counter.back', '下面还有“返回”。', 'At the bottom is also “Back”.');

const home: Speak = ({ counter, notices }) => {
  const unsure = counter?.unsurePrints ?? 0;
  return [
    fixed('clerk-home.title', '要办什么？', 'What needs doing?'),
    ...notices.map((code) => words(NOTICE_WORDS[code])),
    ...when(
      unsure > 0,
      made(
        `${unsure} 张小票不知打没打出。`,
        unsure === 1 ? '1 receipt may not have come out.' : `${unsure} receipts may not have come out.`,
      ),
    ),
    fixed(
      'clerk-home.tiles',
      '上面一行是“找居民”和“居民的卡”，下面一行是“小票”和“撤销兑换”。',
      'In the top row: “Find somebody” and “A card”. Below: “Receipts” and “Undo”.',
    ),
    OUT,
  ];
};

const find: Speak = ({ counter }) => {
  const sought = counter?.find;
  return [
    sought?.by === 'last4'
      ? fixed('clerk-find.last4', '请输卡的末四位。', 'Type the last four of a card.')
      : fixed('clerk-find.initials', '请输姓名的拼音首字母。', 'Type the initials of the name.'),
    ...(sought === undefined || sought.count === 0
      ? []
      : [
          made(
            `${sought.more ? '不止' : '有'} ${sought.count} 个人。`,
            `${sought.more ? 'More than ' : ''}${sought.count} found.`,
          ),
        ]),
    fixed(
      'clerk-find.keys',
      '左上角是“返回”，右上角红色的按钮看名单，最后两个键是删除和换一种找法。',
      'At the top left is “Back”; the red button at the top right shows who was found. The last two keys erase, and change what is typed.',
    ),
  ];
};

const found: Speak = ({ counter }) => {
  const sought = counter?.find;
  const here = sought?.people.length ?? 0;
  return [
    ...(sought === undefined || here === 0
      ? [fixed('clerk-found.nobody', '没有找到人。', 'Nobody is found.')]
      : [
          fixed('clerk-found.title', '是哪一位？请按名字。', 'Who is it? Touch the name.'),
          made(`这一页有 ${here} 个人。`, `On this page: ${here}.`),
          ...when(
            sought.more,
            fixed('clerk-found.many', '人太多，请多输一个字母。', 'There are many. Type one more letter.'),
          ),
          ...pageOf(sought),
        ]),
    ...[OUT, BACK],
  ];
};

const voidable: Speak = ({ counter }) => {
  const { rows, ...pages } = counter?.voidable ?? { rows: [], page: 0, pages: 1 };
  return [
    ...(rows.length === 0
      ? [fixed('clerk-void.none', '上次日结以后没有兑换。', 'No redemption since the last day close.')]
      : [
          fixed(
            'clerk-void.title',
            '撤销哪一笔？请按它。从左上角起，新的在前。',
            'Undo which one? Touch it. Newest first, from the top left.',
          ),
          ...rows.map(({ time, pts, own }) =>
            made(
              `${zhTime(time)}，${POINTS(pts).zh}${own ? '，自己的，请别的店员办' : ''}。`,
              `${enTime(time)}, ${POINTS(pts).en}${own ? ', yours: ask another clerk' : ''}.`,
            ),
          ),
        ]),
    ...pageOf(pages),
    ...[OUT, BACK],
  ];
};

const voidOne: Speak = ({ counter }) => {
  const undoing = counter?.undoing;
  if (undoing === undefined) return [OUT, BACK];
  const { row, lines, reason } = undoing;
  return [
    made(`${zhTime(row.time)}，${POINTS(row.pts).zh}。`, `${enTime(row.time)}, ${POINTS(row.pts).en}.`),
    ...lines.map(({ name, qty }) => made(`${name.zh}，${qty} 件。`, `${name.en}, ${qty}.`)),
    fixed(
      'clerk-void-one.title',
      '为什么撤销？请按右边的一个原因：东西换错了，人弄错了，没有货，别的原因。',
      'Why undo it? Touch a reason on the right: wrong item, wrong person, no goods, other.',
    ),
    fixed(
      'clerk-void-one.paper',
      '请收回东西和小票，不另打小票。',
      'Take goods and receipt back. No receipt is printed.',
    ),
    ...when(
      reason !== null,
      fixed(
        'clerk-void-one.confirm',
        '撤销这一笔，按右下角红色的按钮。',
        'To undo it, press the red button at the bottom right.',
      ),
    ),
    ...[OUT, BACK],
  ];
};

const slip: Speak = ({ counter }) => {
  const { keys, print } = counter?.slip ?? { keys: '', print: null };
  return [
    fixed(
      'clerk-slip.title',
      '哪一张小票？请在右边输号码最后一段。',
      'Which receipt? Type the end of its number on the right.',
    ),
    ...(print === null
      ? when(keys !== '', fixed('clerk-slip.none', '这里没有这个号。', 'No such receipt here.'))
      : [
          made(
            `${zhTime(print.time)}，${POINTS(print.pts).zh}，${PRINT_WORDS[print.state].zh}。`,
            `${enTime(print.time)}, ${POINTS(print.pts).en}, ${PRINT_WORDS[print.state].en}.`,
          ),
          fixed('clerk-slip.copy', '打一张副本，按下面红色的按钮。', 'For a copy, press the red button at the bottom.'),
        ]),
    fixed('clerk-slip.back', '左下角是“返回”。', 'At the bottom left is “Back”.'),
  ];
};

export const COUNTER_SPEECH: Record<(typeof COUNTER_SCREENS)[number], Speak> = {
  ...{ 'clerk-home': home, 'clerk-find': find, 'clerk-found': found },
  ...{ 'clerk-void': voidable, 'clerk-void-one': voidOne, 'clerk-slip': slip },
};
