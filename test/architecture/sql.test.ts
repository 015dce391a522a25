import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { SQL, textSql } from '../../src/engine/sql/expression.ts';
import { ROOT } from '../../scripts/tools.mjs';

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({
    path: `src/${path.replaceAll('\\', '/')}`,
    text: readFileSync(join(ROOT, 'src', path), 'utf8'),
  }));
/** What a source takes of the pieces of SQL (`engine/sql`): names, or `*` where it takes all at once. */
function takenFrom(path: string, text: string): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const isSql = (specifier: ts.Node | undefined): boolean =>
    specifier !== undefined &&
    ts.isStringLiteralLike(specifier) &&
    posix.join(posix.dirname(path), specifier.text).startsWith('src/engine/sql/');
  const taken: string[] = [];
  const take = (names: ts.NamedImports | ts.NamedExports | undefined): void => {
    if (names) taken.push(...names.elements.map(({ name, propertyName }) => (propertyName ?? name).text));
    else taken.push('*');
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && isSql(node.moduleSpecifier)) {
      const bindings = node.importClause?.namedBindings;
      take(bindings && ts.isNamedImports(bindings) ? bindings : undefined);
    } else if (ts.isExportDeclaration(node) && isSql(node.moduleSpecifier))
      take(node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause : undefined);
    else if (
      (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && isSql(node.arguments[0])) ||
      (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && isSql(node.argument.literal))
    )
      take(undefined);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return taken;
}
const takers = files.map(({ path, text }) => ({ path, taken: takenFrom(path, text) }));
const naming = (name: string): string[] => takers.filter(({ taken }) => taken.includes(name)).map(({ path }) => path);
/** Templates of SQL that are statements, in the text of a source. */
const statementsIn = (text: string): string[] =>
  text.match(/\b(?:SQL|atom)`[^`]*\b(?:SELECT|GROUP BY|QUALIFY)\b/g) ?? [];

describe('SQL that the translator writes', () => {
  it('is no text that could be searched', () => {
    const sql = textSql('x');
    // The compiler knows: each of these lines is an error, or this test does not compile.
    const searches = [
      // @ts-expect-error a piece of SQL is no text
      () => sql.replace('x', 'y'),
      // @ts-expect-error a piece of SQL is no text
      () => sql.includes('x'),
      // @ts-expect-error a piece of SQL is no text
      () => /x/.test(sql),
      // @ts-expect-error a piece of SQL is no text
      () => sql === 'x',
      // @ts-expect-error a text of anybody's is no piece of SQL
      () => SQL`coalesce(${'x' as string})`,
    ];
    assert.equal(searches.length, 5);
    assert.deepEqual(Object.keys(sql).toSorted(), ['atomic', 'depth', 'shape'], 'its text is private');
  });
  it('is taken by name, so that the next two rules see who takes what', () => {
    assert.deepEqual(naming('*'), []);
    const from = (text: string) => takenFrom('src/engine/translate/planted.ts', text);
    assert.deepEqual(from("import { printSql as print, type Sql } from '../sql/expression.ts';"), ['printSql', 'Sql']);
    assert.deepEqual(from("export { printSql } from '../sql/expression.ts';"), ['printSql']);
    for (const text of [
      "import * as pieces from '../sql/expression.ts';",
      "import type * as pieces from '../sql/expression.ts';",
      "export * from '../sql/expression.ts';",
      "const pieces = await import('../sql/expression.ts');",
      "type Piece = import('../sql/expression.ts').Sql;",
    ])
      assert.deepEqual(from(text), ['*'], text);
    assert.deepEqual(from("import * as json from '../functions/json.ts';"), []);
    assert.deepEqual(takenFrom('src/engine/sql/planted.ts', "import * as pieces from './expression.ts';"), ['*']);
  });
  it('is printed where the statement is whole, and nowhere else', () => {
    assert.deepEqual(naming('printSql').toSorted(), [
      'src/engine/translate/relation.ts',
      'src/engine/translate/translate.ts',
    ]);
  });
  it('is foreign only where the table says what it is read from', () => {
    assert.deepEqual(naming('foreign'), ['src/engine/translate/sources.ts']);
  });
  it('has its statements from the builder', () => {
    assert.equal(statementsIn('const planted = SQL`(SELECT ${items} FROM t)`;').length, 1);
    const written = files
      .filter(({ path }) => path.startsWith('src/engine/') && path !== 'src/engine/sql/statement.ts')
      .flatMap(({ path, text }) => statementsIn(text).map((found) => `${path}: ${found}`));
    assert.deepEqual(written, []);
  });
});
