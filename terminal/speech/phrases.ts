import type { KioskView, Said } from '../../protocol/api/kiosk.ts';

/** A piece of what is said. One with a key may be a recorded clip; the rest is made of what just happened. */
export interface Phrase extends Said {
  readonly key?: string;
}
/** `asked`: somebody touched 听 for it. What nobody asked for tells no balance: others stand in the queue. */
export type Speak = (view: KioskView, asked: boolean) => readonly Phrase[];

/** Words that never change. `key` names a clip's file: kebab-case words with dots between. */
export function fixed(key: string, zh: string, en: string): Phrase {
  return { key, zh, en };
}

export function made(zh: string, en: string): Phrase {
  return { zh, en };
}

export function words(said: Said): Phrase {
  return { zh: `${said.zh}。`, en: `${said.en}.` };
}

export function when(holds: boolean, ...phrases: readonly Phrase[]): readonly Phrase[] {
  return holds ? phrases : [];
}

export const LEAVE = fixed('leave', '不换了，按左下角的“退出”。', 'To stop, press “Leave” at the bottom left.');
export const CALL = fixed(
  'call',
  '要人帮忙，按左边第二个按钮“找店员”。',
  'For help, press “Help”, the second button on the left.',
);
export const OUT = fixed('clerk.leave', '左下角是“退出”。', 'At the bottom left is “Leave”.');
export const POINTS = (pts: number): Said => ({ zh: `${pts} 分`, en: pts === 1 ? '1 point' : `${pts} points` });

/** Which page of a list it is, and how to turn it. */
export function pageOf({ page, pages }: { readonly page: number; readonly pages: number }): readonly Phrase[] {
  if (pages < 2) return [];
  return [
    made(
      `这是第 ${page + 1} 页，共 ${pages} 页。翻页的按钮在下面。`,
      `Page ${page + 1} of ${pages}. The buttons that turn it are at the bottom.`,
    ),
  ];
}
