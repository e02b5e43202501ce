import type { PrintView, Screen } from '../../protocol/api/kiosk.ts';
import { PRINT_WORDS } from '../../protocol/api/kiosk-words.ts';
import { enDay, enTime, zhDay, zhTime } from './dates.ts';
import { fixed, made, type Phrase, POINTS, type Speak } from './phrases.ts';
import { pinPad } from './resident-screens.ts';

/** What is said on a clerk's screens. Of whom a slip or a card is, nobody in the shop hears. */

type ClerkScreen = Extract<Screen, `clerk-${string}`>;
/** As many slips as stand on the list's first page. */
const SLIPS = 3;
const OUT = fixed('clerk.leave', '左下角是“退出”。', 'At the bottom left is “Leave”.');

const prints: Speak = ({ clerk }) => {
  const newest = (clerk?.prints ?? []).toSorted((a, b) => b.seq - a.seq).slice(0, SLIPS);
  return [
    ...(newest.length === 0
      ? [fixed('clerk-prints.none', '还没有小票。', 'No receipts yet.')]
      : [
          fixed('clerk-prints.title', '最近的小票，新的在上面。', 'The latest receipts, newest first.'),
          ...newest.map(slip),
        ]),
    fixed('clerk-prints.keys', '每一行右边是“补打”。', 'On the right of each is “Reprint”.'),
    OUT,
  ];
};

function slip(print: PrintView): Phrase {
  const [points, state] = [POINTS(print.pts), PRINT_WORDS[print.state]];
  return made(
    `${zhTime(print.time)}，${points.zh}，${state.zh}。`,
    `${enTime(print.time)}, ${points.en}, ${state.en}.`,
  );
}

const card: Speak = ({ served }) => [
  fixed('clerk-card.title', '给居民办卡。', 'A resident’s card.'),
  served?.hasPin !== true
    ? fixed(
        'clerk-card.no-pin',
        '还没设密码。设密码，按右下角红色的按钮。',
        'No PIN yet. To set one, press the red button at the bottom right.',
      )
    : fixed(
        'clerk-card.pin',
        '已经设了密码。换密码，按右下角红色的按钮。',
        'It has a PIN. For a new one, press the red button at the bottom right.',
      ),
  ...(served?.hasPin === true && served.triesLeft === 0
    ? [
        fixed(
          'clerk-card.locked',
          '密码锁住了。认识本人或看过证件，按中间的按钮解锁。',
          'The PIN is locked. If you know them, or saw papers, unlock it with the buttons in the middle.',
        ),
      ]
    : []),
  OUT,
];

const date: Speak = ({ date: shown }) => [
  fixed('clerk-date.title', '今天是这一天吗？', 'Is it this day?'),
  ...(shown === undefined
    ? []
    : [made(`${zhDay(shown.day)}，${zhTime(shown.time)}。`, `${enDay(shown.day)}, ${enTime(shown.time)}.`)]),
  fixed(
    'clerk-date.keys',
    '对，按右下角红色的按钮。不对，按中间的“前一天”或“后一天”。',
    'If so, press the red button at the bottom right. If not, press “Day before” or “Day after” in the middle.',
  ),
  OUT,
];

export const CLERK_SPEECH: Record<ClerkScreen, Speak> = {
  'clerk-pin': (view) => [fixed('clerk-pin.title', '请输店员密码。', 'Enter the clerk PIN.'), ...pinPad(view), OUT],
  'clerk-new-pin': (view) => [
    view.served?.again === true
      ? fixed('clerk-new-pin.again', '请居民把新密码再输一次。', 'The resident types the new PIN once more.')
      : fixed('clerk-new-pin.title', '请居民输新密码。', 'The resident types a new PIN.'),
    ...pinPad(view),
    fixed('clerk-new-pin.back', '左下角是“返回”。', 'At the bottom left is “Back”.'),
  ],
  ...{ 'clerk-prints': prints, 'clerk-card': card, 'clerk-date': date },
};
