import { readFileSync } from 'node:fs';
import { AppError } from '../../src/base/errors.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { assignIds, sqlType } from '../../src/engine/translate/relation.ts';
import type { Column } from '../../src/model/kqlType.ts';
import { schemaTables } from './schemaTables.ts';

// Runs other people's queries over empty tables of a known schema and says which bound, ran, were refused (by
// construct), ran out of time or memory and crashed:
//   node --import tsx test/harness/realQueries.ts QUERIES.jsonl TABLES.json [--list] [--external] [--geo-db=FILE]
// [--rows=N] [--every=N] [--from=I]
const [queriesPath, tablesPath, ...flags] = process.argv.slice(2);
const every = Number(flags.find((f) => f.startsWith('--every='))?.slice(8) ?? 1);
const start = Number(flags.find((f) => f.startsWith('--from='))?.slice(7) ?? 0);
if (!queriesPath || !tablesPath)
  throw new Error('usage: realQueries.ts QUERIES.jsonl TABLES.json [--list] [--external] [--rows=N]');
const queries = readFileSync(queriesPath, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => (JSON.parse(line) as { query: string }).query);
// With --geo-db=FILE, addresses are looked up in that database.
const geoDatabase = flags.find((f) => f.startsWith('--geo-db='))?.slice(9);
const engine = await openEngine({ memoryLimitMb: 1024, threads: 1, geoDatabase });
// With --rows=N, every table holds N rows of values a log could hold: what fails on data shows.
const tables = await schemaTables(
  engine,
  tablesPath,
  Number(flags.find((f) => f.startsWith('--rows='))?.slice(7) ?? 0),
  queries,
);
const database = { name: 'workspace', tables };

const outcome = { notBound: 0, ran: 0, refused: 0, limited: 0, crashed: 0 };
const reasons = new Map<string, number>();
let slowest = 0;
// With --external, a URI of externaldata stands for an empty file beside the query.
const empty = flags.includes('--external');
const emptySource = (columns: readonly Column[]): string =>
  `(SELECT ${assignIds(columns)
    .map((c) => `NULL::${sqlType(c.type)} AS ${c.id}`)
    .join(', ')} WHERE FALSE)`;
let asked = 0;
for (const [i, query] of queries.entries()) {
  if (i < start || (i - start) % every !== 0) continue;
  asked++;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 30_000);
  const began = performance.now();
  try {
    const answer = await engine.query(query, {
      database,
      signal: stop.signal,
      ...(empty ? { external: (_, columns) => ({ name: 'external', columns, source: emptySource(columns) }) } : {}),
    });
    for (const table of answer.tables) {
      await table.rows(0, 10);
      await table.dispose();
    }
    outcome.ran++;
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : new AppError('bug.unexpected', String(thrown));
    const kind =
      error.code === 'query.syntax' || error.code === 'query.semantic'
        ? 'notBound'
        : error.code === 'query.unsupported'
          ? 'refused'
          : stop.signal.aborted || error.code === 'engine.memory'
            ? 'limited'
            : 'crashed';
    outcome[kind]++;
    const reason =
      kind === 'refused'
        ? `refused: ${String(error.data?.construct ?? error.message)}`
        : kind === 'crashed'
          ? `crashed: ${error.code} ${error.message.slice(0, 160)}`
          : kind === 'limited'
            ? `limited: ${error.code}`
            : `not bound: ${error.message.replace(/'[^']*'/g, "'...'")}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (flags.includes('--list') && kind !== 'notBound') console.log(`${kind}\t${i}\t${reason}`);
  } finally {
    clearTimeout(timer);
  }
  slowest = Math.max(slowest, performance.now() - began);
}
for (const [reason, n] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`${n}\t${reason}`);
const bound = outcome.ran + outcome.refused + outcome.limited + outcome.crashed;
console.log(
  `${asked} queries: ${bound} bound, ${outcome.ran} ran (${((100 * outcome.ran) / bound).toFixed(1)} % of bound), ${outcome.refused} refused, ${outcome.limited} beyond time or memory, ${outcome.crashed} crashed; slowest ${slowest.toFixed(0)} ms`,
);
await engine.close();
// A query that binds is answered or refused by name: whatever else became of one is a fault of the engine.
if (outcome.crashed > 0) process.exitCode = 1;
