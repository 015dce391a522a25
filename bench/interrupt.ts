import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../src/base/errors.ts';
import type { EngineDatabase, LocalEngine } from '../src/engine/face.ts';
import { openEngine } from '../src/engine/openEngine.ts';
import type { Cell, Column } from '../src/model/kqlType.ts';
import type { Measurement } from './main.ts';

/** What the issue promises. */
const PROMISE_MS = 100;
const ROUNDS = 3;
const COLUMNS: readonly Column[] = [
  { name: 'n', type: 'long' },
  { name: 's', type: 'string' },
];
const NUMBERS = (count: number): string => `range n from 1 to ${count} step 1`;

interface Work {
  readonly name: string;
  readonly start: (engine: LocalEngine, signal: AbortSignal) => Promise<unknown>;
}
function query(name: string, text: string): Work {
  const database: EngineDatabase = { name: 'local', tables: [] };
  return { name, start: (engine, signal) => engine.query(text, { database, signal }) };
}
const WORKS = (folder: string): readonly Work[] => [
  query(
    'a big join',
    `${NUMBERS(3_000_000)} | extend k = n % 1000 | join kind=inner (${NUMBERS(3_000_000)} | extend k = n % 1000) on k | summarize sum(n + n1)`,
  ),
  query(
    'a regular expression over many rows',
    `${NUMBERS(40_000_000)} | where strcat("user", n, "@host", n % 7, ".example.org") matches regex @"(\\w+\\d){3,}@(\\w+\\.)+nl$" | count`,
  ),
  query(
    'a function in JavaScript over many rows',
    `${NUMBERS(40_000_000)} | summarize max(tostring(parse_url(strcat("https://example.org:8080/a/b?q=", n, "#", n))))`,
  ),
  query(
    'a function in JavaScript that is slow',
    `${NUMBERS(2_000_000)} | extend a = range(n, n + 300, 1) | project x = toreal(series_stats_dynamic(series_fir(a, dynamic([1,2,3,4,5]))).max) | summarize max(x)`,
  ),
  query(
    'a sort that spills',
    `${NUMBERS(30_000_000)} | extend s = strcat("some text of a length that spills ", n * 7919 % 30000001) | sort by s desc`,
  ),
  query(
    'a table that is materialized',
    `let m = materialize(${NUMBERS(60_000_000)} | extend s = strcat("row ", n)); m | join kind=inner (m | summarize max(n) by s) on s | count`,
  ),
  query(
    'a group by of many keys',
    `${NUMBERS(60_000_000)} | summarize count(), make_set(n % 3), dcount(n) by strcat("k", n % 9000000)`,
  ),
  query(
    'window functions',
    `${NUMBERS(30_000_000)} | serialize c = row_cumsum(n), p = prev(n, 3) | summarize max(c), max(p)`,
  ),
  query(
    'rows expanded',
    `${NUMBERS(2_000_000)} | extend a = range(1, 200, 1) | mv-expand a to typeof(long) | summarize sum(a)`,
  ),
  query(
    'columns that are looked for in the rows',
    `${NUMBERS(40_000_000)} | extend b = bag_pack(strcat("p", n % 5), n) | evaluate bag_unpack(b)`,
  ),
  {
    name: 'rows being appended',
    start: async (engine, signal) => engine.append(await engine.createTable('local', 'T', COLUMNS), someRows(), signal),
  },
  {
    name: 'a file being loaded',
    start: (engine, signal) => engine.loadFile(join(folder, 'big.csv'), 'local', 'F', undefined, signal),
  },
];
function* someRows(): Generator<Cell[]> {
  for (let n = 0; n < 20_000_000; n++) yield [n, `some text of a length, number ${n}`];
}

/**
 * How long a promise takes to settle once its signal has aborted, in the middle of long work of each kind: of the
 * promised 100 ms. Afterwards the engine answers, and holds neither the half-made table nor a spilled file. In the
 * detail: when the work behind had ended too, and the longest the event loop was held meanwhile, which delays the call
 * of abort() itself and nothing after it.
 */
export async function benchInterrupt(): Promise<readonly Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-interrupt-'));
  try {
    writeFileSync(join(folder, 'big.csv'), 'n,s\n');
    for (let part = 0; part < 40; part++)
      appendFileSync(
        join(folder, 'big.csv'),
        Array.from({ length: 100_000 }, (_, n) => `${part * 100_000 + n},"some text, number ${n}"\n`).join(''),
      );
    const measured: Measurement[] = [];
    for (const work of WORKS(folder)) measured.push(await measure(work, folder));
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure({ name, start }: Work, folder: string): Promise<Measurement> {
  let [settled, ended, held] = [0, 0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const spill = mkdtempSync(join(folder, 'spill-'));
    const engine = await openEngine({ memoryLimitMb: 400, threads: 2, tempDirectory: spill });
    // The parser's own start is not what is measured.
    await engine
      .query('print x = 1', { database: { name: 'local', tables: [] } })
      .then(({ tables }) => tables[0]!.dispose());
    const stop = new AbortController();
    let last = performance.now();
    const probe = setInterval(() => {
      held = Math.max(held, performance.now() - last);
      last = performance.now();
    }, 5);
    const outcome = start(engine, stop.signal).then(
      () => 'done',
      (thrown: unknown) => (thrown instanceof AppError ? thrown.code + thrown.message : String(thrown)),
    );
    await Promise.race([pause(300 + round * 300), outcome]);
    const told = performance.now();
    stop.abort();
    const said = await outcome;
    settled = Math.max(settled, performance.now() - told);
    if (!said.startsWith('cancelled.byUser')) throw new Error(`${name}: ${said}`);
    const answer = await engine.query('print x = 1', { database: { name: 'local', tables: [] } });
    if ((await answer.tables[0]!.rows())[0]?.[0] !== 1) throw new Error(`${name}: the engine does not answer`);
    await answer.tables[0]!.dispose();
    while (
      (await engine.sql(`SELECT count(*) FROM duckdb_temporary_files()`)).rows[0]?.[0] !== 0 ||
      (await engine.sql(`SELECT count(*) FROM duckdb_tables() WHERE schema_name = '#results'`)).rows[0]?.[0] !== 0
    ) {
      if (performance.now() - told > 20_000) throw new Error(`${name}: something is left behind`);
      await pause(5);
    }
    clearInterval(probe);
    const closing = performance.now();
    await engine.close();
    ended = Math.max(ended, performance.now() - closing > 20 ? performance.now() - told : 0);
    if (readdirSync(spill).length > 0) throw new Error(`${name}: spilled files are left behind`);
  }
  return {
    name: `interrupt: ${name}`,
    ratio: settled / PROMISE_MS,
    bar: 1,
    detail: `settled within ${settled.toFixed(0)} ms${ended > 0 ? `, ended behind it within ${ended.toFixed(0)} ms` : ''}; event loop held for up to ${held.toFixed(0)} ms`,
  };
}
