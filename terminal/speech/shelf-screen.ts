import type { ItemView, KioskView, Said } from '../../protocol/api/kiosk.ts';
import { fixed, LEAVE, made, type Phrase, POINTS, type Speak, when } from './phrases.ts';

/** The shelf, item by item, each with its place on the screen. */

const COLUMNS: readonly Said[] = [
  { zh: '左边', en: 'left' },
  { zh: '中间', en: 'middle' },
  { zh: '右边', en: 'right' },
];
const ROWS: readonly Said[] = [
  { zh: '上排', en: 'Top row' },
  { zh: '下排', en: 'Bottom row' },
];

export const speakChoose: Speak = (view, asked) => {
  const { shelf, person, basket } = view;
  if (shelf === undefined) return [LEAVE];
  const left = (person?.spendablePts ?? 0) - (basket?.pts ?? 0);
  const here = shelf.categories.find((each) => each.id === shelf.category)?.name;
  const names = shelf.categories.map((each) => each.name);
  const most = view.preferences?.large === true ? 2 : 3;
  return [
    fixed('choose.title', '想换什么？', 'What would you like?'),
    ...when(asked, made(`您还能用 ${POINTS(left).zh}。`, `You have ${POINTS(left).en} to use.`)),
    ...(shelf.items.length === 0
      ? [fixed('choose.empty', '这一类现在没有东西。', 'Nothing of this kind at the moment.')]
      : shelf.items.map((item, nth) => itemPhrase(item, nth, most, asked))),
    ...when(
      shelf.pages > 1,
      made(
        `这是第 ${shelf.page + 1} 页，共 ${shelf.pages} 页。翻页，按下面的“下页”。`,
        `Page ${shelf.page + 1} of ${shelf.pages}. To turn it, press “Next” at the bottom.`,
      ),
    ),
    ...basketPhrase(view),
    made(
      `最上面一排是分类：${names.map((name) => name.zh).join('，')}。现在看的是${here?.zh ?? ''}。`,
      `At the top are kinds of goods: ${names.map((name) => name.en).join(', ')}. You see ${here?.en ?? ''}.`,
    ),
    LEAVE,
  ];
};

function itemPhrase(item: ItemView, nth: number, most: number, asked: boolean): Phrase {
  const row = ROWS[Math.floor(nth / most)] ?? { zh: '', en: '' };
  const column = COLUMNS[most === 2 && nth % most === 1 ? 2 : nth % most] ?? { zh: '', en: '' };
  const { zh, en } = stateOf(item, asked);
  return made(
    `${row.zh}${column.zh}：${item.name.zh}，${item.unit.zh}，${POINTS(item.pts).zh}${zh}。`,
    `${row.en}, ${column.en}: ${item.name.en}, ${item.unit.en}, ${POINTS(item.pts).en}${en}.`,
  );
}

/** How many points are missing would tell the balance. */
function stateOf(item: ItemView, asked: boolean): Said {
  switch (item.refusal) {
    case 'too-dear': {
      if (!asked) return { zh: '，积分不够', en: ', too few points' };
      const { zh, en } = POINTS(item.missingPts ?? 0);
      return { zh: `，还差 ${zh}`, en: `, ${en} short` };
    }
    case 'sold-out':
      return { zh: '，已换完', en: ', sold out' };
    case 'too-dear-here':
      return { zh: '，联网后可换', en: ', can be had once online' };
    default:
      return item.inBasket === 0
        ? { zh: '', en: '' }
        : { zh: `，已选 ${item.inBasket} 件`, en: `, ${item.inBasket} chosen` };
  }
}

function basketPhrase({ basket }: KioskView): readonly Phrase[] {
  if (basket === undefined || basket.lines.length === 0) return [];
  const pieces = basket.lines.reduce((sum, line) => sum + line.qty, 0);
  const { zh, en } = POINTS(basket.pts);
  return [
    made(`已选 ${pieces} 件，一共 ${zh}。`, `Chosen: ${pieces}, in total ${en}.`),
    fixed(
      'choose.on',
      '选好了，按右下角红色的按钮“选好了”。',
      'When done, press the red button “Done” at the bottom right.',
    ),
  ];
}
