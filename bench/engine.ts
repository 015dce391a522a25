import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bindQuery } from '../src/kql/bind/query.ts';
import { queryText } from '../src/kql/bind/queryText.ts';
import { analyze } from '../src/kql/kustoAnalysis.ts';
import { globalsFor } from '../src/kql/kustoGlobals.ts';
import type { EngineTable, LocalEngine } from '../src/engine/face.ts';
import { openEngine } from '../src/engine/openEngine.ts';
import { translatePlan } from '../src/engine/translate/translate.ts';
import type { Column } from '../src/model/kqlType.ts';
import type { Measurement } from './main.ts';
import { EPOCH_TICKS } from '../src/model/values/ticks.ts';

const ROWS = Number(process.env.TENANTSCOPE_BENCH_ROWS ?? 10_000_000);
const ROUNDS = 4;
/** Short shapes are measured more often, until so much time is spent on each way. */
const SPEND_MS = 1500;
const MOST_ROUNDS = 25;
const HOUR = 36_000_000_000;

const COLUMNS: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'User', type: 'string' },
  { name: 'EventID', type: 'long' },
  { name: 'Level', type: 'int' },
  { name: 'Bytes', type: 'long' },
  { name: 'Duration', type: 'real' },
  { name: 'Message', type: 'string' },
  { name: 'Props', type: 'dynamic' },
];
/**
 * Logs of 30 days: 300 machines, 200,000 people, unique times and sizes, every eleventh duration missing; sums of
 * quarters are exact in any order.
 */
const GENERATED = `SELECT ${EPOCH_TICKS + 17_000_000_000_000_000n} + i * (25920000000000 // ${ROWS}), 'host-' || (i * 7919 % 300), 'user' || (hash(i) % 200000) || '@contoso.com', 4600 + (hash(i * 3) % 60)::BIGINT,
  (hash(i * 5) % 5)::INTEGER, (i * 2654435761) % 1000000007, CASE WHEN i % 11 = 0 THEN NULL ELSE (hash(i * 13) % 40000) / 4 END,
  CASE WHEN i % 50 = 0 THEN 'An Error was seen' WHEN i % 9 = 0 THEN 'Login failed' ELSE 'Terrors were none' END || ', code=' || (i % 97) || ' of the service on node ' || (i % 1000),
  '{"kind":"k' || (i % 12) || '","size":' || (i % 1000) || ',"tags":["a","b"]}' FROM range(${ROWS}) AS r(i)`;

/** A shape of query, and the SQL somebody who knows DuckDB writes for the same answer. */
interface Shape {
  readonly name: string;
  readonly kql: string;
  readonly sql: string;
}
const SHAPES: readonly Shape[] = [
  {
    name: 'filter and count',
    kql: "T | where Computer == 'host-7' | count",
    sql: "SELECT count(*) FROM T WHERE Computer = 'host-7'",
  },
  {
    name: 'group by 300 keys',
    kql: 'T | summarize count() by Computer',
    sql: 'SELECT Computer, count(*) FROM T GROUP BY 1',
  },
  {
    name: 'group by 200,000 keys',
    kql: 'T | summarize count(), sum(Bytes), avg(Duration) by User',
    sql: 'SELECT "User", count(*), sum(Bytes)::BIGINT, coalesce(avg(Duration), \'NaN\') FROM T GROUP BY 1',
  },
  {
    name: 'group by the hour',
    kql: 'T | summarize count() by bin(TimeGenerated, 1h)',
    sql: `SELECT TimeGenerated - TimeGenerated % ${HOUR}, count(*) FROM T GROUP BY 1`,
  },
  {
    name: 'conditional sums',
    kql: 'T | summarize countif(EventID == 4625), sumif(Bytes, Level == 1) by Computer',
    sql: 'SELECT Computer, count(*) FILTER (EventID = 4625), coalesce(sum(Bytes) FILTER (Level = 1), 0)::BIGINT FROM T GROUP BY 1',
  },
  {
    name: 'top 100',
    kql: 'T | top 100 by Bytes | project Bytes, Computer',
    sql: 'SELECT Bytes, Computer FROM T ORDER BY Bytes DESC NULLS LAST LIMIT 100',
  },
  {
    name: 'sort a fifth',
    kql: 'T | where Level == 2 | sort by Bytes asc | project Bytes, Computer, EventID',
    sql: 'SELECT Bytes, Computer, EventID FROM T WHERE Level = 2 ORDER BY Bytes NULLS FIRST',
  },
  {
    name: 'latest row of 200,000',
    kql: 'T | summarize arg_max(TimeGenerated, Computer, EventID) by User',
    sql: 'SELECT "User", TimeGenerated, Computer, EventID FROM T QUALIFY row_number() OVER (PARTITION BY "User" ORDER BY TimeGenerated DESC) = 1',
  },
  {
    name: 'distinct count',
    kql: 'T | summarize dcount(User) by Level',
    sql: 'SELECT Level, count(DISTINCT "User") FROM T GROUP BY 1',
  },
  {
    name: 'percentile',
    kql: 'T | summarize percentile(Duration, 95) by Computer',
    sql: 'SELECT Computer, quantile_disc(Duration, 0.95) FROM T GROUP BY 1',
  },
  {
    name: 'term in text',
    kql: "T | where Message has 'error' | count",
    sql: "SELECT count(*) FROM T WHERE contains(lower(Message), 'error') AND regexp_matches(Message, '(?i)(^|[^0-9a-z])error([^0-9a-z]|$)')",
  },
  {
    name: 'part of text',
    kql: "T | where Message contains 'FAILED' | count",
    sql: "SELECT count(*) FROM T WHERE contains(lower(Message), 'failed')",
  },
  {
    name: 'group by a regex',
    kql: "T | summarize count() by extract(@'code=(\\d+)', 1, Message)",
    sql: "SELECT regexp_extract(Message, 'code=(\\d+)', 1), count(*) FROM T GROUP BY 1",
  },
  {
    name: 'group by a path',
    kql: 'T | summarize count() by tostring(Props.kind)',
    sql: `SELECT Props->>'$.kind', count(*) FROM T GROUP BY 1`,
  },
  {
    name: 'join and group',
    kql: 'T | join kind=inner D on Computer | summarize sum(Bytes) by Site',
    sql: 'SELECT d.Site, sum(t.Bytes)::BIGINT FROM T AS t JOIN D AS d ON t.Computer = d.Computer GROUP BY 1',
  },
];

/**
 * The engine over 15 shapes of query against DuckDB asked by hand, and what lies before the engine against Microsoft's
 * own analysis.
 */
export async function benchEngine(): Promise<readonly Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-engine-'));
  const engine = await openEngine({
    path: join(directory, 'bench.duckdb'),
    memoryLimitMb: 3072,
    threads: Math.min(2, availableParallelism()),
    tempDirectory: directory,
  });
  try {
    const logs = await engine.createTable('logs', 'T', COLUMNS);
    await engine.sql(`INSERT INTO ${logs.source} ${GENERATED}`);
    const sites = await engine.createTable('logs', 'D', [
      { name: 'Computer', type: 'string' },
      { name: 'Site', type: 'string' },
    ]);
    await engine.sql(`INSERT INTO ${sites.source} SELECT 'host-' || i, 'site-' || (i % 20) FROM range(250) AS r(i)`);
    const measured: Measurement[] = [];
    for (const shape of SHAPES) measured.push(await measureShape(engine, [logs, sites], shape));
    const mean = Math.exp(measured.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / measured.length);
    return [
      ...measured,
      {
        name: `${SHAPES.length} shapes of query: geometric mean`,
        ratio: mean,
        bar: 1.25,
        detail: `${(ROWS / 1e6).toFixed(1)} M rows`,
      },
      measureTranslation(),
    ];
  } finally {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Both ways leave a table behind; the best of interleaved rounds, which other work on the machine disturbs least. */
async function measureShape(
  engine: LocalEngine,
  tables: readonly EngineTable[],
  { name, kql, sql }: Shape,
): Promise<Measurement> {
  const byHand = tables.reduce(
    (text, t) => text.replace(new RegExp(`\\b(FROM|JOIN) ${t.name}\\b`, 'g'), `$1 ${t.source}`),
    sql,
  );
  const ours: number[] = [];
  const theirs: number[] = [];
  let spent = 0;
  for (let round = 0; round < ROUNDS || (spent < SPEND_MS && round < MOST_ROUNDS); round++) {
    let begun = performance.now();
    const answer = await engine.query(kql, { database: { name: 'logs', tables } });
    ours.push(performance.now() - begun);
    begun = performance.now();
    await engine.sql(`CREATE OR REPLACE TABLE logs."#hand" AS ${byHand}`);
    theirs.push(performance.now() - begun);
    spent += theirs.at(-1)!;
    const result = answer.tables[0]!;
    if (round === 0) await sameAnswer(engine, name, result.source);
    await result.dispose();
  }
  const [mine, base] = [Math.min(...ours), Math.min(...theirs)];
  return {
    name: `query: ${name}`,
    ratio: mine / base,
    bar: 2,
    detail: `${mine.toFixed(0)} ms, by hand ${base.toFixed(0)} ms`,
  };
}
async function sameAnswer(engine: LocalEngine, name: string, source: string): Promise<void> {
  const rows = `SELECT * EXCLUDE (__ord) FROM ${source} AS q`;
  const {
    rows: [counts],
  } = await engine.sql(
    `SELECT (SELECT count(*) FROM (${rows} EXCEPT ALL SELECT * FROM logs."#hand")), (SELECT count(*) FROM (SELECT * FROM logs."#hand" EXCEPT ALL ${rows}))`,
  );
  if (Number(counts?.[0]) + Number(counts?.[1]) !== 0)
    throw new Error(`${name}: the two answers differ by ${String(counts?.[0])} and ${String(counts?.[1])} rows`);
}

/**
 * Binding and translating against ParseAndAnalyze of the same golden queries; a comment makes each text a new one, so
 * that nothing comes from a cache.
 */
function measureTranslation(): Measurement {
  const folder = new URL('../test/golden/cases/', import.meta.url);
  const all = readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) =>
      readFileSync(new URL(file, folder), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { query: string }).query),
    );
  const database = { name: 'local', tables: [] };
  const translate = (text: string): void => {
    translatePlan(bindQuery(queryText(text), { database }), { database }, EPOCH_TICKS);
  };
  const microsoft = (text: string): void => {
    analyze(text, globalsFor({ database }));
  };
  const works = all.filter((text) => {
    try {
      translate(text);
      return true;
    } catch {
      return false;
    }
  });
  let count = 0;
  const time = (work: (text: string) => void, text: string): number => {
    const fresh = `// ${count++}\n${text}`;
    const begun = performance.now();
    work(fresh);
    return performance.now() - begun;
  };
  let [ours, theirs] = [0, 0];
  for (const text of works) {
    const pairs = Array.from({ length: ROUNDS }, (_, i) =>
      i % 2 ? [time(translate, text), time(microsoft, text)] : [time(microsoft, text), time(translate, text)].reverse(),
    );
    ours += Math.min(...pairs.map((p) => p[0]!));
    theirs += Math.min(...pairs.map((p) => p[1]!));
  }
  return {
    name: 'bind and translate against ParseAndAnalyze',
    ratio: ours / theirs,
    bar: 1.3,
    detail: `${works.length} golden queries, ${(ours / works.length).toFixed(1)} ms and ${(theirs / works.length).toFixed(1)} ms each`,
  };
}
