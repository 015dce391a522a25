import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import type { KqlSchema } from '../../../src/kql/schema.ts';

const schema: KqlSchema = {
  database: {
    name: 'ws',
    tables: [
      {
        name: 'Heartbeat',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Computer', type: 'string' },
        ],
      },
      {
        name: 'Perf',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'CounterValue', type: 'real' },
          { name: 'Bag', type: 'dynamic' },
        ],
      },
    ],
    functions: [
      {
        name: 'Silent',
        parameters: 'age:timespan=1h',
        body: 'Heartbeat | summarize Last = max(TimeGenerated) by Computer | where Last < ago(age)',
      },
    ],
  },
};

test('tables in order, those inside functions too', () => {
  assert.deepEqual(
    analyzeQuery(
      'let p = Perf | take 1; Silent(2h) | join kind=inner (p) on $left.Last == $right.TimeGenerated',
      schema,
    ).tables,
    ['Perf', 'Heartbeat'],
  );
  assert.deepEqual(
    analyzeQuery('let p = Perf | take 1; union p, (Event | take 1), Syslog | join (Heartbeat) on Computer').tables,
    ['Perf', 'Event', 'Syslog', 'Heartbeat'],
  );
  assert.deepEqual(analyzeQuery('let t = Perf; let f = (a:long) { let b = a; t | take b }; f(1)').tables, ['Perf']);
});

test('columns of the answer where they can be known', () => {
  assert.deepEqual(
    analyzeQuery('Heartbeat | summarize count(), dcount(Computer) by bin(TimeGenerated, 1h)', schema).columns,
    [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'count_', type: 'long' },
      { name: 'dcount_Computer', type: 'long' },
    ],
  );
  assert.equal(analyzeQuery('Perf | evaluate bag_unpack(Bag)', schema).columns, undefined);
  assert.equal(analyzeQuery('Heartbeat | where Nope == 1', schema).columns, undefined);
  assert.equal(analyzeQuery('Heartbeat').columns, undefined);
});

test("errors are Microsoft's, with their place", () => {
  const [error] = analyzeQuery('Heartbeat\n| where Nope == 1', schema).errors;
  assert.equal(error?.code, 'KS142');
  assert.deepEqual([error?.start, error?.length, error?.line, error?.column], [18, 4, 2, 9]);
  assert.deepEqual(analyzeQuery('Heartbeat | where Nope == 1').errors, []);
  assert.ok(analyzeQuery('Heartbeat | where (').errors.length > 0);
});

test('empty is blanks and comments', () => {
  for (const text of ['', ' \r\n', '// @scope all\n', '// a\n\n  // b'])
    assert.deepEqual([analyzeQuery(text).empty, analyzeQuery(text).errors.length], [true, 0], JSON.stringify(text));
  assert.equal(analyzeQuery('// a\nHeartbeat').empty, false);
  assert.equal(analyzeQuery('a'.repeat(10)).length, 10);
});

test('render in the words of the query API', () => {
  assert.deepEqual(
    analyzeQuery(
      'Perf | render timechart with (title="Load by day", ycolumns=CounterValue, Other, series=Computer, ymin=0, ysplit=panels, accumulate=true, kind=stacked)',
    ).render,
    {
      visualization: 'timechart',
      title: 'Load by day',
      yColumns: ['CounterValue', 'Other'],
      series: ['Computer'],
      yMin: 0,
      ySplit: 'panels',
      accumulate: true,
      kind: 'stacked',
    },
  );
  assert.equal(analyzeQuery('Perf | where CounterName == "render timechart"').render, undefined);
});

test('statements and reach', () => {
  assert.deepEqual(
    analyzeQuery('set query_now=datetime(2024-01-01); let n = 5; Perf | take n').statements.map((s) => s.kind),
    ['set', 'let', 'query'],
  );
  for (const [query, names] of [
    ['workspace("x").Heartbeat', ['workspace']],
    ['union Heartbeat, (["workspace"]("x").Heartbeat), app ("y").requests', ['workspace', 'app']],
    ['let T = () { database("x").T }; T', ['database']],
    ['externaldata (a: string) ["https://a.example/x?rows"]', ['externaldata']],
    ['print 1 | extend a = toscalar(external_data(b: string) ["https://a.example"])', ['externaldata']],
    ['external_table("x") | take 1', ['external_table']],
    ['evaluate http_request("https://a.example")', ['http_request']],
    ['arg("").Resources | join adx("c/d").T on id', ['arg', 'adx']],
    ['fabric("x").T', ['fabric']],
    ['graph("x")', ['graph']],
    ['stored_query_result("x")', ['stored_query_result']],
    ['T | evaluate R("x")', ['R']],
    ['T | evaluate python(typeof(*), "x")', ['python']],
    ['let f = () { let graph = (a: string) { T }; graph("x") }; f | evaluate bag_unpack(b)', []],
    ['let f = () { let graph = (a: string) { T }; T }; f | union (graph("x"))', ['graph']],
    ['Heartbeat // workspace("x")', []],
    ['Heartbeat | where Computer == "workspace(x)" and resource == 1', []],
  ] as const)
    assert.deepEqual(analyzeQuery(query).reachesOut, names, query);
  for (const [query, names] of [
    ['WORKSPACE("x").T | union workspaces("y").T, Stored(1)', ['WORKSPACE', 'workspaces', 'Stored']],
    ['let f = (x: long) { let g = () { x }; g() }; T | extend n = f(1), s = strcat("a", "b"), k = g()', ['g']],
    ['declare pattern p = (a: string)[b: string] { ("x").["y"] = { T }; }; p("x").y | invoke q()', ['q']],
    ['T | summarize make_list(a), dcount(b) | mv-expand c = range(1, 2) | where isnotempty(toscalar(T))', []],
  ] as const)
    assert.deepEqual(analyzeQuery(query).unknownCalls, names, query);
});

test('whether the rows come in an order the query asked for', () => {
  for (const query of [
    'T | sort by a',
    'T | order by a asc | project a, b | render barchart',
    'T | top 5 by a | extend c = 1',
    'let x = T; (x | sort by a | take 3)',
  ])
    assert.equal(analyzeQuery(query).sorted, true, query);
  for (const query of [
    'T',
    'T | sort by a | summarize count() by a',
    'T | summarize count() by a | render barchart',
    'T | sort by a; T | count',
    '',
  ])
    assert.equal(analyzeQuery(query).sorted, false, query);
});
