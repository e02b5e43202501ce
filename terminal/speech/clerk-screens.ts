import type { PrintView, Screen } from '../../protocol/api/kiosk.ts';
import { PRINT_WORDS } from '../../protocol/api/kiosk-words.ts';
import { COUNTER_SPEECH } from './counter-screens.ts';
import { enDay, enTime, zhDay, zhTime } from './dates.ts';
import { fixed, made, OUT, type Phrase, POINTS, type Speak, when } from './phrases.ts';
import { pinPad } from './resident-screens.ts';

/** What is said on a clerk's screens. Of whom a slip or a card is, nobody in the shop hears. */

type ClerkScreen = Extract<Screen, `clerk-${string}`>;
/** As many slips as stand on the list's first page. */
const SLIPS = 3;
const ALL_TRIES = 3;

const prints: Speak = ({ clerk }) => {
  const newest = (clerk?.prints ?? []).toSorted((a, b) => b.seq - a.seq).slice(0, SLIPS);
  return [
    ...(newest.length === 0
      ? [fixed('clerk-prints.none', '还没有小票。', 'No receipts yet.')]
      : [
          fixed('clerk-prints.title', '最近的小票，新的在上面。', 'The latest receipts, newest first.'),
          ...newest.map(slip),
        ]),
    fixed(
      'clerk-prints.keys',
      '每一行右边是“补打”。下面是“返回”和“按号找”。',
      'On the right of each is “Reprint”. At the bottom are “Back” and “By number”.',
    ),
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

const card: Speak = ({ served }) => {
  if (served === undefined) {
    return [
      fixed(
        'clerk-card.lay',
        '请把居民的卡放在读卡器上。没带卡，按下面的“返回”，再去找居民。',
        'Lay the resident’s card on the reader. Without one, press “Back” at the bottom, and find them.',
      ),
      OUT,
    ];
  }
  const tried = served.present && served.hasPin && served.triesLeft < ALL_TRIES;
  return [
    fixed('clerk-card.title', '居民的卡。', 'A resident’s card.'),
    fixed(
      'clerk-card.help',
      '帮他兑换，按右下角红色的按钮。',
      'To redeem for them, press the red button at the bottom right.',
    ),
    served.present
      ? served.hasPin
        ? fixed(
            'clerk-card.pin',
            '已经设了密码。换密码，按红色按钮左边的按钮。',
            'It has a PIN. For a new one, press the button to the left of the red one.',
          )
        : fixed(
            'clerk-card.no-pin',
            '还没设密码。设密码，按红色按钮左边的按钮。',
            'No PIN yet. To set one, press the button to the left of the red one.',
          )
      : fixed('clerk-card.absent', '没带卡，不能设密码。', 'Without the card no PIN can be set.'),
    ...when(
      tried,
      served.triesLeft === 0
        ? fixed('clerk-card.locked', '密码锁住了。', 'The PIN is locked.')
        : made(`还可以试 ${served.triesLeft} 次。`, `Tries left: ${served.triesLeft}.`),
      fixed(
        'clerk-card.unlock',
        '认识本人或看过证件，按中间的按钮解锁。',
        'If you know them, or saw papers, unlock it with the buttons in the middle.',
      ),
    ),
    OUT,
  ];
};

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
  ...COUNTER_SPEECH,
};
