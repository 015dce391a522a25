import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import type { EngineDatabase, LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Cell } from '../../../src/model/kqlType.ts';

const LIMIT_MS = 100;
const database: EngineDatabase = { name: 'local', tables: [] };
const numbers = (count: number): string => `range n from 1 to ${count} step 1`;

/** Each would run for minutes. `npm run bench interrupt` prints how long stopping takes. */
const QUERIES: Readonly<Record<string, string>> = {
  'a big join': `${numbers(3_000_000)} | extend k = n % 100 | join kind=inner (${numbers(3_000_000)} | extend k = n % 100) on k | summarize sum(n + n1)`,
  'a regular expression over many rows': `${numbers(4_000_000_000)} | where strcat("user", n, "@host") matches regex @"(\\w+\\d){3,}@(\\w+\\.)+nl$" | count`,
  'a function in JavaScript over many rows': `${numbers(4_000_000_000)} | summarize max(tostring(parse_url(strcat("https://example.org/", n))))`,
  'a sort that spills': `${numbers(200_000_000)} | extend s = strcat("some text of a length that spills ", n * 7919 % 30000001) | sort by s desc`,
  'a table that is materialized': `let m = materialize(${numbers(400_000_000)} | extend s = strcat("row ", n)); m | join kind=inner (m | summarize max(n) by s) on s | count`,
  'rows expanded': `${numbers(2_000_000)} | extend a = range(1, 1000, 1) | mv-expand a to typeof(long) | summarize sum(a)`,
  'columns that are looked for in the rows': `${numbers(4_000_000_000)} | extend b = bag_pack(strcat("p", n % 5), n) | evaluate bag_unpack(b)`,
};

describe('an aborted signal settles the promise within 100 ms', () => {
  const folder = mkdtempSync(join(tmpdir(), 'interrupt-'));
  const spill = join(folder, 'spill');
  let engine: LocalEngine;
  before(async () => {
    engine = await openEngine({ memoryLimitMb: 200, threads: 2, tempDirectory: spill });
    await engine.query('print 1', { database });
  });
  after(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /**
   * Lets `start` get going, aborts it, and sees which comes first: its end, or a timer of 100 ms set at that moment.
   * Timers of one loop fire in order, however slow the machine is.
   */
  async function stops(start: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const stop = new AbortController();
    const order: string[] = [];
    const outcome = start(stop.signal).then(
      () => 'done',
      (thrown: unknown) => (thrown instanceof AppError ? thrown.code : String(thrown)),
    );
    // What it does by then is its own business: some have spilled, some are at their first row.
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
    const timer = new Promise<void>((resolve) => {
      setTimeout(() => {
        order.push(`${LIMIT_MS} ms`);
        resolve();
      }, LIMIT_MS);
    });
    stop.abort();
    const settled = outcome.then((said) => {
      order.push(said);
    });
    await Promise.all([timer, settled]);
    assert.deepEqual(order, ['cancelled.byUser', `${LIMIT_MS} ms`]);
  }
  async function nothingIsLeft(): Promise<void> {
    const answer = await engine.query('print x = 1', { database });
    assert.deepEqual(await answer.tables[0]?.rows(), [[1]]);
    await answer.tables[0]?.dispose();
    for (;;) {
      // The work itself may end a moment behind its promise; what it held is gone then.
      const {
        rows: [row],
      } = await engine.sql(
        "SELECT (SELECT count(*) FROM duckdb_temporary_files()), (SELECT count(*) FROM duckdb_tables() WHERE table_name <> 'q1')",
      );
      if (row?.[0] === 0 && row[1] === 0) return;
    }
  }

  for (const [name, text] of Object.entries(QUERIES)) {
    it(name, { timeout: 60_000 }, async () => {
      await stops((signal) => engine.query(text, { database, signal }));
      await nothingIsLeft();
    });
  }

  it('rows being appended: none of them stays', { timeout: 60_000 }, async () => {
    function* rows(): Generator<Cell[]> {
      for (let n = 0; ; n++) yield [n, `some text of a length, number ${n}`];
    }
    const table = await engine.createTable('local', 'T', [
      { name: 'n', type: 'long' },
      { name: 's', type: 'string' },
    ]);
    await engine.append(table, [[1, 'kept']]);
    await stops((signal) => engine.append(table, rows(), signal));
    assert.deepEqual((await engine.sql(`SELECT s FROM ${table.source}`)).rows, [['kept']]);
    await engine.dropTable(table);
    await nothingIsLeft();
  });

  it('a file being loaded: no table stays', { timeout: 60_000 }, async () => {
    const path = join(folder, 'big.csv');
    writeFileSync(path, `n,s\n${'1,"some text, a quoted one"\n'.repeat(3_000_000)}`);
    await stops((signal) => engine.loadFile(path, 'local', 'F', undefined, signal));
    await nothingIsLeft();
  });

  it('closing ends what still runs and leaves no file', { timeout: 60_000 }, async () => {
    const other = await openEngine({ memoryLimitMb: 200, threads: 2, tempDirectory: join(folder, 'other') });
    const running = assert.rejects(other.query(QUERIES['a sort that spills']!, { database }), {
      code: 'cancelled.byUser',
    });
    await other.sql('SELECT 1');
    await other.close();
    await running;
    assert.deepEqual(readdirSync(folder).includes('other') ? readdirSync(join(folder, 'other')) : [], []);
  });
});
