import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import { parseDatetime } from '../../../src/model/values/datetime.ts';
import type { CollectedTable, RowStoreRun } from '../../../src/ports/rows.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Computer', type: 'string' },
  { name: 'n', type: 'long' },
];
const NOW = { now: parseDatetime('2024-05-01T12:00:00Z')! };

let directory: string, store: DuckRowStore, part: RowStoreRun, run: RowStoreRun;
beforeEach(async () => {
  await store?.close();
  directory ??= await mkdtemp(join(tmpdir(), 'combine-'));
  store = new DuckRowStore({ directory, memoryLimitMb: 100 });
  part = await store.open('run/part1');
  run = await store.open('run');
  await part.append('ws1', whose('Contoso'), COLUMNS, [
    ['a', 2],
    ['b', 3],
  ]);
  await part.append('ws2', whose('Fabrikam'), COLUMNS, [
    ['a', 5],
    ['c', 9007199254740993n],
  ]);
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const whose = (customer: string) => ({ customer, tenant: `${customer}.example`, workspace: `law-${customer}` });
const collected = (targets = ['ws1', 'ws2'], columns = COLUMNS): CollectedTable[] => [
  { name: 'part1', columns, rows: part, targets },
];
async function rowsOf(one: RowStoreRun): Promise<readonly (readonly Cell[])[]> {
  return (await one.table(100)).table.rows;
}
const names = (one: RowStoreRun): string[] => one.columns().map((column) => column.name);

test('the answer over collected rows is the run: its columns alone, in its order', async () => {
  await run.combine('part1 | summarize n = sum(n) by Computer | sort by Computer desc', collected(), NOW);
  assert.deepEqual(names(run), ['Computer', 'n']);
  assert.deepEqual(await rowsOf(run), [
    ['c', 9007199254740993n],
    ['b', 3],
    ['a', 7],
  ]);
  assert.equal(run.rowCount(), 3);
  assert.deepEqual((await run.window({ first: 1, count: 1 })).rows, [['b', 3]]);
});

test('combined again it has the new rows only, and what is sorted or filtered follows', async () => {
  await run.combine('part1 | summarize n = sum(n) by Computer', collected(['ws1']), NOW);
  const sort = [{ column: 'n', descending: true }];
  assert.deepEqual((await run.window({ first: 0, count: 9, sort })).rows, [
    ['b', 3],
    ['a', 2],
  ]);
  await run.combine('part1 | summarize n = sum(n) by Computer', collected(), NOW);
  assert.deepEqual((await run.window({ first: 0, count: 9, sort })).rows, [
    ['c', '9007199254740993'],
    ['a', 7],
    ['b', 3],
  ]);
  assert.equal(run.rowCount(), 3);
});

test('only the rows of the targets that are named count', async () => {
  await run.combine('part1 | count', collected(['ws2', 'never asked']), NOW);
  assert.deepEqual(await rowsOf(run), [[2]]);
  await run.combine('part1 | count', collected([]), NOW);
  assert.deepEqual(await rowsOf(run), [[0]]);
});

test('whose a row is can be asked: a column like any other, but where all three come before the rest', async () => {
  const shown = () => run.columns().map(({ name, attribution }) => (attribution ? `${name} (attribution)` : name));
  await run.combine('part1 | summarize n = count() by _Customer, _Workspace | sort by _Customer asc', collected(), NOW);
  assert.deepEqual(await rowsOf(run), [
    ['Contoso', 'law-Contoso', 2],
    ['Fabrikam', 'law-Fabrikam', 2],
  ]);
  assert.deepEqual(shown(), ['_Customer', '_Workspace', 'n']);
  await run.combine('part1 | top 1 by n desc', collected(), NOW);
  assert.deepEqual(shown(), [
    '_Customer (attribution)',
    '_Tenant (attribution)',
    '_Workspace (attribution)',
    'Computer',
    'n',
  ]);
});

test('rows of targets take the place of combined ones', async () => {
  await run.combine('part1 | count', collected(), NOW);
  await run.append('ws1', whose('Contoso'), COLUMNS, [['a', 1]]);
  assert.deepEqual(
    [names(run).length, await rowsOf(run)],
    [5, [['Contoso', 'Contoso.example', 'law-Contoso', 'a', 1]]],
  );
});

test('now() is the given instant, and render is handed on', async () => {
  const { render } = await run.combine('part1 | summarize at = max(now()) | render table', collected(), NOW);
  assert.equal(render?.visualization, 'table');
  assert.deepEqual(await rowsOf(run), [['2024-05-01T12:00:00Z']]);
});

test('every type of value comes through as it was', async () => {
  const types: readonly Column[] = (
    ['bool', 'int', 'long', 'real', 'decimal', 'string', 'datetime', 'timespan', 'guid', 'dynamic'] as const
  ).map((type) => ({ name: `${type}_`, type }));
  const value: readonly Cell[] = [
    true,
    7,
    9007199254740993n,
    1.5,
    '1.10',
    "it's",
    '2024-05-01T10:00:00.1234567Z',
    '1.02:03:04.5000000',
    '0f8fad5b-d9cb-469f-a165-70867728950e',
    '{"a":[1,null]}',
  ];
  const nothing: readonly Cell[] = [null, null, null, null, null, '', null, null, null, null];
  await part.append('ws1', whose('Contoso'), types, [value, nothing]);
  await run.combine(
    'part1 | sort by int_ desc | project-away _Customer, _Tenant, _Workspace',
    collected(['ws1'], types),
    NOW,
  );
  const [first, second] = await rowsOf(run);
  assert.deepEqual(first, value);
  assert.deepEqual(second, nothing);
});

test('a column that came as int from one and as long from another is one; another type is refused by name', async () => {
  await part.append('ws1', whose('Contoso'), [COLUMNS[0]!, { name: 'n', type: 'int' }], [['a', 2]]);
  await run.combine('part1 | where Computer == "a" | summarize sum(n)', collected(), NOW);
  assert.deepEqual(await rowsOf(run), [[7]]);
  await part.append('ws1', whose('Contoso'), [COLUMNS[0]!, { name: 'n', type: 'string' }], [['a', '2']]);
  await assert.rejects(run.combine('part1 | count', collected(), NOW), {
    code: 'engine.otherType',
    message: 'A workspace answered with n as string, where long was asked.',
  });
  assert.deepEqual(await rowsOf(run), [[7]], 'what was there stays');
  // Asked again it said long: what it said before is forgotten.
  await part.append('ws1', whose('Contoso'), COLUMNS, [['a', 3]]);
  await run.combine('part1 | where Computer == "a" | summarize sum(n)', collected(), NOW);
  assert.deepEqual(await rowsOf(run), [[8]]);
});

test('a query that fails, one that is stopped, and an answer that is too wide leave the rows as they were', async () => {
  await run.combine('part1 | count', collected(), NOW);
  await assert.rejects(run.combine('part1 | project Missing', collected(), NOW), { code: 'query.semantic' });
  const stopped = new LocalSignal();
  stopped.abort();
  await assert.rejects(run.combine('part1 | count', collected(), { ...NOW, signal: stopped }), {
    code: 'cancelled.byUser',
  });
  const wide = Array.from({ length: 1001 }, (_, i) => `c${i} = n`).join(', ');
  await assert.rejects(run.combine(`part1 | project ${wide}`, collected(), NOW), { code: 'engine.tooWide' });
  assert.deepEqual(await rowsOf(run), [[4]]);
});

test('nobody answered yet: the columns of the part are known all the same', async () => {
  const none = await store.open('run/part2');
  const tables = [{ name: 'part2', columns: COLUMNS, rows: none, targets: [] }];
  await run.combine('part2 | summarize n = sum(n), any = count()', tables, NOW);
  assert.deepEqual(await rowsOf(run), [[0, 0]]);
});

test('a chart tells the rows apart by what the query kept of whose they are, one per customer too', async () => {
  const text = `part1
    | summarize n = sum(n) by _Customer, _Workspace, t = bin(datetime(2024-05-01), 1d)
    | union (print _Customer = 'Contoso', _Workspace = 'law-2', t = datetime(2024-05-01), n = 4)`;
  await run.combine(text, collected(['ws1'], COLUMNS), NOW);
  const series = async (panels: boolean): Promise<unknown> =>
    (await run.chart({ kind: 'timechart', maxPoints: 10, panels })).series.map(({ panel, name, y }) => [
      panel,
      name,
      y,
    ]);
  assert.deepEqual(await series(false), [
    [undefined, 'Contoso · law-Contoso', [5]],
    [undefined, 'Contoso · law-2', [4]],
  ]);
  assert.deepEqual(await series(true), [
    ['Contoso', 'law-Contoso', [5]],
    ['Contoso', 'law-2', [4]],
  ]);
  await run.combine('part1 | summarize n = sum(n) by _Customer, t = bin(datetime(2024-05-01), 1d)', collected(), NOW);
  assert.deepEqual(await series(true), [
    ['Contoso', 'n', [5]],
    ['Fabrikam', 'n', [9007199254740998]],
  ]);
});
