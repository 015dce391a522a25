import { AppError } from '../../src/base/errors.ts';
import { withPackAll } from '../../src/kql/bind/packAll.ts';
import { queryText } from '../../src/kql/bind/queryText.ts';
import { diagnosticsOf, parse } from '../../src/kql/kustoAnalysis.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { fuzzQuery, readSeeds, TABLES } from './fuzzer.ts';
import type { FuzzEvent } from './fuzz.ts';
import { toCell } from './referenceEvaluator.ts';
import { schemaTables } from './schemaTables.ts';

// The process that runs fuzzed queries FROM to TO and tells its parent of each: a native crash ends this process only.
const [from, to, limitMs] = process.argv.slice(2, 5).map(Number) as [number, number, number];
const [queriesPath = '', tablesPath = ''] = process.argv.slice(5);
// Without its parent it has nobody to work for.
process.once('disconnect', () => {
  process.exit();
});
const send = (event: FuzzEvent): void => {
  process.send?.(event);
};

// Hundreds of tables take some 800 MB with a few rows each: a block for every column.
const engine = await openEngine({ memoryLimitMb: tablesPath === '' ? 512 : 1536, threads: 1 });
const seeds = queriesPath === '' ? undefined : readSeeds(queriesPath);
const tables = tablesPath === '' ? [] : await schemaTables(engine, tablesPath, 3);
for (const [name, { columns, rows }] of Object.entries(TABLES)) {
  const table = await engine.createTable('logs', name, columns);
  await engine.append(
    table,
    rows.map((row) => row.map((value, i) => toCell(value, columns[i]!.type))),
  );
  tables.push(table);
}

for (let index = from; index < to; index++) {
  send({ kind: 'begin', index });
  const query = fuzzQuery(index, seeds);
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, limitMs);
  let outcome: string;
  let message = '';
  try {
    const answer = await engine.query(query, {
      database: { name: 'logs', tables },
      signal: stop.signal,
      maxRows: 1000,
    });
    for (const table of answer.tables) {
      await table.rows(0, 50);
      await table.dispose();
    }
    outcome = rejects(query) ? 'rejectedYetAnswered' : 'answered';
  } catch (thrown) {
    outcome = stop.signal.aborted ? 'engine.timeout' : thrown instanceof AppError ? thrown.code : 'bug.notAppError';
    message = thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    clearTimeout(timer);
  }
  send({ kind: 'end', index, outcome, message, rssMb: process.memoryUsage.rss() / 1e6 });
}
const [left] = (await engine.sql(`SELECT count(*) FROM duckdb_tables() WHERE schema_name = '#results'`)).rows[0] ?? [];
send({ kind: 'done', resultsLeft: Number(left) });
await engine.close();
process.disconnect?.();

/** Does Microsoft's parser find an error of syntax? Not of the one construct that the service takes and it does not. */
function rejects(text: string): boolean {
  try {
    return diagnosticsOf(parse(withPackAll(queryText(text)).text)).some((d) => d.severity === 'Error');
  } catch {
    return true;
  }
}
