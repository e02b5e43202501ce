/**
 * JSON as signed messages use it: no key twice in one object, and numbers are plain decimal integers up to 2^53 - 1.
 * Two parsers must never read two meanings out of the same signed bytes.
 */

const MAX_DEPTH = 32;

/** The value, or null where the text is not such JSON. */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  // Comes first: JSON.stringify goes down as deep as the text does, and a few kilobytes of brackets overflow its stack.
  if (!onlyPlainIntegers(value, 0)) return null;
  // Our own writers use JSON.stringify. Text that comes back unchanged cannot hold a doubled key (the parser would have
  // dropped one) nor a sloppy number, so only foreign spelling pays for the slow walk.
  // Of a long text, which is a few long strings, the walk is the cheaper one.
  return (text.length < LONG_CHARS && JSON.stringify(value) === text) || hasStrictSpelling(text) ? value : null;
}

const LONG_CHARS = 65_536;

function onlyPlainIntegers(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item !== 'string' && !onlyPlainIntegers(item, depth + 1)) return false;
    return true;
  }
  // Fresh from JSON.parse: every key is its own.
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item !== 'string' && !onlyPlainIntegers(item, depth + 1)) return false;
  }
  return true;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|-?[0-9][0-9.eE+-]*|true|false|null/g;

/** Walks the tokens of text that JSON.parse has taken already, so its grammar is sound. */
function hasStrictSpelling(text: string): boolean {
  const openObjects: (Set<string> | null)[] = [];
  const tokens = text.match(TOKEN) ?? [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    if (token === '{') openObjects.push(new Set());
    else if (token === '[') openObjects.push(null);
    else if (token === '}' || token === ']') openObjects.pop();
    else if (token.startsWith('"') && tokens[i + 1] === ':') {
      const keys = openObjects.at(-1);
      const key = JSON.parse(token) as string;
      if (!keys || keys.has(key)) return false;
      keys.add(key);
    } else if (/^[-0-9]/.test(token) && !/^(0|[1-9][0-9]*)$/.test(token)) return false;
  }
  return true;
}
