import type { Language, Said } from '../../../protocol/api/kiosk.ts';

/** The words of one page: every key in both languages, or it does not compile. */
export type Words = Readonly<Record<string, Said>>;

/** One text in the language the reader chose. */
export function say(language: Language, said: Said): string {
  return language === 'en' ? said.en : said.zh;
}

/** Looks words up by key; a key that does not exist does not compile. */
export function wordsIn<W extends Words>(words: W, language: Language): (key: keyof W) => string {
  return (key) => {
    const said = words[key];
    return said === undefined ? '' : say(language, said);
  };
}

export function otherLanguage(language: Language): Language {
  return language === 'en' ? 'zh-CN' : 'en';
}
