import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { bindQuery } from '../../../src/kql/bind/query.ts';
import { queryText } from '../../../src/kql/bind/queryText.ts';
import { columnsOf } from '../../../src/kql/kusto.ts';
import { analyze, diagnosticsOf } from '../../../src/kql/kustoAnalysis.ts';
import { globalsFor } from '../../../src/kql/kustoGlobals.ts';
import type { SchemaDatabase } from '../../../src/kql/schema.ts';

const database: SchemaDatabase = {
  name: 'one',
  tables: [
    {
      name: 'T',
      columns: [
        { name: 'a', type: 'long' },
        { name: 'b', type: 'string' },
        { name: 'd', type: 'dynamic' },
      ],
    },
  ],
  functions: [{ name: 'Big', parameters: 'least:long=5', body: 'T | where a > least' }],
};
const other: SchemaDatabase = { name: 'two', tables: [{ name: 'T', columns: [{ name: 'elsewhere', type: 'long' }] }] };
const resolve = (_kind: string, name: string): SchemaDatabase | undefined => (name === 'two' ? other : undefined);
const bind = (text: string) => bindQuery(queryText(text), { database, resolve });
function failure(text: string): AppError {
  try {
    bind(text);
  } catch (error) {
    assert.ok(error instanceof AppError);
    return error;
  }
  throw new assert.AssertionError({ message: `bound: ${text}` });
}

describe("the door to Microsoft's parser", () => {
  it('gives result columns, and diagnostics with line and column', () => {
    const code = analyze('T\n| where zz > 1', globalsFor({ database }));
    assert.deepEqual(
      columnsOf(code.ResultType).map((c) => c.name),
      ['a', 'b', 'd'],
    );
    const [diagnostic] = diagnosticsOf(code);
    assert.deepEqual([diagnostic?.code, diagnostic?.line, diagnostic?.column, diagnostic?.length], ['KS142', 2, 9, 2]);
  });
  it('never lets the generated code throw through', () => {
    for (const text of ['', '|', 'let', 'T | join', '((((', 'print "', 'T | summarize by', '\u0000'])
      assert.doesNotThrow(() => diagnosticsOf(analyze(text, globalsFor({ database }))));
  });
});

describe('binding', () => {
  it("keeps Microsoft's text and place for errors, syntax apart from semantics", () => {
    const semantic = failure('T | where nope == 1');
    assert.equal(semantic.code, 'query.semantic');
    assert.equal(semantic.message, "The name 'nope' does not refer to any known column, table, variable or function.");
    assert.deepEqual(
      { ...semantic.data },
      { line: 1, column: 11, start: 10, length: 4, kqlCode: 'KS142', token: 'nope' },
    );
    assert.equal(failure('T | where a >').code, 'query.syntax');
  });
  it('names a construct it does not do, and its place', () => {
    const error = failure('T | make-graph a --> a');
    assert.deepEqual(
      [error.code, error.data?.construct, error.data?.start],
      ['query.unsupported', 'The operator `make-graph`', 4],
    );
  });
  it('inlines stored functions, and binds other workspaces by name', () => {
    assert.equal(bind('Big(7) | take 3').results[0]?.rel.kind, 'take');
    assert.deepEqual(bind('workspace("two").T').results[0]?.rel.columns, [{ name: 'elsewhere', type: 'long' }]);
    assert.match(failure('workspace("three").T').message, /of which there is no local data/);
  });
  it('does not mind an unused let it could not run', () => {
    assert.doesNotThrow(() => bind("let far = externaldata(x:string)['https://example.org/x.csv']; T | count"));
  });
  it('passes render through', () => {
    assert.deepEqual(bind('T | summarize count() by b | render columnchart with (title="Who", kind=stacked)').render, {
      visualization: 'columnchart',
      title: 'Who',
      kind: 'stacked',
    });
  });
});

describe('ingestion_time()', () => {
  const columns = [
    { name: 'At', type: 'datetime' as const },
    { name: 'n', type: 'long' as const },
  ];
  const condition = (ingestionTime?: string): unknown => {
    const told = { name: 'one', tables: [{ name: 'T', columns }], ...(ingestionTime ? { ingestionTime } : {}) };
    const { rel } = bindQuery(queryText('T | where ingestion_time() > datetime(2026-01-01)'), { database: told })
      .results[0]!;
    return rel.kind === 'filter' && rel.condition.kind === 'call' ? rel.condition.args[0] : undefined;
  };
  it('is the column that the data says, and null where it says none or has not got it', () => {
    assert.deepEqual(condition('At'), { kind: 'column', name: 'At', type: 'datetime' });
    for (const none of [undefined, 'n', 'elsewhere'])
      assert.deepEqual(condition(none), { kind: 'literal', type: 'datetime', value: null });
  });
});
