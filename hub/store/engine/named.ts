import type { Param, Params } from './port.ts';

/** A statement's named parameters, found once per text. */
export interface Named {
  /** The text with $1, $2 … in the place of names; the same name is the same number. */
  readonly numbered: string;
  /** In the order of the numbers. */
  readonly names: readonly string[];
}

/** Statements are constants of the code, or made of few parts; past this many something makes texts of values. */
const TEXTS_MAX = 2_000;
// Quoted text and comments first, so that nothing in them is taken for a name.
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([A-Za-z_]\w*)/g;
/** What one engine would silently read otherwise than the other: refused on both, so that tests on either find it. */
const TRAPS: readonly (readonly [RegExp, string])[] = [
  [/\buser\b/i, 'write "user" in quotes: PostgreSQL reads the bare word as the role that is connected'],
  [/\bas\s+[a-z_][a-z0-9_]*[A-Z]/, 'write the alias in quotes: PostgreSQL folds a bare name to lower case'],
  [/\?/, 'name the parameter, as :name'],
];

/** Throws where the text falls into a known trap between the engines. */
export function readNamed(text: string): Named {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const names: string[] = [];
  const bare: string[] = [];
  let end = 0;
  const numbered = text.replace(TOKENS, (token, name: string | undefined, at: number) => {
    bare.push(text.slice(end, at));
    end = at + token.length;
    if (name === undefined) return token;
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  bare.push(text.slice(end));
  const plain = bare.join(' ').replace(/\bAS\b/g, 'as');
  for (const [pattern, why] of TRAPS) if (pattern.test(plain)) throw new Error(`${why}: ${text}`);
  if (cache.size >= TEXTS_MAX) cache.clear();
  const named: Named = { numbered, names };
  cache.set(text, named);
  return named;
}
const cache: Map<string, Named> = new Map();

/** The values in the order of `names`; throws when one is missing or is no value of ours. */
export function valuesOf(names: readonly string[], params: Params, county: string): Param[] {
  return names.map((name) => {
    const value = name === 'county' ? county : params[name];
    if (value === undefined) throw new TypeError(`no value for :${name}`);
    return sound(value, name);
  });
}

/** Points, milliseconds and counters are integers; a fraction is a bug above. */
export function sound(value: Param, name: string): Param {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new TypeError(`:${name} is ${value}, not a safe integer`);
  return value;
}
