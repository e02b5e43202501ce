import type { Language } from './texts.ts';

const KEY = 'tally-rig-language';

/** Chinese first; `?lang=en` or an earlier choice changes it. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(KEY);
  return asked === 'en' ? 'en' : 'zh';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
