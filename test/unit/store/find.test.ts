import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { RowFindAnswer, RowFindRequest } from '../../../src/model/rows.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

const store = new DuckRowStore({ memoryLimitMb: 200 });
after(() => store.close());

/** Three rows of workspace a and two of b: error stands in (0,1), (0,2), (2,1) and (4,2) of `n`, `s`, `d`. */
async function openRun(name: string): Promise<RowStoreRun> {
  const run = await store.open(name);
  const columns = [
    { name: 'n', type: 'long' as const },
    { name: 's', type: 'string' as const },
    { name: 'd', type: 'dynamic' as const },
  ];
  const who = (workspace: string) => ({ customer: 'Contoso', tenant: 'Contoso AD', workspace });
  await run.append('a', who('a'), columns, [
    [1, 'Error here', '{"level":"error"}'],
    [2, 'fine', '[]'],
    [3, 'another ERROR', null],
  ]);
  await run.append('b', who('b'), columns, [
    [4, 'fine', null],
    [5, 'fine', '["Error"]'],
  ]);
  return run;
}
const COLUMNS = ['n', 's', 'd'];
const START: RowFindRequest = { text: 'error', columns: COLUMNS, from: { row: 0, column: 0 }, direction: 'here' };
const place = ({ count, found }: RowFindAnswer): readonly (number | undefined)[] => [
  found?.index,
  count,
  found?.row,
  found?.column,
];

/** Every match in one direction, from the first one found until it comes again. */
async function round(run: RowStoreRun, question: RowFindRequest, direction: 'next' | 'previous'): Promise<string[]> {
  const places: string[] = [];
  let { found } = await run.find(question);
  while (found && !places.includes(`${found.row},${found.column}`)) {
    places.push(`${found.row},${found.column}`);
    ({ found } = await run.find({ ...question, from: found, direction }));
  }
  return places;
}

describe('finding cells', () => {
  test('goes row by row, counts all, and begins again at the ends', async () => {
    const run = await openRun('round');
    assert.deepEqual(place(await run.find(START)), [0, 4, 0, 1]);
    assert.deepEqual(await round(run, START, 'next'), ['0,1', '0,2', '2,1', '4,2']);
    assert.deepEqual(await round(run, START, 'previous'), ['0,1', '4,2', '2,1', '0,2']);
    // From a cell that holds it: `here` stays, `next` goes on.
    assert.deepEqual(place(await run.find({ ...START, from: { row: 2, column: 1 } })), [2, 4, 2, 1]);
    assert.deepEqual(
      place(await run.find({ ...START, from: { row: 2, column: 2 }, direction: 'previous' })),
      [2, 4, 2, 1],
    );
  });

  test('counts places in the order, the filters and the columns of the page', async () => {
    const run = await openRun('arranged');
    const sort = [{ column: 'n', descending: true }];
    assert.deepEqual(await round(run, { ...START, sort }, 'next'), ['0,2', '2,1', '4,1', '4,2']);
    const filters = [{ column: 'n', op: 'greater' as const, value: '1' }];
    assert.deepEqual(await round(run, { ...START, filters }, 'next'), ['1,1', '3,2']);
    assert.deepEqual(await round(run, { ...START, columns: ['d', 's'] }, 'next'), ['0,0', '0,1', '2,1', '4,0']);
    assert.deepEqual(await run.find({ ...START, text: 'nowhere' }), { count: 0 });
    assert.deepEqual(await run.find({ ...START, text: '' }), { count: 0 });
    await assert.rejects(run.find({ ...START, columns: ['nope'] }), { code: 'input.unknownColumn' });
  });

  test('sees rows that come later, and ends with the run', async () => {
    const run = await openRun('grows');
    assert.equal((await run.find(START)).count, 4);
    await run.append('c', { customer: 'C', tenant: 'C', workspace: 'c' }, [{ name: 's', type: 'string' }], [['error']]);
    assert.equal((await run.find(START)).count, 5);
    await run.discard();
    assert.deepEqual(await run.find(START), { count: 0 });
  });
});
