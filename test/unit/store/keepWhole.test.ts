/** What a program that was killed leaves of the rows of a run, and what the next one makes of it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { parseDatetime } from '../../../src/model/values/datetime.ts';
import { COMBINED } from '../../../src/ports/rows.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

const COLUMNS: readonly Column[] = [{ name: 'n', type: 'long' }];
const NOW = { now: parseDatetime('2024-05-01T12:00:00Z')! };
const whose = { customer: 'c', tenant: 't', workspace: 'w' };

let directory: string, store: DuckRowStore;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keepWhole-'));
  store = new DuckRowStore({ directory, persist: true, memoryLimitMb: 100 });
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

async function runOf(name: string): Promise<RowStoreRun> {
  const run = await store.open(name);
  for (const key of ['ws1', 'ws2', 'ws3']) await run.append(key, whose, COLUMNS, [[1], [2]]);
  return run;
}
const numbers = async (run: RowStoreRun) => (await run.table(10)).table.rows.map((row) => row.at(-1));

test('a target of which a row is missing, and one that was stored anew, are deleted; the others stay', async () => {
  const run = await runOf('cut');
  const stamps = run.stamps();
  await (await store.engine()).sql(`DELETE FROM rows_1 WHERE t = ${stamps['ws1']!} AND seq = 0`);
  await run.append('ws3', whose, COLUMNS, [[7], [8]]);
  assert.deepEqual(await run.keepWhole(stamps), ['ws2']);
  assert.deepEqual([run.rowCount(), await numbers(run)], [2, [1, 2]]);
  assert.deepEqual((await (await store.engine()).sql('SELECT count(*) FROM rows_1')).rows, [[2]]);
});

test('of a total that took the place of another the noted one is gone, and the new one with it', async () => {
  const source = await runOf('source');
  const total = await store.open('total');
  await total.combine('Results | count', [{ name: 'Results', rows: source }], NOW);
  const stamps = total.stamps();
  assert.deepEqual(Object.keys(stamps), [COMBINED]);
  assert.deepEqual(await total.keepWhole(stamps), [COMBINED]);
  await total.combine('Results | take 1 | count', [{ name: 'Results', rows: source }], NOW);
  assert.notEqual(total.stamps()[COMBINED], stamps[COMBINED]);
  assert.deepEqual([await total.keepWhole(stamps), total.rowCount(), await numbers(total)], [[], 0, []]);
});

test('what a run takes is told in whole blocks, once it has left the log of the database', async () => {
  const run = await store.open('large');
  assert.equal(await run.bytes(), 0);
  await run.append('ws1', whose, [{ name: 's', type: 'string' }], texts(30_000));
  await (await store.engine()).sql('CHECKPOINT');
  const bytes = await run.bytes();
  assert.ok(bytes > 1_000_000 && bytes % 65_536 === 0, `${bytes} bytes`);
});

/** So many texts that do not compress. */
function texts(count: number): string[][] {
  let state = 1;
  const next = (): string => (state = (state * 48_271) % 2_147_483_647).toString(36);
  return Array.from({ length: count }, () => [Array.from({ length: 12 }, next).join('')]);
}
