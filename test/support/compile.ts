import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/tallystick');
const RELATIVE_IMPORT = /(from\s+|import\s*\(\s*|import\s+)(['"])(\.{1,2}\/[^'"]+\.ts)\2/g;

/**
 * Compiles a TypeScript file and all of ours that it imports, so that a test can start it in a process of its own: Node 20
 * runs no TypeScript. Packages stay imports. `sourcePath` is absolute or from the project's root; answers the path of the
 * `.js` to run. The folder is named by the sources' hash, so two test files at once write the same bytes.
 */
export function compiledEntry(sourcePath: string): string {
  const entry = resolve(ROOT, sourcePath);
  const sources = collect(entry);
  const hash = createHash('sha256');
  for (const [path, text] of sources) hash.update(`${path}\0${text}\0`);
  const folder = join(CACHE, hash.digest('hex').slice(0, 16));
  if (!existsSync(folder)) writeAll(folder, sources);
  return join(folder, outName(entry));
}

function collect(entry: string): Map<string, string> {
  const sources = new Map<string, string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (sources.has(path)) continue;
    const text = readFileSync(path, 'utf8');
    sources.set(path, text);
    const code = transpile(path, text);
    for (const match of code.matchAll(RELATIVE_IMPORT)) waiting.push(resolve(dirname(path), match[3] ?? ''));
  }
  return sources;
}

function writeAll(folder: string, sources: ReadonlyMap<string, string>): void {
  const draft = `${folder}.${process.pid}`;
  for (const [path, text] of sources) {
    const out = join(draft, outName(path));
    mkdirSync(dirname(out), { recursive: true });
    const code = transpile(path, text).replace(RELATIVE_IMPORT, (_all, word: string, quote: string, from: string) => {
      return `${word}${quote}${from.replace(/\.ts$/, '.js')}${quote}`;
    });
    writeFileSync(out, code);
  }
  writeFileSync(join(draft, 'package.json'), '{"type":"module"}\n');
  try {
    renameSync(draft, folder);
  } catch {
    // Another test file was first, with the same bytes.
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Types go, imports stay as written: dropped type imports are not followed. */
function transpile(path: string, text: string): string {
  return ts.transpileModule(text, {
    fileName: pathToFileURL(path).pathname,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;
}

function outName(path: string): string {
  return path.slice(ROOT.length).replace(/\.ts$/, '.js');
}
