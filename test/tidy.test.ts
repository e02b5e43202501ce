import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The house's own rules, as far as a test can see them. */

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const sources = files.filter((file) => /\.(ts|cjs|mjs|sql)$/.test(file));

/** Longer than the house likes, each with its reason. */
const LONG_FOR_A_REASON: Readonly<Record<string, string>> = {
  'ui/console/made-up-hub.ts': 'one answer for every call the console makes',
};
const MOST_LINES = 320;
const MOST_KIB = 400;
// Written in parts, so that this file does not find itself.
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [new RegExp(['\\.\\./', 'shared/(design|vectors|hooks)'].join('')), 'a folder that a stranger’s clone does not have'],
  [new RegExp(['\\.', 'library/'].join('')), 'a folder that a stranger’s clone does not have'],
  [new RegExp(['/wo', 'rk/'].join('')), 'a path of one machine'],
  [new RegExp(['registry\\.', 'npmjs'].join('')), 'a registry’s host'],
  [new RegExp(`\\b(${['TO', 'DO|FIX', 'ME|XX', 'X'].join('')})\\b`), 'a promise in a comment'],
  [new RegExp(['@ts-', '(ignore|nocheck|expect-error)'].join('')), 'a check switched off'],
  [new RegExp(['\\.(only|todo|fails)', '\\('].join('')), 'a test that runs alone, or not'],
];

describe('the house', () => {
  it('has short files, named in kebab-case', () => {
    const long = sources.filter((file) => text(file).split('\n').length > MOST_LINES && !(file in LONG_FOR_A_REASON));
    expect(long).toEqual([]);
    const oddly = sources.filter((file) => !/^[a-z0-9.-]+$/.test(file.split('/').at(-1) ?? ''));
    expect(oddly).toEqual([]);
  });

  it('has no large files and no output in the repository', () => {
    const large = files.filter((file) => statSync(join(root, file)).size > MOST_KIB * 1024);
    expect(large).toEqual([]);
    expect(files.filter((file) => /^(dist|node_modules|coverage)\//.test(file))).toEqual([]);
  });

  it.each(FORBIDDEN)('names nowhere %s: %s', (pattern) => {
    const found = files.filter(
      (file) => !/\.(png|svg|woff2?)$|package-lock\.json$/.test(file) && pattern.test(text(file)),
    );
    expect(found).toEqual([]);
  });

  it('keeps its promises in README: every command it names exists', () => {
    const scripts = (JSON.parse(text('package.json')) as { scripts: Record<string, string> }).scripts;
    const named = [...text('README.md').matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(scripts, name).toHaveProperty(name);
    for (const [, link] of text('README.md').matchAll(/\]\((?!http)([^)#]+)\)/g))
      expect(existsSync(join(root, link ?? '')), link).toBe(true);
  });

  it('has exact versions', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const versions = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$|^file:/.test(version))).toEqual([]);
  });
});
