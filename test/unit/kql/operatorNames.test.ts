import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { PlanAcross } from '../../../src/core/runs/across/acrossWorld.ts';
import { loadPlanner } from '../../../src/core/runs/across/planner.ts';
import { noteOfChoice } from '../../../src/core/runs/perWorkspaceNote.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';

const T = 'let T = datatable (a: long, t: datetime, d: dynamic) [1, datetime(2024-01-01), dynamic(["x"])];';
const COLUMNS = [
  { name: 'a', type: 'long' },
  { name: 't', type: 'datetime' },
  { name: 'd', type: 'dynamic' },
] as const;
const EMPTY = { name: 'one', tables: [], functions: [] };
/** How the parser calls the parts of its tree; KQL has no word like it. */
const CLASS_NAME =
  /\b[A-Z]\w*(?:Operator|Expression|Statement|Reference|Clause|Declaration|Parameter|Literal|Symbol)\b/;

/** A pipe's operators, each with what follows its name. */
const AFTER_A_PIPE = [
  'as x',
  'assert-schema (a: long)',
  'consume',
  'count',
  'distinct a',
  'evaluate bag_unpack(d)',
  'evaluate nonsense(d)',
  'execute-and-cache',
  'extend b = a',
  'facet by a',
  'fork (count) (take 1)',
  'getschema kind=csl',
  'getschema',
  'graph-mark-components',
  'graph-match (n)-[e]->(m) project n.a',
  'graph-merge T on a',
  'graph-shortest-paths (n)-[e*1..5]->(m) project n.a',
  'graph-to-table nodes',
  'invoke f()',
  'join (T) on a',
  'limit 1',
  'lookup (T) on a',
  'macro-expand G as S (S.T)',
  'make-graph a --> t',
  'make-series count() on t step 1h',
  'mv-apply d on (top 1 by tolong(d))',
  'mv-expand d',
  'order by a',
  'parse d with * "x" y',
  'parse-kv d as (k: string)',
  'parse-where d with * "x" y',
  'partition by a (take 1)',
  '__partitionby a (take 1)',
  'project a',
  'project-away a',
  'project-by-names "a"',
  'project-keep a',
  'project-rename b = a',
  'project-reorder t',
  'reduce by a',
  'render timechart',
  'sample 1',
  'sample-distinct 1 of a',
  'scan with (step s: true;)',
  'search "x"',
  'serialize',
  'sort by a',
  'summarize count() by a',
  'take 1',
  'top 1 by a',
  'top-hitters 1 of a',
  'top-nested 1 of a by count()',
  'union T',
  'where a > 1',
  'where a like "x"',
  'where a in ((T | project a))',
  'extend x = toscalar(T | count)',
  'extend x = dynamic(now())',
  'extend x = *',
  'extend x = (a, t)',
  'project-smart a',
  'nonsense a',
];
const SOURCES = [
  'print 1',
  'print long(abc)',
  'print decimal(abc)',
  'print real(x)',
  'print int(99999999999)',
  'range x from 1 to 3 step 1',
  'datatable (x: long) [1]',
  'externaldata (x: string) ["https://x.invalid/y"]',
  'find in (T) where a == 1',
  'union *',
  'search "x"',
  'evaluate nonsense()',
  'macro-expand G as S (S.T)',
  'materialize(T)',
  'workspace("x").T',
  'entity_group [database("x")]',
  '5',
  '"a text"',
  '-a',
  'let f = (x: long) { x }; f(1)',
  'count',
];
const QUERIES = [...SOURCES, ...AFTER_A_PIPE.map((operator) => `T | ${operator}`)];
/** The same with a comment before every operator: the parser counts it to what follows. */
const COMMENTED = QUERIES.map((query) => `// first\n// second\n${query.replace('| ', '\n| // why\n')}`);

let planner: PlanAcross;
before(async () => {
  planner = await loadPlanner();
});
/** What is said of each workspace's own answer. */
function notesOf(query: string): string[] {
  const { sentence, constructs } = noteOfChoice(query, [{ tables: [{ name: 'T', columns: COLUMNS }] }], planner, {
    now: 0n,
  });
  return [sentence, ...constructs];
}

describe('names of operators in what is said of a query', () => {
  it('are the words of KQL, wherever comments stand', () => {
    for (const query of [...QUERIES, ...COMMENTED]) {
      for (const { message } of analyzeQuery(query).errors) assert.doesNotMatch(message, CLASS_NAME, query);
      for (const text of notesOf(query)) assert.doesNotMatch(text, CLASS_NAME, query);
    }
    assert.match(notesOf('// all of it\nrange x from 1 to 3 step 1')[0]!, /: range gives its rows/);
  });

  it('read the properties of render behind a comment', () => {
    assert.deepEqual(
      analyzeQuery('T | render // why\n timechart with (title="a" , ycolumns=b, c)').render?.visualization,
      'timechart',
    );
  });
});

describe('what the engine refuses', () => {
  let engine: LocalEngine;
  before(async () => {
    engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
  });
  after(() => engine.close());

  it('is named as KQL writes it', async () => {
    let refused = 0;
    for (const query of [...QUERIES, ...COMMENTED]) {
      const message = await engine.query(`${T}\n${query}`, { database: EMPTY }).then(
        () => '',
        (error: unknown) => (error as Error).message,
      );
      if (message) refused++;
      assert.doesNotMatch(message, CLASS_NAME, query);
    }
    assert.ok(refused > 20, `${refused} refused`);
    await assert.rejects(
      engine.query(`${T} T | // why\n make-graph a --> t`, { database: EMPTY }),
      /The operator `make-graph` is not supported/,
    );
  });
});
