import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

const store = new DuckRowStore({ memoryLimitMb: 200 });
after(() => store.close());

const COLUMNS: readonly Column[] = [
  { name: 'Computer', type: 'string' },
  { name: 'n', type: 'long' },
];
const whose = (workspace: string) => ({ customer: `C ${workspace}`, tenant: `T ${workspace}`, workspace });
const answer = (target: string, ...rows: readonly Cell[][]) => ({ target, attribution: whose(target), rows });
const all = async (run: RowStoreRun): Promise<unknown> => (await run.window({ first: 0, count: 100 })).rows;

test('answers that came together are stored as one by one: whose they are, in order of the targets', async () => {
  const answers = [answer('w1', ['a', 1], ['b', 2]), answer('w2'), answer('w3', ['c', 9_007_199_254_740_993n])];
  const [together, alone] = [await store.open('together'), await store.open('alone')];
  await together.appendAll(COLUMNS, answers);
  for (const { target, attribution, rows } of answers) await alone.append(target, attribution, COLUMNS, rows);
  for (const run of [together, alone]) await run.arrange(['w3', 'w2', 'w1']);
  assert.deepEqual(await all(together), await all(alone));
  assert.deepEqual([together.rowCount(), together.rowCount(['w2']), together.columns()], [3, 0, alone.columns()]);
});

test('a target that answers again replaces its rows, and leaves those of others', async () => {
  const run = await store.open('again');
  await run.appendAll(COLUMNS, [answer('w1', ['a', 1]), answer('w2', ['b', 2])]);
  await run.append('w3', whose('w3'), COLUMNS, [['c', 3]]);
  await run.appendAll(COLUMNS, [answer('w1', ['d', 4]), answer('w4', ['e', 5])]);
  await run.arrange(['w1', 'w2', 'w3', 'w4']);
  assert.deepEqual(
    (await run.table(10)).table.rows.map((row) => row.at(-1)),
    [4, 2, 3, 5],
  );
});

test('columns of another answer are null there, and no target at all is nothing', async () => {
  const run = await store.open('columns');
  await run.appendAll([], []);
  assert.equal(run.rowCount(), 0);
  await run.append('w1', whose('w1'), [{ name: 'Site', type: 'string' }], [['x']]);
  await run.appendAll(COLUMNS, [answer('w2', ['a', 1])]);
  await run.arrange(['w1', 'w2']);
  assert.deepEqual(
    (await run.table(10)).table.rows.map((row) => row.slice(3)),
    [
      ['x', '', null],
      ['', 'a', 1],
    ],
  );
});

test('where they cannot be stored none of them is', async () => {
  const run = await store.open('none');
  await run.appendAll(COLUMNS, [answer('w1', ['a', 1])]);
  const unreadable = Object.defineProperty(['c', 3], 0, {
    get: () => {
      throw new Error('no cell');
    },
  });
  await assert.rejects(run.appendAll(COLUMNS, [answer('w2', ['b', 2]), answer('w3', unreadable)]));
  await run.appendAll(COLUMNS, [answer('w4', ['d', 4])]);
  assert.deepEqual(
    (await run.table(10)).table.rows.map((row) => row.at(-1)),
    [1, 4],
  );
});
