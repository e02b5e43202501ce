export type Language = 'zh-CN' | 'en';
/** A text a person reads, in both languages. */
export interface Said {
  readonly zh: string;
  readonly en: string;
}
