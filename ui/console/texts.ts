import { en } from './texts-en.ts';
import { zh } from './texts-zh.ts';

export type { Texts } from './texts-zh.ts';
export const texts = { zh, en };
export type Language = keyof typeof texts;

const KEY = 'tally-console-language';

/** Chinese first; `?lang=en` or an earlier choice changes it. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(KEY);
  return asked === 'en' ? 'en' : 'zh';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}

/** A word for a code of the API; the code itself where we have none. */
export function word(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code;
}
