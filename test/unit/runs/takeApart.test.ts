import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeApart } from '../../../src/core/runs/across/takeApart.ts';
import { answer } from './world.ts';

const WAYS = ['a', 'b', 'c'].map((name) => ({ guid: `ID-${name}`, armId: `/WS/${name}` }));
const ALL = ['/ws/a', '/ws/b', '/ws/c'];
const SPECS = ['n', 'TenantId:string'];
const ROWS = [
  [1, 'id-a'],
  [2, 'id-b'],
  [3, 'id-a'],
];
const rowsOf = (answers: ReturnType<typeof takeApart>) =>
  answers?.map((one) => one && (one.tables[0]?.rows as readonly unknown[]));

test('each workspace has its rows, without the id; one without rows answered with none', () => {
  const apart = takeApart(answer(SPECS, ROWS, { sources: ALL }), 'TenantId', WAYS);
  assert.deepEqual(rowsOf(apart), [[[1], [3]], [[2]], []]);
  assert.deepEqual(apart?.[0]?.tables[0]?.columns, [{ name: 'n', type: 'long' }]);
});

test('no rows of one that the service may have left out are no answer of it', () => {
  assert.deepEqual(rowsOf(takeApart(answer(SPECS, ROWS), 'TenantId', WAYS)), [[[1], [3]], [[2]], undefined]);
  const without = answer(SPECS, ROWS, { sources: ['/ws/a', 'id-b'] });
  assert.deepEqual(rowsOf(takeApart(without, 'TenantId', WAYS)), [[[1], [3]], [[2]], undefined]);
  const nothing = { tables: [], bytes: 0 };
  assert.deepEqual(takeApart(nothing, 'TenantId', WAYS), [undefined, undefined, undefined]);
});

test('one that keeps tables is asked alone; where it is not known which, all are', () => {
  const denied = { sources: ALL, deniedTables: ['T'] };
  const one = takeApart(answer(SPECS, ROWS, { ...denied, deniedIn: ['/ws/b'] }), 'TenantId', WAYS);
  assert.deepEqual(rowsOf(one), [[[1], [3]], undefined, []]);
  assert.equal(takeApart(answer(SPECS, ROWS, denied), 'TenantId', WAYS), undefined);
});

test('what is not whole, too large, or has rows of nobody is no answer of anybody', () => {
  const partial = { code: 'query.truncated', message: 'Cut.', retryable: false } as const;
  assert.equal(takeApart(answer(SPECS, ROWS, { sources: ALL, partial }), 'TenantId', WAYS), undefined);
  for (const id of ['id-x', '', null])
    assert.equal(takeApart(answer(SPECS, [[1, id]], { sources: ALL }), 'TenantId', WAYS), undefined);
  assert.equal(takeApart(answer(['n'], [[1]], { sources: ALL }), 'TenantId', WAYS), undefined);
  const pages = {
    name: 'T',
    columns: [{ name: 'TenantId', type: 'string' as const }],
    rows: { length: 0, pages: () => [] },
  };
  assert.equal(takeApart({ tables: [pages], bytes: 3e7, sources: ALL }, 'TenantId', WAYS), undefined);
});
