import ts from 'typescript';

/** The titles of the tests in a source, as a run would print them, read without running anything. */

/** What begins a test here: vitest's own two, and `told`, which a file makes of them. */
const TESTS: ReadonlySet<string> = new Set(['it', 'test', 'told']);

/** Each matches the whole of one title; of a table of tests, one for each row. A test that is skipped for good has none. */
export function titlesIn(source: string): readonly RegExp[] {
  const file = ts.createSourceFile('a.test.ts', source, ts.ScriptTarget.Latest, true);
  const found: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found.push(...titlesOf(node, file));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function titlesOf(call: ts.CallExpression, file: ts.SourceFile): RegExp[] {
  const chain = chainOf(call.expression);
  if (!TESTS.has(chain.names[0] ?? '') || chain.names.some((name) => name === 'skip' || name === 'todo')) return [];
  const title = call.arguments.find(ts.isStringLiteralLike)?.text;
  // Without a body it is what makes the test, `it.each([…])` alone.
  if (title === undefined || !call.arguments.some(ts.isFunctionLike)) return [];
  if (chain.table === null) return [exactly([title])];
  return rowsOf(chain.table, file).map((row) => filled(title, row));
}

/** `it.each(TABLE)` is the names `it`, `each`, and TABLE. */
function chainOf(callee: ts.Expression): { names: string[]; table: ts.Expression | null } {
  if (ts.isIdentifier(callee)) return { names: [callee.text], table: null };
  if (ts.isPropertyAccessExpression(callee)) {
    const before = chainOf(callee.expression);
    return { ...before, names: [...before.names, callee.name.text] };
  }
  if (!ts.isCallExpression(callee)) return { names: [], table: null };
  const { names, table } = chainOf(callee.expression);
  return { names, table: names.at(-1) === 'each' ? (callee.arguments[0] ?? null) : table };
}

/** The rows of a table that is written out, here or under a name in the same file; none of one that is computed. */
function rowsOf(table: ts.Expression, file: ts.SourceFile): ts.Expression[] {
  if (ts.isAsExpression(table) || ts.isParenthesizedExpression(table)) return rowsOf(table.expression, file);
  if (ts.isArrayLiteralExpression(table)) return [...table.elements];
  if (!ts.isIdentifier(table)) return [];
  for (const statement of file.statements) {
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
    const named = declared.find((each) => ts.isIdentifier(each.name) && each.name.text === table.text);
    if (named?.initializer !== undefined) return rowsOf(named.initializer, file);
  }
  return [];
}

/** The title of one row: `%s` takes the next value. A value that only a run knows may be anything. */
function filled(title: string, row: ts.Expression): RegExp {
  const values = ts.isArrayLiteralExpression(row) ? [...row.elements] : [row];
  const parts = title
    .split(/(%[sidj])/)
    .map((part) => (/^%[sidj]$/.test(part) ? (textOf(values.shift()) ?? null) : part));
  return exactly(parts);
}

function textOf(value: ts.Expression | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (ts.isStringLiteralLike(value) || ts.isNumericLiteral(value)) return value.text;
  return ts.isIdentifier(value) && value.text === 'undefined' ? 'undefined' : undefined;
}

/** `null`: anything. */
function exactly(parts: readonly (string | null)[]): RegExp {
  const escaped = parts.map((part) => (part === null ? '.+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${escaped.join('')}$`);
}
