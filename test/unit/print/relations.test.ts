import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import type { Expr, Rel } from '../../../src/kql/plan.ts';
import { printPlan, printQuery } from '../../../src/kql/print/printQuery.ts';
import { planOf, printedText, WORKSPACE } from '../../harness/printedText.ts';

const place = { start: 0, length: 0 };
/** A query over T as it is printed, line by line. */
function lines(query: string): string[] {
  return printedText(query).split('\n');
}
function table(name: string): Rel {
  const found = WORKSPACE.tables.find((t) => t.name === name)!;
  return { kind: 'table', database: WORKSPACE, table: found, columns: found.columns, place };
}
function column(rel: Rel, name: string): Expr {
  return { kind: 'column', ...rel.columns.find((c) => c.name === name)! };
}

describe('columns', () => {
  it('are added, left out and renamed by the shortest operator that says it', () => {
    assert.deepEqual(lines('T | project a, b, c, t, x = a + 1'), ['T', '| extend x = a + 1']);
    assert.deepEqual(lines('T | extend b = strcat(b, "!")'), ['T', '| extend b = strcat(b, "!")']);
    assert.deepEqual(lines('T | project-away c, t'), ['T', '| project a, b']);
    const wide = 'T | extend d = 1, e = 2, f = 3, g = 4, h = 5';
    assert.equal(lines(`${wide} | project-away c`).at(-1), '| project-away c');
    assert.deepEqual(lines('T | project-rename z = b'), ['T', '| project-rename z = b']);
    assert.deepEqual(lines('T | project b, a'), ['T', '| project b, a']);
    assert.deepEqual(lines('T | project-reorder a, b'), ['T']);
  });
  it('of one call are named all together', () => {
    assert.deepEqual(lines('T | project a, c | extend (s, p) = series_periods_detect(c, 1.0, 2.0, 2)'), [
      'T',
      '| project a, c',
      '| extend (s, p) = series_periods_detect(c, 1.0, 2.0, 2)',
    ]);
    assert.match(
      printedText('T | project series_stats(c), b'),
      /\(series_stats_c_min, .*\) = series_stats\(c\),\s+b$/s,
    );
    assert.deepEqual(lines('T | extend x = series_stats(c) | project y = x + 1'), [
      'T',
      '| extend x = series_stats(c)',
      '| project y = x + 1',
    ]);
  });
  it('of print have their names', () => {
    assert.deepEqual(lines('print 1, x = "a"'), ['print print_0 = 1, x = "a"']);
  });
});

describe('rows', () => {
  it('of a datatable are written in the types of its columns', () => {
    assert.deepEqual(
      lines(
        'datatable(n:int, r:real, s:string, d:datetime)[-1, 2, "x", datetime(2024-01-01), int(null), real(nan), "", "2024-05-06"]',
      ),
      [
        'datatable(n:int, r:real, s:string, d:datetime)',
        '[',
        '    -1, 2, "x", datetime(2024-01-01),',
        '    int(null), real(nan), "", "2024-05-06"',
        ']',
      ],
    );
  });
  it('are sorted and taken as said, nulls too', () => {
    assert.deepEqual(lines('T | sort by a, b asc, strlen(b) asc nulls last'), [
      'T',
      '| sort by a desc, b asc, strlen(b) asc nulls last',
    ]);
    assert.deepEqual(lines('T | top 5 by a asc nulls last | take 2'), ['T', '| top 5 by a asc nulls last', '| take 2']);
    const input = table('T');
    const keys = ['a', 'b'].map((name) => ({ expr: column(input, name), desc: true, nullsFirst: false }));
    const count: Expr = { kind: 'literal', type: 'long', value: 3n };
    assert.equal(
      printQuery({ kind: 'take', input, count, keys, columns: input.columns, place }),
      'T\n| sort by a desc, b desc\n| take 3',
    );
  });
  it('are told apart by columns or by all of them', () => {
    assert.deepEqual(lines('T | distinct b, a'), ['T', '| distinct b, a']);
    assert.deepEqual(lines('T | distinct n = strlen(b)'), ['T', '| project n = strlen(b)', '| distinct *']);
  });
  it('are drawn, numbered, kept in order', () => {
    assert.deepEqual(lines('range x from 1 to 9 step 2 | serialize n = row_number() | sample 3'), [
      'range x from 1 to 9 step 2',
      '| serialize',
      '| extend n = row_number()',
      '| sample 3',
    ]);
  });
});

describe('summaries', () => {
  it('name what they count, and leave names that stay', () => {
    assert.deepEqual(lines('T | summarize count(), round(avg(a), 2) by b, bin(t, 1h)'), [
      'T',
      '| summarize count_ = count(), avg_a = round(avg(a), 2) by b, t = bin(t, 1h)',
    ]);
    assert.deepEqual(lines('T | count'), ['T', '| count']);
    assert.deepEqual(lines('T | summarize by b'), ['T', '| summarize by b']);
    assert.deepEqual(lines('T | summarize arg_max(t, a), take_any(b)'), [
      'T',
      '| summarize arg_max(t, a), b = take_any(b)',
    ]);
    assert.deepEqual(lines('T | summarize m = arg_max(t, *) by a'), ['T', '| summarize m = arg_max(t, b, c) by a']);
    assert.deepEqual(lines('T | summarize (p, q) = percentiles(a, 50, 95)'), [
      'T',
      '| summarize (p, q) = percentiles(a, 50, 95)',
    ]);
    assert.deepEqual(lines('T | summarize argmax(t, b)'), ['T', '| summarize (max_t, max_t_b) = arg_max(t, b)']);
  });
  it('over time and in levels stand line by line', () => {
    assert.deepEqual(lines('T | make-series n = count() default=0, avg(a) on t from ago(1d) to now() step 1h by b'), [
      'T',
      '| make-series n = count() default=0, avg_a = avg(a)',
      '    on t from ago(1d) to now() step 1h by b',
    ]);
    assert.deepEqual(lines('T | top-nested 2 of b with others="rest" by sum(a), top-nested of a by n = count() asc'), [
      'T',
      '| top-nested 2 of b with others = "rest" by aggregated_b = sum(a) desc,',
      '  top-nested of a by n = count() asc',
    ]);
  });
});

describe('joins', () => {
  it('keep their names where these are what they become by themselves', () => {
    assert.deepEqual(lines('T | join (U) on a'), ['T', '| join kind=innerunique (U) on a']);
    assert.deepEqual(lines('T | lookup (U | project a, d) on a'), [
      'T',
      '| lookup kind=leftouter (U | project a, d) on a',
    ]);
    assert.deepEqual(lines('T | join kind=leftanti (U) on $left.b == $right.d'), [
      'T',
      '| join kind=leftanti (U) on $left.b == $right.d',
    ]);
  });
  it('have columns of the right renamed first, where a number would go another way', () => {
    const plan = planOf('T | extend a1 = 1 | join kind=inner (U) on a');
    const names = plan.results[0]!.rel.columns.map((c) => c.name);
    assert.deepEqual(names, ['a', 'b', 'c', 't', 'a1', 'a2', 'b1', 'd']);
    const text = printPlan(plan);
    assert.deepEqual(text.split('\n').slice(2), [
      '| join kind=inner (U | project-rename a2 = a, b1 = b) on $left.a == $right.a2',
    ]);
    assert.deepEqual(planOf(text).results[0]!.rel.columns, plan.results[0]!.rel.columns);
  });
  it('give the columns of the plan where it has left some out', () => {
    const [left, right] = [table('T'), table('U')];
    const join: Rel = {
      kind: 'join',
      left,
      right,
      flavor: 'inner',
      on: [[column(left, 'a'), column(right, 'a')]],
      lookup: false,
      rightColumns: right.columns.slice(1),
      columns: [...left.columns, { name: 'other', type: 'real' }, { name: 'd', type: 'string' }],
      place,
    };
    const text = printQuery(join);
    assert.deepEqual(planOf(text).results[0]!.rel.columns, join.columns);
    assert.deepEqual(text.split('\n'), [
      'T',
      '| join kind=inner (U | project-rename key_1 = a, other = b) on $left.a == $right.key_1',
      '| project a, b, c, t, other, d',
    ]);
  });
});

describe('unions', () => {
  it('have legs with the names and types of the answer, so that nothing is split', () => {
    assert.deepEqual(lines('union T, U'), [
      'union (T | project-rename b_string = b), (U | project-rename b_real = b)',
      '| project a, b_string, b_real, c, t, d',
    ]);
  });
  it('say where a row comes from by a text, not by how the service calls a leg', () => {
    assert.deepEqual(lines('union withsource=from_ (T | project a), (U | project a)'), [
      'union (T | project a | extend from_ = "union_arg0"), (U | project a | extend from_ = "union_arg1")',
      '| project from_, a',
    ]);
  });
  it('leave out an order of columns nobody asks for', () => {
    assert.deepEqual(lines('union T, U | summarize n = count() by a'), [
      'union (T | project-rename b_string = b), (U | project-rename b_real = b)',
      '| summarize n = count() by a',
    ]);
    assert.deepEqual(lines('union (T | project a, t), (U | project a, d) | where a > 1 | project d, a'), [
      'union (T | project a, t), (U | project a, d)',
      '| where a > 1',
      '| project d, a',
    ]);
  });
  it('keep the order of columns through one another', () => {
    assert.deepEqual(lines('union (union withsource=s (T | project a), (U | project a)), (U | project s = d, a)'), [
      'union',
      '    (',
      '        union (T | project a | extend s = "union_arg0"), (U | project a | extend s = "union_arg1")',
      '        | project s, a',
      '    ),',
      '    (U | project s = d, a)',
    ]);
  });
  it('of nothing are a table without rows', () => {
    const rel: Rel = { kind: 'union', inputs: [], columns: table('U').columns, place };
    assert.equal(printQuery(rel), 'datatable(a:long, b:real, d:string)[]');
  });
});

describe('subqueries', () => {
  it('are blocks without a source', () => {
    assert.deepEqual(
      lines(
        'T | mv-apply with_itemindex=i x = c.list to typeof(long) limit 5 on (where x > i | summarize n = count())',
      ),
      [
        'T',
        '| mv-apply with_itemindex=i x = c.list to typeof(long) limit 5 on (',
        '    where x > i',
        '    | summarize n = count()',
        ')',
      ],
    );
    assert.deepEqual(lines('T | partition hint.strategy=native by b (top 1 by a)'), [
      'T',
      '| partition hint.strategy=native by b (',
      '    top 1 by a desc',
      ')',
    ]);
  });
  it('name their rows where these stand in an expression', () => {
    assert.deepEqual(lines('T | partition by b (as P | where a == toscalar(P | summarize max(a)))'), [
      'T',
      '| partition hint.strategy=legacy by b (',
      '    as rows_1',
      '    | where a == toscalar(rows_1 | summarize max_a = max(a))',
      ')',
    ]);
  });
  it('used more than once are evaluated once, under names nobody has', () => {
    assert.deepEqual(
      lines(
        'let s = T | where a > 1; let shared_1 = U; s | join kind=inner (s | project a) on a | extend shared_1 = 5',
      ),
      [
        'let shared_2 = materialize(',
        '    T',
        '    | where a > 1',
        ');',
        'shared_2',
        '| join kind=inner (shared_2 | project a) on a',
        '| extend shared_1 = 5',
      ],
    );
  });
});

describe('parts of texts and values', () => {
  it('are parsed and expanded as said', () => {
    assert.deepEqual(lines('T | parse kind=regex flags=Ui b with * @"\\d" x:long "z" y'), [
      'T',
      '| parse kind=regex flags=Ui b with * @"\\d" x:long "z" y',
    ]);
    assert.deepEqual(lines("T | parse-kv b as (x:string, n:long) with (pair_delimiter=';', quote='\"', greedy=true)"), [
      'T',
      '| parse-kv b as (x:string, n:long) with (pair_delimiter=";", quote="\\"", greedy=true)',
    ]);
    assert.deepEqual(lines('T | mv-expand kind=array with_itemindex=i c to typeof(string), y = c.z limit 9'), [
      'T',
      '| mv-expand kind=array with_itemindex=i c to typeof(string), y = c.z limit 9',
    ]);
  });
  it('of bags become columns by a project, those of pivot by its schema', () => {
    assert.deepEqual(lines('T | project a, c | evaluate bag_unpack(c) : (*, x:long, y:string)'), [
      'T',
      '| project a, c',
      '| project a, x = tolong(c.x), y = tostring(c.y)',
    ]);
    assert.deepEqual(lines("T | evaluate pivot(b, count(), a) : (a:long, ['x y']:long)"), [
      'T',
      "| evaluate pivot(b, count(), a) : (a:long, ['x y']:long)",
    ]);
  });
  it('are matched step by step', () => {
    assert.deepEqual(
      lines(
        'T | sort by t asc | scan with_match_id=m declare (n:long = 1, s:string) with (step one output=last: a > 0 => n = one.n + 1; step two: b == one.s;)',
      ),
      [
        'T',
        '| sort by t asc',
        '| scan with_match_id=m declare (n:long = 1, s:string) with (',
        '    step one output=last: a > 0 => n = one.n + 1;',
        '    step two: b == one.s;',
        ')',
      ],
    );
  });
});

describe('a plan', () => {
  it('ends with what is drawn', () => {
    assert.deepEqual(lines('T | render timechart with (title="a \\"b\\"", ycolumns=a, ymin=0, accumulate=true)'), [
      'T',
      '| render timechart with (title="a \\"b\\"", ycolumns=a, ymin=0, accumulate=true)',
    ]);
  });
  it('of several statements is several statements', () => {
    assert.deepEqual(lines('let s = materialize(T | where a > 1); s | count; s | take 1'), [
      'let shared_1 = materialize(',
      '    T',
      '    | where a > 1',
      ');',
      'shared_1',
      '| count;',
      'shared_1',
      '| take 1',
    ]);
  });
  it('is refused by name where it has no text', () => {
    const refused = (run: () => unknown, construct: RegExp): void => {
      assert.throws(
        run,
        (e) => e instanceof AppError && e.code === 'query.unsupported' && construct.test(String(e.data?.construct)),
      );
    };
    refused(() => printedText('T | fork (count) (take 1)'), /fork/);
    const other = { ...WORKSPACE, name: 'another' };
    const rel: Rel = { ...table('T'), database: other } as Rel;
    const union: Rel = {
      kind: 'union',
      inputs: [table('T'), rel].map((leg) => ({ rel: leg, name: '', target: [0, 1, 2, 3] })),
      columns: rel.columns,
      place,
    };
    refused(() => printQuery(union), /another workspace/);
  });
  it('has tables as they are told', () => {
    const [result] = planOf('T | where a > 1').results;
    assert.equal(
      printQuery(result!.rel, { table: ({ table: own }) => `workspace("w").${own.name}` }),
      'workspace("w").T\n| where a > 1',
    );
    const [left] = [table('T')];
    assert.equal(printQuery({ ...left, columns: left.columns.slice(0, 2) } as Rel), 'T\n| project a, b');
  });
});
