import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acrossSchema } from '../../../src/kql/across/acrossSchema.ts';
import { planAcross } from '../../../src/kql/across/planAcross.ts';

const columns = [
  { name: 'x', type: 'long' },
  { name: 'k', type: 'string' },
  { name: 'bag', type: 'dynamic' },
  { name: 't', type: 'datetime' },
] as const;
const schema = acrossSchema([
  {
    tables: ['A', 'B'].map((name) => ({ name, columns })),
    functions: [{ name: 'Totals', parameters: '', body: 'A | where x > 1 | summarize count() by k' }],
  },
]);
const apart = (query: string): readonly string[] => planAcross(query, schema, { now: 0n }).apart;

const NOTHING = [
  'A | where x > 1 | extend y = x * 2 | project y, k',
  'let f = (m: long) { A | where x > m }; f(3)',
  'let keys = datatable(k: string)["a"]; A | where k in (keys)',
  'let names = datatable(k: string, n: string)["a", "b"]; A | lookup names on k',
  'let names = datatable(k: string, n: string)["a", "b"]; A | join kind=inner (names) on k',
  'A | extend m = toscalar(print 5)',
  'A | project-rename y = x',
];

const SOMETHING: readonly (readonly [query: string, ...constructs: string[]])[] = [
  ['A | summarize count() by k', 'summarize'],
  ['A | count', 'count'],
  ['A | // why\n count', 'count'],
  ['A | distinct k', 'distinct'],
  ['A | top 5 by x', 'top'],
  ['A | take 5', 'take'],
  ['A | limit 5', 'limit'],
  ['A | sort by x', 'sort'],
  ['A | order by x asc', 'order'],
  ['A | join (B) on k', 'join'],
  ['A | lookup B on k', 'lookup'],
  ['let names = datatable(k: string)["a"]; A | join kind=rightouter (names) on k', 'join'],
  ['A | sample 5', 'sample'],
  ['A | make-series s = count() on t from ago(1d) to now() step 1h', 'make-series'],
  ['A | serialize r = row_number()', 'serialize', 'row_number()'],
  ['A | sort by t | extend p = prev(x)', 'sort', 'prev()'],
  ['A | partition by k (take 1)', 'partition'],
  ['A | reduce by k', 'reduce'],
  ['A | getschema', 'getschema'],
  ['A | scan with (step s: true;)', 'scan'],
  ['A | top-nested 3 of k by count()', 'top-nested'],
  ['A | evaluate ipv4_lookup(B, k, k)', 'evaluate'],
  ['A | where x > toscalar(B | summarize max(x))', 'toscalar'],
  ['A | where k in ((B | project k))', 'subquery'],
  ['let m = toscalar(A | count); A | where x > m | summarize count() by k', 'toscalar', 'summarize'],
  ['let f = () { A | summarize count() }; f()', 'summarize'],
  ['Totals', 'summarize'],
  ['print 1', 'print'],
  ['range i from 1 to 3 step 1', 'range'],
  ['datatable(a: long)[1]', 'datatable'],
  ['union A, (print x = 1)', 'print'],
  ['union (A | take 1), (B | summarize count())', 'take', 'summarize'],
];

describe('what sets each workspace’s own answer apart from the one over all', () => {
  for (const query of NOTHING) it(`nothing: ${query}`, () => assert.deepEqual(apart(query), []));
  for (const [query, ...constructs] of SOMETHING) it(query, () => assert.deepEqual(apart(query), constructs));
});
