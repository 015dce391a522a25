import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import type { KqlSchema } from '../../../src/kql/schema.ts';

const columns = [
  { name: 'x', type: 'long' },
  { name: 'k', type: 'string' },
  { name: 'bag', type: 'dynamic' },
  { name: 't', type: 'datetime' },
  { name: '_Workspace', type: 'string' },
] as const;
const schema: KqlSchema = {
  database: {
    name: 'ws',
    tables: ['A', 'B'].map((name) => ({ name, columns })),
    functions: [
      { name: 'RowWise', parameters: 'limit:long', body: 'A | where x > limit' },
      { name: 'Totals', parameters: '', body: 'A | summarize count() by k' },
    ],
  },
};

const SAME = [
  'A',
  'A | where x > 1 | extend y = x * 2 | project y, k',
  'A | mv-expand bag | where bag.a == 1',
  'A | mv-apply bag on (summarize s = sum(tolong(bag)))',
  'union A, B',
  'union (A | where x > 1), (B | project-away k)',
  'A | union B | render table',
  'let n = 5; A | where x > n',
  'let a = A | where x > 1; a | project x',
  'let f = (m:long) { A | where x > m }; f(3)',
  'let f = (v:long) { v * 2 }; A | extend y = f(x)',
  'let keys = datatable(k:string)["a"]; A | where k in (keys)',
  'let names = datatable(k:string, n:string)["a","b"]; A | lookup names on k',
  'let names = datatable(k:string, n:string)["a","b"]; A | join kind=inner (names) on k',
  'A | where k in ("a", "b")',
  'A | parse k with * "=" v',
  'A | where t > ago(1h) | as Recent',
  'A | extend r = rand()',
  'let a = materialize(A | where x > 1); union a, B',
  'search "error"',
  'A | where isnotempty(k) and k has_any ("x", "y")',
];
for (const query of SAME) {
  test(`row by row: ${query}`, () => {
    assert.deepEqual(analyzeQuery(query).perWorkspace, { same: true, constructs: [], sentence: '' });
    assert.deepEqual(analyzeQuery(query, schema).perWorkspace.constructs, []);
  });
}

const DIFFERS: readonly (readonly [query: string, ...constructs: string[]])[] = [
  ['A | summarize count() by k', 'summarize'],
  ['A | count', 'count'],
  ['A | distinct k', 'distinct'],
  ['A | top 5 by x', 'top'],
  ['A | take 5', 'take'],
  ['A | limit 5', 'limit'],
  ['A | sort by x', 'sort'],
  ['A | order by x asc', 'order'],
  ['A | join (B) on k', 'join'],
  ['A | lookup B on k', 'lookup'],
  ['A | sample 5', 'sample'],
  ['A | make-series s = count() on t from ago(1d) to now() step 1h', 'make-series'],
  ['A | serialize r = row_number()', 'serialize'],
  ['A | sort by t | extend p = prev(x)', 'sort', 'prev()'],
  ['A | evaluate bag_unpack(bag)', 'evaluate'],
  ['A | partition by k (take 1)', 'partition'],
  ['A | reduce by k', 'reduce'],
  ['A | getschema', 'getschema'],
  ['A | where x > toscalar(B | summarize max(x))', 'toscalar'],
  ['A | where k in ((B | project k))', 'subquery'],
  ['A | where k in (B)', 'subquery'],
  ['let m = toscalar(A | count); A | where x > m', 'toscalar'],
  ['let keys = B | project k; A | where k in (keys)', 'subquery'],
  ['let b = B; A | where k in (b)', 'subquery'],
  ['let f = () { A | summarize count() }; f()', 'summarize'],
  ['print 1', 'print'],
  ['range i from 1 to 3 step 1', 'range'],
  ['datatable(a:long)[1]', 'datatable'],
  ['union A, (print x = 1)', 'print'],
  ['let d = datatable(k:string)["a"]; A | where k in (d) | union d', 'datatable'],
  ['union (A | take 1), (B | summarize count())', 'take', 'summarize'],
  ['let names = datatable(k:string)["a"]; A | join (names) on k', 'join'],
  ['let names = datatable(k:string)["a"]; A | join kind=rightouter (names) on k', 'join'],
  ['workspace("x").A', 'workspace()'],
  ['A | fork (take 1) (count)', 'fork'],
  ['find "x"', 'find'],
  ['A | top-nested 3 of k by count()', 'top-nested'],
  ['A | scan with (step s: true;)', 'scan'],
  ['', 'no query'],
  ['let x = 1;', 'no query'],
];
for (const [query, ...constructs] of DIFFERS) {
  test(`differs: ${query}`, () => {
    for (const facts of [analyzeQuery(query), analyzeQuery(query, schema)]) {
      assert.equal(facts.perWorkspace.same, false);
      assert.deepEqual(
        facts.perWorkspace.constructs.map((c) => c.name),
        constructs,
      );
      assert.match(facts.perWorkspace.sentence, /own answer|no query/);
    }
  });
}

test('constructs stand at their place', () => {
  const query = '// totals\nA\n| where x > 1\n| summarize count() by k';
  const [construct] = analyzeQuery(query).perWorkspace.constructs;
  assert.equal(query.slice(construct?.start, construct?.end), 'summarize');
});

test('stored functions count by their bodies; unknown ones are doubted', () => {
  assert.equal(analyzeQuery('RowWise(3)', schema).perWorkspace.same, true);
  assert.deepEqual(
    analyzeQuery('Totals()', schema).perWorkspace.constructs.map((c) => c.name),
    ['summarize in Totals()'],
  );
  assert.equal(analyzeQuery('RowWise(3)').perWorkspace.same, false);
});

test('groups by workspace stay apart where workspace names are unique', () => {
  const query = 'A | summarize count() by _Workspace, k | where count_ > 1';
  assert.equal(analyzeQuery(query, schema).perWorkspace.same, false);
  assert.equal(analyzeQuery(query, schema, { workspaceNamesAreUnique: true }).perWorkspace.same, true);
  assert.equal(
    analyzeQuery(`A | extend _Workspace = "x" | summarize count() by _Workspace`, schema, {
      workspaceNamesAreUnique: true,
    }).perWorkspace.same,
    false,
  );
  assert.equal(
    analyzeQuery('A | summarize count() by k', schema, { workspaceNamesAreUnique: true }).perWorkspace.same,
    false,
  );
});

test('half-written queries are doubted, never thrown at', () => {
  for (const query of [
    'A |',
    'A | where',
    'A | where (',
    '| take 5',
    'let',
    'let f = (',
    'union',
    'A | join (',
    ')))',
    '"',
    '```',
    'A | wher x',
  ]) {
    assert.equal(typeof analyzeQuery(query).perWorkspace.same, 'boolean', query);
  }
  for (const query of ['A | wher x', '| take 5', 'A |'])
    assert.equal(analyzeQuery(query).perWorkspace.same, false, query);
});
