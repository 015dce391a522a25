// What an across answer costs beside what it replaces: rows that travel and time, against collecting everybody's rows;
// planning, against Microsoft's own analysis of the same text; the local part, against SQL written by hand.
import { openEngine } from '../src/engine/openEngine.ts';
import type { LocalEngine } from '../src/engine/face.ts';
import { acrossSchema } from '../src/kql/across/acrossSchema.ts';
import { planAcross } from '../src/kql/across/planAcross.ts';
import { remoteQuery } from '../src/kql/across/remoteQuery.ts';
import { analyze } from '../src/kql/kustoAnalysis.ts';
import { globalsFor } from '../src/kql/kustoGlobals.ts';
import type { Cell, Column } from '../src/model/kqlType.ts';
import { ticksOfMs } from '../src/model/values/ticks.ts';
import { askAcross, makeWorld } from '../test/harness/acrossWorld.ts';
import type { AcrossWorld } from '../test/harness/acrossWorld.ts';
import type { Measurement } from './main.ts';

const WORKSPACES = 40;
const ROWS = 100_000;
const NOW = ticksOfMs(Date.UTC(2026, 0, 2));
const COLUMNS: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'EventID', type: 'long' },
  { name: 'Bytes', type: 'real' },
  { name: 'Message', type: 'string' },
];
const QUERIES = [
  'Event | summarize n = count(), total = sum(Bytes), most = max(TimeGenerated) by Computer',
  'Event | where EventID < 30 | summarize n = count() by EventID, bin(TimeGenerated, 1d)',
  'Event | summarize avg(Bytes), min(Bytes), stdev(Bytes) by Computer',
] as const;

/** Measures the bars of across answers. */
export async function benchAcross(): Promise<readonly Measurement[]> {
  const engine = await openEngine({ memoryLimitMb: 2048 });
  try {
    const world = await makeWorld(engine, someWorkspaces());
    return [...(await travels(world)), planning(world), ...(await local(engine))];
  } finally {
    await engine.close();
  }
}

function* someRows(workspace: number, count: number): Generator<Cell[]> {
  const day = Date.UTC(2026, 0, 1);
  for (let i = 0; i < count; i++)
    yield [
      new Date(day + ((i * 7919) % 86_400) * 1000).toISOString(),
      `host-${(i + workspace) % 60}`,
      (i * 31) % 97,
      ((i * 17) % 1000) / 4,
      `event ${i % 50} of a computer that says what happened`,
    ];
}
function someWorkspaces(): Parameters<typeof makeWorld>[1] {
  return Array.from({ length: WORKSPACES }, (_, w) => ({
    attribution: [`Customer ${w}`, `Tenant ${w}`, `workspace-${w}`] as const,
    tables: [{ name: 'Event', columns: COLUMNS, rows: [...someRows(w, ROWS)] }],
  }));
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const began = performance.now();
  const made = await work();
  return [made, performance.now() - began];
}

/** Partial aggregates against the rows they are made of. */
async function travels(world: AcrossWorld): Promise<Measurement[]> {
  let [travelled, took] = [0, 0];
  for (const query of QUERIES) {
    const [answer, ms] = await timed(() => askAcross(world, query, NOW));
    travelled += answer.travelled;
    took += ms;
  }
  // What collecting is: every row with the columns that the query needs, brought here and then summarized.
  const collecting =
    'Event | project TimeGenerated, Computer, EventID, Bytes | serialize | summarize count() by Computer';
  const [all, collected] = await timed(() => askAcross(world, collecting, NOW));
  const rows = all.travelled * QUERIES.length;
  return [
    {
      name: 'across: rows that travel, of collecting them',
      ratio: travelled / (rows / 500),
      bar: 1,
      detail: `${travelled} of ${rows} rows (1/${Math.round(rows / travelled)}) for ${QUERIES.length} summarize over ${WORKSPACES} workspaces`,
    },
    {
      name: 'across: time of partial aggregates, of collecting',
      ratio: took / QUERIES.length / (collected / 20),
      bar: 1,
      detail: `${(took / QUERIES.length).toFixed(0)} ms a query, ${collected.toFixed(0)} ms to collect`,
    },
  ];
}

/** Planning a query, printing what is sent included, against the analysis that every tool needs. */
function planning(world: AcrossWorld): Measurement {
  const schema = acrossSchema(world.workspaces.map((each) => each.schema));
  const globals = globalsFor({ database: schema.attributed });
  const target = world.workspaces[0]!.schema;
  const run = (work: (query: string) => unknown): number => {
    for (const query of QUERIES) work(query);
    const began = performance.now();
    for (let i = 0; i < 60; i++) for (const query of QUERIES) work(`${query} // ${i}`);
    return performance.now() - began;
  };
  const analysed = run((query) => analyze(query, globals));
  const planned = run((query) => {
    const plan = planAcross(query, schema, { now: NOW });
    return plan.parts.map((part) => remoteQuery(part, target, schema, NOW));
  });
  return {
    name: "across: planning, of Microsoft's analysis",
    ratio: planned / analysed,
    bar: 1.5,
    detail: `${(planned / 180).toFixed(2)} ms a query, analysis ${(analysed / 180).toFixed(2)} ms`,
  };
}

/** The local part over collected parts, against the SQL a person would write for it. */
async function local(engine: LocalEngine): Promise<Measurement[]> {
  const table = await engine.createTable('collected', 'part1', [
    { name: '_Customer', type: 'string' },
    { name: 'k', type: 'string' },
    { name: 'n', type: 'long' },
    { name: 'total', type: 'real' },
    { name: 't', type: 'datetime' },
  ]);
  await engine.append(
    table,
    Array.from({ length: 4_000_000 }, (_, i) => [
      `Customer ${i % 40}`,
      `key ${i % 5000}`,
      i % 100,
      (i % 1000) / 8,
      new Date(Date.UTC(2026, 0, 1) + (i % 86_400) * 1000).toISOString(),
    ]),
  );
  const { source } = table;
  const [customer, key, n, total, t] = table.columns.map(({ name }) => `"${name}"`);
  const shapes: readonly (readonly [kql: string, sql: string])[] = SHAPES.map(([kql, sql]) => [
    kql,
    sql
      .replaceAll('$source', source)
      .replaceAll('$customer', customer!)
      .replaceAll('$key', key!)
      .replaceAll('$total', total!)
      .replaceAll('$n', n!)
      .replaceAll('$t', t!),
  ]);
  const ratios: number[] = [];
  for (const [kql, sql] of shapes) {
    const once = async (): Promise<void> => {
      const answer = await engine.query(kql, { database: { name: 'parts', tables: [table] }, now: NOW });
      for (const each of answer.tables) await each.dispose();
    };
    const byHand = async (): Promise<void> => {
      await engine.sql(`CREATE OR REPLACE TABLE "collected"."hand" AS ${sql}`);
    };
    ratios.push((await best(once)) / (await best(byHand)));
  }
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  return [
    {
      name: 'across: local part, of SQL by hand (geometric mean)',
      ratio: mean,
      bar: 1.25,
      detail: `${shapes.length} shapes over 4,000,000 rows, from ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    },
  ];
}
async function best(work: () => Promise<void>): Promise<number> {
  await work();
  let least = Infinity;
  for (let i = 0; i < 7; i++) least = Math.min(least, (await timed(work))[1]);
  return least;
}

const SHAPES: readonly (readonly [kql: string, sql: string])[] = [
  ['part1 | summarize n = sum(n) by k', 'SELECT $key, sum($n) FROM $source GROUP BY $key'],
  ['part1 | summarize n = sum(n) by _Customer', 'SELECT $customer, sum($n) FROM $source GROUP BY $customer'],
  ['part1 | summarize sum(total), max(t) by k', 'SELECT $key, sum($total), max($t) FROM $source GROUP BY $key'],
  ['part1 | summarize avg = sum(total) / sum(n) by k', 'SELECT $key, sum($total) / sum($n) FROM $source GROUP BY $key'],
  ['part1 | summarize count_distinct(k)', 'SELECT count(DISTINCT $key) FROM $source'],
  [
    'part1 | summarize count_distinct(k) by _Customer',
    'SELECT $customer, count(DISTINCT $key) FROM $source GROUP BY 1',
  ],
  ['part1 | top 100 by n', 'SELECT * FROM $source ORDER BY $n DESC NULLS LAST LIMIT 100'],
  ['part1 | where n > 90 | summarize count() by k', 'SELECT $key, count(*) FROM $source WHERE $n > 90 GROUP BY 1'],
  ['part1 | distinct k, _Customer', 'SELECT DISTINCT $key, $customer FROM $source'],
  ['part1 | summarize min(t), max(t)', 'SELECT min($t), max($t) FROM $source'],
  ['part1 | summarize min(total) by k', 'SELECT $key, min($total) FROM $source GROUP BY 1'],
  [
    'part1 | summarize s = sum(n) by k | top 10 by s',
    'SELECT * FROM (SELECT $key, sum($n) AS s FROM $source GROUP BY 1) ORDER BY s DESC LIMIT 10',
  ],
  [
    'part1 | summarize countif(n > 50) by _Customer',
    'SELECT $customer, count(*) FILTER ($n > 50) FROM $source GROUP BY 1',
  ],
  ['part1 | project k, n, total | where total > 100', 'SELECT $key, $n, $total FROM $source WHERE $total > 100'],
  ['part1 | count', 'SELECT count(*) FROM $source'],
];
