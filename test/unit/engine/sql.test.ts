import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  SQL,
  bind,
  call,
  columnOf,
  joined,
  lambda,
  named,
  printSql,
  textSql,
  withFacts,
  withShape,
} from '../../../src/engine/sql/expression.ts';
import { alike, as, everything, over, select, statement, unionAll } from '../../../src/engine/sql/statement.ts';
import { quoteId } from '../../../src/engine/translate/relation.ts';

const column = columnOf('t', quoteId('a'));
const long = SQL`coalesce(${column}, ${textSql('x'.repeat(200))})`;

describe('an SQL expression', () => {
  it('has the facts of its parts', () => {
    const random = withFacts(SQL`random()`, { volatile: true });
    const script = withFacts(call('kql_f', column), { script: true });
    const both = SQL`(${random} + ${script})`;
    assert.deepEqual([both.volatile, both.script, both.subquery], [true, true, false]);
    assert.equal(SQL`floor(${select({ items: [1] })})`.subquery, true);
    assert.equal(joined([column, random], ', ').volatile, true);
  });
  it('does not take a text for what the text says', () => {
    const text = textSql('SELECT random() FROM kql_volatile_x, lambda v0:');
    assert.deepEqual([text.volatile, text.subquery, text.script, text.depth], [false, false, false, 0]);
  });
  it('is atomic where it is a short name or constant, and loses what it is by being written into another', () => {
    assert.equal(column.atomic, true);
    assert.equal(columnOf('t', quoteId('x'.repeat(60))).atomic, false);
    assert.equal(SQL`${column} + 1`.atomic, false);
    const access = withShape(SQL`json_extract(${column}, '$.x')`, { kind: 'access', base: column, path: '$.x' });
    assert.equal(access.shape?.kind, 'access');
    assert.equal(SQL`(${access})`.shape, undefined);
  });
  it('is no text of JavaScript', () => {
    assert.throws(() => String(column), { code: 'bug.sqlAsText' });
    assert.throws(() => `SELECT ${column as unknown as string}`, { code: 'bug.sqlAsText' });
  });
  it('prints lists with commas, and texts with what they hold', () => {
    assert.equal(printSql(SQL`f(${[1n, column, textSql("it's")]})`), `f(1, t."a", 'it''s')`);
    assert.equal(printSql(textSql('a\0b')), "('a' || chr(0) || 'b')");
  });
});

describe('bind', () => {
  const twice = (value: Parameters<typeof bind>[0][number]): string => printSql(bind([value], (x) => SQL`${x} + ${x}`));
  it('repeats what is atomic or short, and computes the rest once', () => {
    assert.equal(twice(column), 't."a" + t."a"');
    assert.equal(twice(SQL`${column} + 1`), '(t."a" + 1) + (t."a" + 1)');
    assert.match(twice(long), /^list_transform\(\[\{f0: coalesce.*\}\], lambda v0: v0\.f0 \+ v0\.f0\)\[1\]$/);
  });
  it('never repeats a subquery or a random number, however short', () => {
    assert.match(twice(select({ items: [1] })), /lambda/);
    assert.match(twice(withFacts(SQL`random()`, { volatile: true })), /lambda/);
  });
  it('gives lambdas within one another names of their own, whichever the inner one is bound to', () => {
    const nested = bind([long], (outer) => bind([long], (inner) => SQL`${outer} || ${inner}`));
    assert.match(printSql(nested), /lambda v0: list_transform\(.*lambda v1: v0\.f0 \|\| v1\.f0\)\[1\]\)\[1\]$/);
    assert.equal(nested.depth, 2);
    assert.equal(lambda(['i'], (i) => i).depth, 1);
    assert.match(twice(nested), /lambda v2: v2\.f0 \+ v2\.f0\)\[1\]$/);
  });
});

describe('a statement', () => {
  it('has the clauses that are there, in the order SQL wants', () => {
    const rows = select({
      items: [as(column, quoteId('b')), as(SQL`count(*)`, named('n'))],
      from: [SQL`"s"."T"`, 't'],
      joins: [{ kind: 'LEFT JOIN', with: [SQL`"s"."U"`, 'u'], on: alike('t', 'u', [quoteId('a')]) }],
      where: [SQL`t."x" > 1`, SQL`t."y" > 2`],
      group: [1],
      having: SQL`count(*) > 1`,
      order: SQL`1`,
      limit: 5,
    });
    assert.equal(
      printSql(rows),
      '(SELECT t."a" AS "b", count(*) AS n FROM "s"."T" AS t LEFT JOIN "s"."U" AS u ON t."a" IS NOT DISTINCT FROM u."a" ' +
        'WHERE t."x" > 1 AND t."y" > 2 GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 5)',
    );
  });
  it('has a column where nobody asks for one', () => {
    assert.equal(printSql(statement({ items: [], where: [SQL`FALSE`] })), 'SELECT 1 AS "#none" WHERE FALSE');
  });
  it('is told apart from a value by being a subquery, and unions keep that', () => {
    const one = statement({ items: everything, distinct: true, from: [SQL`"s"."T"`, 't'] });
    assert.equal(printSql(unionAll([one, one], true)).split('\nUNION ALL BY NAME ').length, 2);
    assert.equal(unionAll([one]).subquery, true);
  });
  it('writes windows with what they have', () => {
    assert.equal(printSql(over(SQL`row_number()`, {})), 'row_number() OVER ()');
    assert.equal(
      printSql(over(SQL`sum(x)`, { partition: [column], order: SQL`y`, running: true })),
      'sum(x) OVER (PARTITION BY t."a" ORDER BY y ROWS UNBOUNDED PRECEDING)',
    );
  });
});
