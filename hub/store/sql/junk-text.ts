/**
 * Junk is kept as it came, and it may be what no database keeps as text: NUL, or half of a surrogate pair. Such junk is
 * kept as JSON behind a mark, and so is junk that begins like the mark itself; so whatever is read is what came.
 */
const MARK = 'json:';
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what this is about
const UNFIT = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function keptText(text: string): string {
  return UNFIT.test(text) || text.startsWith(MARK) ? MARK + JSON.stringify(text) : text;
}

export function originalText(kept: string): string {
  return kept.startsWith(MARK) ? (JSON.parse(kept.slice(MARK.length)) as string) : kept;
}
