import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALGORITHMS } from './algorithms.ts';
import { checkVectors } from './check-vectors.ts';

/** The command as a stranger runs it, on published vectors; and that each way a vector can be wrong is found. */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = join(root, 'dist/protocol/node/vectors/main.js');
const FILES = ['cards.json', 'cards-more.json', 'cards-computed.json'];
interface Vector {
  readonly name: string;
  readonly algorithm: string;
  readonly input: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, string>>;
}
const vectorsOf = (file: string) =>
  (JSON.parse(readFileSync(join(root, 'test/vectors', file), 'utf8')) as { vectors: Vector[] }).vectors;
const all = FILES.flatMap(vectorsOf);
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const faults = (...vectors: unknown[]) => {
  const checked = checkVectors({ source: 'a test', vectors });
  return typeof checked === 'string' ? checked : checked.map(({ fault }) => fault);
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallystick-vectors-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the published vectors', () => {
  it.each(FILES)('%s: all pass, a line each', (file) => {
    const { status, stdout, stderr } = run(`test/vectors/${file}`);
    const lines = stdout.trimEnd().split('\n');
    expect([status, stderr, lines.at(-1)]).toEqual([0, '', `${vectorsOf(file).length} passed, 0 failed`]);
    expect(lines).toHaveLength(vectorsOf(file).length + 1);
  });

  it('leave no algorithm out', () => {
    expect(new Set(all.map(({ algorithm }) => algorithm))).toEqual(new Set(Object.keys(ALGORITHMS)));
  });

  it('fail where one bit of any expected field is another, and say which', () => {
    for (const vector of all) {
      for (const [field, hex] of Object.entries(vector.expected)) {
        const flipped = (Number.parseInt(hex.slice(-1), 16) ^ 1).toString(16);
        const wrong = { ...vector, expected: { ...vector.expected, [field]: hex.slice(0, -1) + flipped } };
        expect(faults(wrong)[0], vector.name).toContain(`${field} is `);
      }
    }
  });

  it('are read in any case', () => {
    const upper = (fields: Vector['input']) =>
      Object.fromEntries(Object.entries(fields).map(([name, hex]) => [name, hex.toUpperCase()]));
    for (const vector of all) {
      expect(faults({ ...vector, input: upper(vector.input), expected: upper(vector.expected) })).toEqual([null]);
    }
  });
});

describe('a vector that is wrong', () => {
  const good = all[1] as Vector;
  it.each<[string, object, string]>([
    ['an algorithm of no name here', { algorithm: 'des' }, 'unknown algorithm des'],
    ['one that every object has', { algorithm: 'toString' }, 'unknown algorithm toString'],
    ['a field of its own', { note: 'x' }, 'unknown field note'],
    ['an input of no name here', { input: { ...good.input, iv: '00' } }, 'unknown field iv in input'],
    ['an expectation of no name here', { expected: { ...good.expected, tag: '00' } }, 'unknown field tag in expected'],
    ['nothing expected', { expected: {} }, 'nothing is expected'],
    ['an input that is missing', { input: { key: good.input.key } }, 'message is missing in input'],
    ['a key that is too short', { input: { ...good.input, key: '00' } }, 'key cannot have 1 bytes'],
    ['half a byte', { input: { ...good.input, message: '0' } }, 'message in input is not hex'],
    ['a number', { input: { ...good.input, message: 5 } }, 'message in input is not hex'],
  ])('%s is a failure', (_what, change, fault) => {
    expect(faults({ ...good, ...change })).toEqual([fault]);
  });

  it('a card that does not show the key is no session', () => {
    const first = all.find(({ algorithm }) => algorithm === 'ev2-first') as Vector;
    const forged = { ...first, input: { ...first.input, piccStep2: '00'.repeat(32) } };
    expect(faults(forged)).toEqual(['the input is not genuine']);
  });
});

describe('the command', () => {
  const written = (text: string) => {
    const path = join(folder, 'file.json');
    writeFileSync(path, text);
    return path;
  };
  it('exits 1 when one fails, and counts', () => {
    const [one, two] = all;
    const path = written(JSON.stringify({ source: 'x', vectors: [one, { ...two, expected: { mac: '00' } }] }));
    expect(run(path)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^ok .*\nFAIL .*\n1 passed, 1 failed\n$/),
    });
    expect(JSON.parse(run(path, '--json').stdout)).toMatchObject({ passed: 1, failed: 1 });
  });

  it('exits 1 where the file says nothing that can fail, or something of its own', () => {
    expect(run(written('{"source":"x","vectors":[]}')).status).toBe(1);
    expect(run(written(JSON.stringify({ source: 'x', vectors: [all[0]], seed: 1 }))).status).toBe(1);
  });

  it('exits 1 on what it does not know, also where the file does not say its source', () => {
    expect(run(written(JSON.stringify({ vectors: [{ ...all[0], algorithm: 'des' }] }))).status).toBe(1);
    expect(run(written(JSON.stringify({ vectors: [all[0]] }))).status).toBe(0);
  });

  it('exits 2 on wrong usage', () => {
    expect(run().status).toBe(2);
    expect(run(join(folder, 'none.json')).status).toBe(2);
    expect(run(written('{')).status).toBe(2);
    expect(run(written('[]')).stderr).toContain('is no vector file');
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('vector file') });
  });
});
