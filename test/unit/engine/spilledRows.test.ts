import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { Database } from '../../../src/engine/database/database.ts';
import { SpilledRows } from '../../../src/engine/store/spilledRows.ts';

/** Rows `from` to before `to`, each with its number and whatever a text holds. */
const numbers = (from: number, to: number): [number, string][] =>
  Array.from({ length: to - from }, (_, i) => [from + i, `'${from + i}\u0000`]);

test('rows on their way into a file: in the order they came, with one part of them in memory', async () => {
  const database = await Database.open({ memoryLimitMb: 128, threads: 2, writesFiles: true });
  const session = await database.connect();
  const rows = new SpilledRows(database, session, 'way', [
    { name: 'N', type: 'long' },
    { name: 'Text', type: 'string' },
  ]);
  let most = 0;
  for (let from = 0; from < 300_000; from += 50_000) {
    await rows.append(numbers(from, from + 50_000));
    const [[held] = []] = await session.all('SELECT coalesce(sum(estimated_size), 0) FROM duckdb_tables()');
    most = Math.max(most, Number(held));
  }
  const source = await rows.source();
  assert.ok(most <= 122_880, `${most} rows are held in memory`);
  assert.equal(rows.rows, 300_000);
  const wrong = `SELECT count(*) FROM (SELECT *, row_number() OVER () - 1 AS place FROM ${source}) WHERE c0 <> place OR c1 <> '''' || c0 || chr(0)`;
  assert.deepEqual((await database.run(wrong)).rows, [[0n]]);
  assert.deepEqual((await database.run(`SELECT count(*), max(c0) FROM ${source}`)).rows, [[300_000n, 299_999n]]);
  const parts = [...source.matchAll(/'([^']+)'/g)].map(([, path]) => path!);
  assert.equal(parts.length, 3);
  await rows.discard();
  assert.deepEqual(parts.filter(existsSync), [], 'nothing is left of them');
  database.release(session);
  await database.close();
});
test('few rows, or none, need no file', async () => {
  const database = await Database.open({ memoryLimitMb: 128, threads: 1, writesFiles: true });
  const session = await database.connect();
  for (const count of [0, 3]) {
    const rows = new SpilledRows(database, session, 'few', [{ name: 'N', type: 'long' }]);
    await rows.append(numbers(0, count));
    assert.equal(await rows.source(), 'few');
    assert.deepEqual((await database.run('SELECT count(*) FROM few')).rows, [[BigInt(count)]]);
    await rows.discard();
  }
  database.release(session);
  await database.close();
});
