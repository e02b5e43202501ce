import { equalBytes, fromHex, toHex } from '../../primitives/bytes.ts';
import { ALGORITHMS, type Algorithm, type Length } from './algorithms.ts';

/** Whether what the programs compute is what a vector file expects. A file that says nothing checkable has failed. */

export interface Checked {
  readonly name: string;
  readonly algorithm: string;
  /** Null where all is as expected; else what is not. */
  readonly fault: string | null;
}
type Fields = Readonly<Record<string, Uint8Array>>;
type Json = Readonly<Record<string, unknown>>;

/** A verdict on each vector, or a sentence where this is no vector file. */
export function checkVectors(file: unknown): readonly Checked[] | string {
  if (!isObject(file) || !Array.isArray(file.vectors)) {
    return 'A vector file is {"source": "...", "vectors": [...]}.';
  }
  const more = Object.keys(file).filter((name) => name !== 'source' && name !== 'vectors');
  return [
    ...more.map((name) => ({ name, algorithm: '', fault: `unknown field ${name} of the file` })),
    ...file.vectors.map(checkVector),
    ...(file.vectors.length === 0 ? [{ name: 'vectors', algorithm: '', fault: 'there is not one' }] : []),
  ];
}

function checkVector(vector: unknown, at: number): Checked {
  const place = `vector ${at + 1}`;
  if (!isObject(vector)) return { name: place, algorithm: '', fault: 'no object' };
  const { name = place, algorithm = '', input, expected, ...more } = vector;
  return { name: String(name), algorithm: String(algorithm), fault: faultOf(algorithm, input, expected, more) };
}

function faultOf(algorithm: unknown, input: unknown, expected: unknown, more: Json): string | null {
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) return `unknown field ${unknown}`;
  const known =
    typeof algorithm === 'string' && Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  if (known === undefined) return `unknown algorithm ${String(algorithm)}`;
  const given = fieldsOf(input, Object.keys(known.input), 'input');
  const wanted = fieldsOf(expected, known.expected, 'expected');
  if (typeof given === 'string') return given;
  if (typeof wanted === 'string') return wanted;
  if (Object.keys(wanted).length === 0) return 'nothing is expected';
  return lengthFault(known, given) ?? difference(known.run(given), wanted);
}

/** The hex fields, none of another name. */
function fieldsOf(value: unknown, names: readonly string[], where: string): Fields | string {
  if (!isObject(value)) return `${where} is no object`;
  const fields: Record<string, Uint8Array> = {};
  for (const [name, hex] of Object.entries(value)) {
    if (!names.includes(name)) return `unknown field ${name} in ${where}`;
    const bytes = typeof hex === 'string' ? fromHex(hex) : null;
    if (bytes === null) return `${name} in ${where} is not hex`;
    fields[name] = bytes;
  }
  return fields;
}

function lengthFault(known: Algorithm, given: Fields): string | null {
  for (const [name, length] of Object.entries(known.input)) {
    const bytes = given[name];
    if (bytes === undefined) return `${name} is missing in input`;
    if (!fits(bytes.length, length)) return `${name} cannot have ${bytes.length} bytes`;
  }
  return null;
}

function fits(bytes: number, length: Length): boolean {
  if (typeof length === 'number') return bytes === length;
  return 'from' in length ? bytes >= length.from && bytes <= length.to : length.includes(bytes);
}

function difference(ours: Fields | null, wanted: Fields): string | null {
  if (ours === null) return 'the input is not genuine';
  for (const [name, bytes] of Object.entries(wanted)) {
    const mine = ours[name] ?? new Uint8Array(0);
    if (!equalBytes(mine, bytes)) return `${name} is ${toHex(mine)}, expected ${toHex(bytes)}`;
  }
  return null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
