import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bindQuery } from '../../../src/kql/bind/query.ts';
import { queryText } from '../../../src/kql/bind/queryText.ts';
import { pruneUnions } from '../../../src/kql/prune.ts';
import type { EngineDatabase } from '../../../src/engine/face.ts';
import { keyValues, parsePattern } from '../../../src/engine/translate/parse.ts';
import { assignIds, quoteId, quoteText } from '../../../src/engine/translate/relation.ts';
import { translatePlan } from '../../../src/engine/translate/translate.ts';

const table = (name: string) =>
  ({
    name,
    source: `"s"."${name}"`,
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Type', type: 'string' },
      { name: `${name}_only`, type: 'long' },
    ],
  }) as const;
const database: EngineDatabase = { name: 'w', tables: Array.from({ length: 12 }, (_, i) => table(`T${i}`)) };
const sqlOf = (text: string): string =>
  translatePlan(bindQuery(queryText(text), { database }), { database }, 0n).results[0]!.sql;

describe('SQL for queries', () => {
  it('is plain where the query is: no window, no order, no JavaScript', () => {
    const sql = sqlOf('T0 | where T0_only > 5 and Type == "x" | summarize count() by bin(TimeGenerated, 1h)');
    assert.doesNotMatch(sql, /OVER|ORDER BY|kql_|lambda/);
    assert.match(sql, /WHERE .*"T0_only".* AND .*"Type" = 'x'/);
  });
  it('orders once, at the end, and limits where the limit stands', () => {
    assert.match(sqlOf('T0 | top 5 by TimeGenerated'), /ORDER BY t\."#o1" DESC NULLS LAST LIMIT 5\) AS t ORDER BY/);
  });
  it('keeps order keys that the columns no longer have', () => {
    assert.match(
      sqlOf('T0 | sort by T0_only asc | project Type'),
      /SELECT t\."Type" FROM [\s\S]+ORDER BY t\."#o1" ASC NULLS FIRST$/,
    );
  });
  it('evaluates a let table once where it is used twice', () => {
    const sql = sqlOf('let Busy = T0 | summarize n = count() by Type; Busy | join kind=inner Busy on Type');
    assert.equal(sql.match(/"s"\."T0"/g)?.length, 1);
  });
  it('names of a wide union only the columns somebody asks for', () => {
    const sql = sqlOf('union withsource=S * | where TimeGenerated > ago(1d) | summarize count() by S');
    assert.match(sql, /UNION ALL BY NAME/);
    assert.doesNotMatch(sql, /_only|"Type"/);
    const plan = bindQuery(queryText('union T0, T1 | count'), { database });
    assert.equal(pruneUnions(plan), plan);
  });
});

describe('names in SQL', () => {
  it('tells names apart that differ in case, and quotes whatever a name holds', () => {
    assert.deepEqual(
      assignIds([
        { name: 'a', type: 'long' },
        { name: 'A', type: 'long' },
        { name: 'x "y"', type: 'long' },
      ]).map((c) => c.id),
      ['"a"', '"A#2"', '"x ""y"""'],
    );
    assert.equal(quoteId('"; DROP TABLE x; --'), '"""; DROP TABLE x; --"');
    assert.equal(quoteText("it's\0x"), "('it''s' || chr(0) || 'x')");
  });
});

describe('parse patterns', () => {
  it('are anchored at the start, lazy, and quote their texts', () => {
    assert.deepEqual(
      parsePattern(
        [
          { kind: 'any' },
          { kind: 'text', text: 'a.b' },
          { kind: 'column', column: { name: 'x', type: 'string' } },
          { kind: 'text', text: ';' },
        ],
        'simple',
        '',
      ),
      { regex: String.raw`^(?s:.*?a\.b(.*?);)`, groups: ['x'] },
    );
  });
  it("count groups of the user's own", () => {
    assert.deepEqual(
      parsePattern(
        [
          { kind: 'text', text: '(a|b)[(]' },
          { kind: 'column', column: { name: 'x', type: 'long' } },
        ],
        'regex',
        'Ui',
      )?.groups,
      [undefined, 'x'],
    );
  });
  it('refuse what has no known end', () => {
    assert.equal(
      parsePattern([{ kind: 'column', column: { name: 'x', type: 'datetime' } }, { kind: 'any' }], 'simple', ''),
      undefined,
    );
  });
});

describe('keys and values', () => {
  it('take the first appearance, quotes and escapes', () => {
    const found = keyValues(String.raw`a=1 b="x \"y\" z" a=2`, {
      pair_delimiter: ' ',
      kv_delimiter: '=',
      quote: '"',
      escape: '\\',
      keys: ['a', 'b'],
    });
    assert.deepEqual(
      [...found],
      [
        ['a', '1'],
        ['b', 'x "y" z'],
      ],
    );
  });
});
