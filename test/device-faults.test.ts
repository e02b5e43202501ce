import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { titlesIn } from './support/test-titles.ts';

/**
 * Each fault of a device or of the machine has a test of its name, on the real client library: device-faults.json says which.
 * docs/devices.md shows the same list to a stranger; behind a run, `npm test` says of each how its tests ended.
 */

interface FaultTest {
  readonly file: string;
  readonly title: string;
}
interface Fault {
  readonly device: string;
  readonly fault: string;
  readonly tests: readonly FaultTest[];
}

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const faults = JSON.parse(read('test/device-faults.json')) as Fault[];
const DOC = 'docs/devices.md';
const HEAD = '| device | fault | test |\n|---|---|---|\n';

const testsOf = ({ tests }: Fault) => tests;
const cell = ({ tests }: Fault) => tests.map(({ file, title }) => `\`${file}\`: ${title}`).join('<br>');

describe('the faults of devices', () => {
  it('are named once, each with tests', () => {
    const names = faults.map(({ device, fault }) => `${device}: ${fault}`);
    expect(names.length).toBeGreaterThan(60);
    expect(new Set(names).size).toBe(names.length);
    for (const fault of faults) expect(fault.tests.length, fault.fault).toBeGreaterThan(0);
  });

  const files = [...new Set(faults.flatMap(testsOf).map(({ file }) => file))];
  it.each(files)('have their tests in %s', (file) => {
    const titles = titlesIn(read(file));
    const named = faults.flatMap(testsOf).filter((each) => each.file === file);
    const missing = named.filter(({ title }) => !titles.some((each) => each.test(title)));
    expect(missing.map(({ title }) => title)).toEqual([]);
  });

  it(`stand in ${DOC} as they do here`, () => {
    const rows = faults.map((fault) => `| ${fault.device} | ${fault.fault} | ${cell(fault)} |\n`);
    const doc = read(DOC);
    const at = doc.indexOf(HEAD);
    expect(at, 'the table').toBeGreaterThan(0);
    expect(`${doc.slice(at).split('\n\n')[0]?.trimEnd()}\n`).toBe(HEAD + rows.join(''));
  });
});

describe('the titles that are read from a source', () => {
  it.each([
    [`it('a b', () => 1)`, 'a b', true],
    [`it('a b', () => 1)`, 'a', false],
    [`it.skip('a b', () => 1)`, 'a b', false],
    [`it.skipIf(x)('a b', () => 1)`, 'a b', true],
    [`told(wire, 'a b', async (stand) => 1)`, 'a b', true],
    [`other('a b', () => 1)`, 'a b', false],
    [`// it('a b', () => 1)`, 'a b', false],
    [`it.each([['x', 1], ['y', 2]] as const)('a %s (%i)', () => 1)`, 'a y (2)', true],
    [`it.each([['x', 1], ['y', 2]] as const)('a %s (%i)', () => 1)`, 'a x (2)', false],
    [`const ROWS = [['x']];\nit.each(ROWS)('a %s', () => 1)`, 'a x', true],
    [`it.each(['x', 'y'])('a %s', () => 1)`, 'a y', true],
    [`it.each([['x', z]])('a %s: %s', () => 1)`, 'a x: whatever', true],
    [`it.each([['x', undefined]])('a %s: %s', () => 1)`, 'a x: undefined', true],
  ])('%s has "%s": %s', (source, title, has) => {
    expect(titlesIn(source).some((each) => each.test(title))).toBe(has);
  });
});
