import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SQL, textSql } from '../../src/engine/sql/expression.ts';
import { ROOT } from '../../scripts/tools.mjs';

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({
    path: `src/${path.replaceAll('\\', '/')}`,
    text: readFileSync(join(ROOT, 'src', path), 'utf8'),
  }));
const naming = (name: string): string[] =>
  files.filter(({ text }) => new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from`).test(text)).map((f) => f.path);
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
