import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import { checkQuery } from '../../../src/core/runs/planRun.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { checkDepth, checkExpansion } from '../../../src/kql/queryLimits.ts';

/** Each level uses the one below twice. */
const doubling = (
  levels: number,
  head: (name: string) => string,
  use: (name: string) => string,
  first: string,
): string =>
  `let f0 = ${first};\n${Array.from(
    { length: levels },
    (_, i) => `let ${head(`f${i + 1}`)}${use(`f${i}`)}${head(`f${i}`).includes('{') ? ' }' : ''};\n`,
  ).join('')}`;
const functions = (levels: number): string =>
  `${doubling(
    levels,
    (name) => `${name} = (x: long) { `,
    (name) => `${name}(x) + ${name}(x)`,
    '(x: long) { x + 1 }',
  )}print f${levels}(1)`;
const tables = (levels: number): string =>
  `${doubling(
    levels,
    (name) => `${name} = `,
    (name) => `union ${name}, ${name}`,
    'range n from 1 to 2 step 1',
  )}f${levels} | count`;

const refusals: readonly (readonly [what: string, text: string, bound: string, count: number])[] = [
  ['parentheses', `print ${'('.repeat(10_000)}1${')'.repeat(10_000)}`, 'brackets', 301],
  ['parentheses that nobody closes', `print ${'('.repeat(100_000)}`, 'brackets', 301],
  ['arrays in dynamic', `print dynamic(${'['.repeat(5_000)}1${']'.repeat(5_000)})`, 'brackets', 301],
  ['values of a datatable', `datatable(x: long)[${'1,'.repeat(100_000)}1]`, 'values', 20_001],
  ['values of lists in a list', `print dynamic([${'[1,2],'.repeat(50_000)}1])`, 'values', 20_001],
  ['values of many lists', `print ${'dynamic([1,2,3]),'.repeat(9_000)}1`, 'values', 20_001],
  ['minus signs', `print ${'-'.repeat(20_000)}1`, 'signs', 101],
  ['minus signs apart', `print ${'- '.repeat(20_000)}1`, 'signs', 101],
  ['operators', `print x = 1 ${'| extend x = x + 1 '.repeat(20_000)}`, 'steps', 1_001],
  ['terms', `print ${'1 + '.repeat(100_000)}1`, 'terms', 10_001],
  ['alternatives', `T | where a ${'or a '.repeat(20_000)}`, 'terms', 10_001],
];

describe('a query past a bound is refused by name before the parser begins', () => {
  for (const [what, text, bound, count] of refusals)
    it(what, () => {
      assert.throws(
        () => checkDepth(text),
        (thrown) =>
          thrown instanceof AppError &&
          thrown.code === 'query.tooComplex' &&
          thrown.data?.['bound'] === bound &&
          thrown.data['count'] === count,
      );
      // What a run asks of it: a refusal with its place, and nothing is sent. The parser, which would take far longer,
      // has found nothing: no other error, no place of anything.
      const facts = analyzeQuery(text);
      assert.deepEqual(
        facts.errors.map(({ message }) => /^The query has more than /.test(message)),
        [true],
      );
      assert.throws(() => checkQuery(facts), {
        code: 'query.syntax',
        message: /^The query has more than .*Nothing was sent/,
      });
    });

  it('a chain of functions that doubles, and one of tables', async () => {
    const engine = await openEngine({ memoryLimitMb: 256 });
    const before = process.memoryUsage().rss;
    try {
      for (const [text, bound, count] of [
        [functions(13), 'calls', 1_023],
        [functions(60), 'calls', 1_023],
        [tables(20), 'names', 16_383],
      ] as const) {
        await assert.rejects(engine.query(text, { database: { name: 'd', tables: [] } }), (thrown: AppError) => {
          assert.deepEqual(
            [thrown.code, thrown.data?.['bound'], thrown.data?.['count']],
            ['query.tooComplex', bound, count],
          );
          return typeof thrown.data?.['line'] === 'number';
        });
      }
      assert.ok(process.memoryUsage().rss - before < 300e6);
      const answer = await engine.query(functions(5), { database: { name: 'd', tables: [] } });
      assert.deepEqual(await answer.tables[0]!.rows(), [[64]]);
    } finally {
      await engine.close();
    }
  });

  it('a tree too deep to be walked is no crash', () => {
    const facts = analyzeQuery(`print a${'[0]'.repeat(40_000)}`);
    assert.match(facts.errors[0]?.message ?? '', /nested more deeply than can be read/);
  });

  it('what people write passes', () => {
    for (const text of [
      `print ${'('.repeat(300)}1${')'.repeat(300)}`,
      `print "${'('.repeat(9_000)}", @'${'-'.repeat(9_000)}' // ${'['.repeat(9_000)}`,
      `T | where x in (${Array.from({ length: 50_000 }, (_, i) => i - 7).join(', ')})`,
      `T | where ${Array.from({ length: 3_000 }, (_, i) => `x == ${i}`).join(' or ')}`,
      `let few = 5;\nT ${`| where n > few `.repeat(900)}`,
      `let f = (x: long) { x + 1 };\nprint ${Array.from({ length: 900 }, (_, i) => `f(${i})`).join(', ')}`,
    ]) {
      checkDepth(text);
      checkExpansion(text);
    }
  });
});
