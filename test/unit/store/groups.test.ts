import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

const store = new DuckRowStore({ memoryLimitMb: 200 });
after(() => store.close());

async function openRun(name: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]) {
  const run = await store.open(name);
  await run.append('a', { customer: 'Contoso', tenant: 'Contoso AD', workspace: 'a' }, columns, rows);
  return run;
}
const pairs = async (run: RowStoreRun, column: string, first = 0, count = 10) =>
  (await run.groups({ column, first, count })).groups.map(({ value, count: rows }) => [value, rows]);

describe('rows by the value of a column', () => {
  test('come most frequent first, in windows, counted over all rows that pass', async () => {
    const run = await openRun(
      'windows',
      [
        { name: 's', type: 'string' },
        { name: 'n', type: 'long' },
      ],
      [...'aabbbc'].map((letter, index) => [letter, index]),
    );
    assert.deepEqual(await run.groups({ column: 's', first: 0, count: 2 }), {
      column: 's',
      total: 3,
      rows: 6,
      groups: [
        { value: 'b', count: 3 },
        { value: 'a', count: 2 },
      ],
    });
    assert.deepEqual(await pairs(run, 's', 2), [['c', 1]]);
    const filters = [{ column: 'n', op: 'less' as const, value: '3' }];
    const some = await run.groups({ column: 's', first: 0, count: 9, filters, search: 'a' });
    // The search looks into every column: `a` is the workspace of all rows, too.
    assert.deepEqual([some.total, some.rows], [2, 3]);
  });

  test('are what a filter finds again, for every type', async () => {
    const guid = '0a1b2c3d-0000-4000-8000-00000000abcd';
    const columns: Column[] = [
      { name: 's', type: 'string' },
      { name: 'l', type: 'long' },
      { name: 'r', type: 'real' },
      { name: 'd', type: 'decimal' },
      { name: 't', type: 'datetime' },
      { name: 'p', type: 'timespan' },
      { name: 'g', type: 'guid' },
      { name: 'b', type: 'bool' },
      { name: 'y', type: 'dynamic' },
    ];
    const run = await openRun('types', columns, [
      [
        "it's",
        9007199254740993n,
        0.1,
        '18446744073709551615',
        '2026-11-22T10:20:30.123Z',
        '-1.02:03:04.0000005',
        guid,
        true,
        '{"a":[1]}',
      ],
      ['', null, null, null, null, null, null, null, null],
      ['x', 1, 1e21, '0.5', '2026-11-22T10:20:30Z', '00:00:01', guid.toUpperCase(), false, '"text"'],
    ]);
    for (const { name } of columns) {
      const { groups, rows } = await run.groups({ column: name, first: 0, count: 10 });
      assert.equal(rows, 3);
      for (const { value, count } of groups) {
        const filter =
          value === '' ? { column: name, op: 'empty' as const } : { column: name, op: 'equals' as const, value };
        const { total } = await run.window({ first: 0, count: 0, filters: [filter] });
        assert.equal(total, count, `${name} = ${value}`);
      }
    }
    assert.deepEqual(await pairs(run, 'g'), [
      [guid, 2],
      ['', 1],
    ]);
    assert.deepEqual(await pairs(run, '_Customer'), [['Contoso', 3]]);
  });
});
