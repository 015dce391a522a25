import { readFileSync } from 'node:fs';
import { AppError } from '../../src/base/errors.ts';
import { kqlTypeNamed } from '../../src/kql/kusto.ts';
import { openEngine } from '../../src/engine/runtime/localEngine.ts';
import { assignIds, sqlType } from '../../src/engine/translate/relation.ts';
import type { Cell, Column, KqlType } from '../../src/model/kqlType.ts';
import type { EngineTable } from '../../src/engine/face.ts';

// Runs other people's queries over empty tables of a known schema and says which bound, ran, were refused (by construct) and crashed:
//   node --import tsx test/harness/realQueries.ts QUERIES.jsonl TABLES.json [--list] [--external] [--rows=N] [--every=N] [--from=I]
const [queriesPath, tablesPath, ...flags] = process.argv.slice(2);
const every = Number(flags.find((f) => f.startsWith('--every='))?.slice(8) ?? 1);
const start = Number(flags.find((f) => f.startsWith('--from='))?.slice(7) ?? 0);
if (!queriesPath || !tablesPath) throw new Error('usage: realQueries.ts QUERIES.jsonl TABLES.json [--list] [--external] [--rows=N]');
const schemas = JSON.parse(readFileSync(tablesPath, 'utf8')) as Record<string, Record<string, string>>;
const queries = readFileSync(queriesPath, 'utf8').split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { query: string }).query);
const engine = await openEngine({ memoryLimitMb: 1024, threads: 1 });
const tables: EngineTable[] = [];
for (const [name, columns] of Object.entries(schemas)) {
  tables.push(await engine.createTable('logs', name, Object.entries(columns).map(([column, type]) => ({ name: column, type: kqlTypeNamed(type) ?? 'dynamic' }))));
}
// With --rows=N, every table holds N rows of values a log could hold: what fails on data shows.
const wanted = Number(flags.find((f) => f.startsWith('--rows='))?.slice(7) ?? 0);
const TEXTS = ['', '0', 'contoso.com', '10.1.2.3', '{"a":[1,{"b":"x"}],"Name":"n"}', 'C:\\Windows\\System32\\cmd.exe /c whoami', 'Success', '2024-01-01T00:00:00Z', 'user@contoso.com', '[{"ID":"1","Value":"v"}]'];
const SAMPLES: Readonly<Record<KqlType, (n: number) => Cell>> = {
  bool: (n) => n % 2 === 0, int: (n) => n * 7 - 3, long: (n) => n * 1_000_003, real: (n) => (n % 3 === 0 ? null : n / 3), decimal: (n) => `${n}.5`, string: (n) => TEXTS[n % TEXTS.length]!,
  datetime: (n) => new Date(Date.now() - n * 3_600_000).toISOString(), timespan: (n) => `0${n % 10}:00:00`, guid: (n) => `00000000-0000-0000-0000-00000000000${n % 10}`, dynamic: (n) => [null, '{"a":1,"b":["x"]}', '[1,"two",null]', '"text"', '7'][n % 5]!,
};
if (wanted > 0) for (const [t, table] of tables.entries()) {
  await engine.append(table, Array.from({ length: wanted }, (_, r) => table.columns.map((column, c) => SAMPLES[column.type](r * 5 + c + t))));
}
const database = { name: 'workspace', tables };

const outcome = { notBound: 0, ran: 0, refused: 0, crashed: 0 };
const reasons = new Map<string, number>();
let slowest = 0;
// With --external, a URI of externaldata stands for an empty file beside the query.
const empty = flags.includes('--external');
const emptySource = (columns: readonly Column[]): string => `(SELECT ${assignIds(columns).map((c) => `NULL::${sqlType(c.type)} AS ${c.id}`).join(', ')} WHERE FALSE)`;
let asked = 0;
for (const [i, query] of queries.entries()) {
  if (i < start || (i - start) % every !== 0) continue;
  asked++;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 30_000);
  const began = performance.now();
  try {
    const answer = await engine.query(query, { database, signal: stop.signal, ...(empty ? { external: (_, columns) => ({ name: 'external', columns, source: emptySource(columns) }) } : {}) });
    for (const table of answer.tables) { await table.rows(0, 10); await table.dispose(); }
    outcome.ran++;
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : new AppError('bug.unexpected', String(thrown));
    const kind = error.code === 'query.syntax' || error.code === 'query.semantic' ? 'notBound' : error.code === 'query.unsupported' ? 'refused' : 'crashed';
    outcome[kind]++;
    const reason = kind === 'refused' ? `refused: ${String(error.data?.construct)}` : kind === 'crashed' ? `crashed: ${error.code} ${error.message.slice(0, 160)}` : `not bound: ${error.message.replace(/'[^']*'/g, "'...'")}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (flags.includes('--list') && kind !== 'notBound') console.log(`${kind}\t${i}\t${reason}`);
  } finally { clearTimeout(timer); }
  slowest = Math.max(slowest, performance.now() - began);
}
for (const [reason, n] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`${n}\t${reason}`);
const bound = outcome.ran + outcome.refused + outcome.crashed;
console.log(`${asked} queries: ${bound} bound, ${outcome.ran} ran (${((100 * outcome.ran) / bound).toFixed(1)} % of bound), ${outcome.refused} refused, ${outcome.crashed} crashed; slowest ${slowest.toFixed(0)} ms`);
await engine.close();
