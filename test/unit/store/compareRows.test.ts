import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Cell, Column, KqlType } from '../../../src/model/kqlType.ts';
import { COMBINED } from '../../../src/ports/rows.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

let directory: string, store: DuckRowStore;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'compareRows-'));
  store = new DuckRowStore({ directory, memoryLimitMb: 200 });
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

let runs = 0;
/** A run of one workspace of Contoso, unless others are named; columns as `name:type`. */
async function runOf(specs: string, rows: readonly (readonly Cell[])[], whose = 'Contoso'): Promise<RowStoreRun> {
  const run = await store.open(`run${++runs}`);
  await add(run, specs, rows, whose);
  return run;
}
async function add(run: RowStoreRun, specs: string, rows: readonly (readonly Cell[])[], whose: string): Promise<void> {
  const columns = specs.split(' ').map((spec): Column => {
    const [name, type] = spec.split(':');
    return { name: name!, type: type as KqlType };
  });
  await run.append(whose, { customer: whose, tenant: 't', workspace: `law-${whose}` }, columns, rows);
}
/** The rows of the comparison without whose they are, and its counts. */
async function compare(one: RowStoreRun, other: RowStoreRun, key: readonly string[], targets?: readonly string[]) {
  const run = await store.open(`run${++runs}`);
  const { byTarget, ...counts } = await run.compare({ rows: one, targets }, { rows: other, targets }, { key });
  const columns = run.columns().filter(({ attribution }) => !attribution);
  const { table } = await run.table(1000);
  const rows = table.rows.map((row) => row.slice(table.columns.length - columns.length));
  return { run, columns: columns.map(({ name }) => name), rows, counts: Object.values(counts), byTarget };
}

test('by a key: what was added, what is gone, and what changed with what it was', async () => {
  const was = await runOf('Computer:string Version:string n:long', [
    ['a', '1.0', 1],
    ['b', '1.0', 2],
    ['c', '1.0', 3],
  ]);
  const is = await runOf('Computer:string Version:string n:long', [
    ['d', '2.0', 4],
    ['a', '1.0', 1],
    ['b', '2.0', 7],
  ]);
  const { columns, rows, counts, byTarget, run } = await compare(was, is, ['Computer']);
  assert.deepEqual(columns, ['_Change', '_Changed', 'Computer', 'Version', 'n', '_Before']);
  assert.deepEqual(rows, [
    ['added', '', 'd', '2.0', 4, null],
    ['changed', 'Version, n', 'b', '2.0', 7, '{"Version":"1.0","n":2}'],
    ['gone', '', 'c', '1.0', 3, null],
  ]);
  assert.deepEqual([counts, byTarget], [[1, 1, 1, 1], { Contoso: 3 }]);
  assert.deepEqual(Object.keys(run.stamps()), [COMBINED]);
  assert.deepEqual(
    run
      .columns()
      .slice(0, 3)
      .map(({ name, attribution }) => [name, attribution]),
    [
      ['_Customer', true],
      ['_Tenant', true],
      ['_Workspace', true],
    ],
  );
});

test('without a key whole rows are counted: two of the same, then one, is one gone', async () => {
  const was = await runOf('n:long', [[1], [1], [2]]);
  const is = await runOf('n:long', [[1], [3]]);
  const { rows, counts } = await compare(was, is, []);
  assert.deepEqual(rows, [
    ['added', '', 3, null],
    ['gone', '', 1, null],
    ['gone', '', 2, null],
  ]);
  assert.deepEqual(counts, [1, 2, 0, 1]);
});

test('rows of one key are told apart: those that are the same first, the others in their order', async () => {
  const was = await runOf('k:string n:long', [
    ['a', 1],
    ['a', 2],
    ['a', 3],
  ]);
  const is = await runOf('k:string n:long', [
    ['a', 3],
    ['a', 9],
  ]);
  const { rows, counts } = await compare(was, is, ['k']);
  assert.deepEqual(rows, [
    ['changed', 'n', 'a', 9, '{"n":1}'],
    ['gone', '', 'a', 2, null],
  ]);
  assert.deepEqual(counts, [0, 1, 1, 1]);
});

test('a key without a value is a key like any other', async () => {
  const was = await runOf('k:guid n:long', [[null, 1]]);
  const is = await runOf('k:guid n:long', [[null, 2]]);
  assert.deepEqual((await compare(was, is, ['k'])).rows, [['changed', 'n', null, 2, '{"n":1}']]);
});

test('every type is compared by its value, and what it was is JSON', async () => {
  const specs = 'k:long b:bool i:int r:real d:decimal s:string t:datetime p:timespan g:guid o:dynamic';
  const was = await runOf(specs, [
    [
      1,
      true,
      1,
      'NaN',
      '1.5',
      'say "x"',
      '2024-01-01T00:00:00.1234567Z',
      '1.00:00:00',
      '0C7F65C9-5A8D-4F1C-9AF3-0A1F5B6E0C01',
      '{"a": 1}',
    ],
    [
      2,
      true,
      1,
      'NaN',
      '1.5',
      'x',
      '2024-01-01T00:00:00Z',
      '1.00:00:00',
      '0C7F65C9-5A8D-4F1C-9AF3-0A1F5B6E0C01',
      '{"a": 1}',
    ],
  ]);
  const is = await runOf(specs, [
    [1, null, null, 0.5, null, '', null, null, null, null],
    [
      2,
      true,
      1,
      'NaN',
      '1.5',
      'x',
      '2024-01-01T00:00:00.0000000Z',
      '1.00:00:00',
      '0c7f65c9-5a8d-4f1c-9af3-0a1f5b6e0c01',
      '{"a":1}',
    ],
  ]);
  const { rows, counts } = await compare(was, is, ['k']);
  assert.deepEqual(counts, [0, 0, 1, 1], 'the same value in another writing is the same');
  assert.equal(rows[0]![1], 'b, i, r, d, s, t, p, g, o');
  assert.deepEqual(JSON.parse(String(rows[0]!.at(-1))), {
    b: true,
    i: 1,
    r: 'NaN',
    d: '1.5',
    s: 'say "x"',
    t: '2024-01-01T00:00:00.1234567Z',
    p: '1.00:00:00',
    g: '0c7f65c9-5a8d-4f1c-9af3-0a1f5b6e0c01',
    o: { a: 1 },
  });
});

test('a column that one of them lacks, or has of another type, is shown and changes no row', async () => {
  const was = await runOf('k:string old:long level:long', [
    ['a', 1, 1],
    ['b', 1, 2],
  ]);
  const is = await runOf('k:string new:string level:string', [
    ['a', 'x', '1'],
    ['c', 'y', '3'],
  ]);
  const { columns, rows, counts } = await compare(was, is, ['k']);
  assert.deepEqual(columns, ['_Change', '_Changed', 'k', 'new', 'level_long', 'level_string', 'old', '_Before']);
  assert.deepEqual(rows, [
    ['added', '', 'c', 'y', null, '3', null, null],
    ['gone', '', 'b', '', 2, '', 1, null],
  ]);
  assert.deepEqual(counts, [1, 1, 0, 1]);
});

test('a row of one workspace is none of another; only the workspaces that are named are looked at', async () => {
  const was = await runOf('k:string n:long', [['a', 1]]);
  await add(
    was,
    'k:string n:long',
    [
      ['a', 1],
      ['b', 2],
    ],
    'Fabrikam',
  );
  const is = await runOf('k:string n:long', [['a', 5]]);
  const keys = ['_Customer', '_Tenant', '_Workspace', 'k'];
  assert.deepEqual((await compare(was, is, keys)).counts, [0, 2, 1, 0]);
  const one = await compare(was, is, keys, ['Contoso']);
  assert.deepEqual([one.counts, one.byTarget], [[0, 0, 1, 0], { Contoso: 1 }]);
  assert.deepEqual((await compare(was, is, keys, [])).counts, [0, 0, 0, 0]);
});

test('columns of an earlier comparison are columns like others', async () => {
  const was = await runOf('k:string _Change:string', [['a', 'x']]);
  const is = await runOf('k:string _Change:string', [['a', 'y']]);
  const { columns, rows } = await compare(was, is, ['k']);
  assert.deepEqual(columns, ['_Change1', '_Changed', 'k', '_Change', '_Before']);
  assert.deepEqual(rows, [['changed', '_Change', 'a', 'y', '{"_Change":"x"}']]);
});

test('a run without rows, on either side', async () => {
  const [none, some] = [await store.open('never asked'), await runOf('n:long', [[1]])];
  const empty = await runOf('n:long', []);
  assert.deepEqual((await compare(empty, some, [])).counts, [1, 0, 0, 0]);
  assert.deepEqual((await compare(some, empty, ['n'])).counts, [0, 1, 0, 0]);
  assert.deepEqual((await compare(none, some, ['_Customer'])).counts, [1, 0, 0, 0]);
});

test('no column in common, and a key that not both have, are refused by name; nothing is left of it', async () => {
  const total = await store.open('total');
  await total.combine('print x = 1', [], { now: 0n });
  const other = await store.open('other');
  await other.combine('print y = 1', [], { now: 0n });
  await assert.rejects(compare(total, other, []), { code: 'input.nothingInCommon' });
  const some = await runOf('n:long', [[1]]);
  await assert.rejects(compare(some, await runOf('n:string', [['1']]), ['n']), {
    code: 'input.unknownColumn',
    message: 'Not both runs have a column n of the same type.',
  });
});

test('who cancels gets no rows, and the run stays as it was', async () => {
  const some = await runOf('n:long', [[1]]);
  const run = await runOf('n:long', [[5]]);
  const stop = new LocalSignal();
  stop.abort();
  await assert.rejects(run.compare({ rows: some }, { rows: some }, { key: [], signal: stop }), {
    code: 'cancelled.byUser',
  });
  assert.equal(run.rowCount(), 1);
});

test('whether columns tell all rows apart', async () => {
  const run = await runOf('k:string n:long', [
    ['a', 1],
    ['a', 2],
  ]);
  await add(run, 'k:string n:long', [['b', 1]], 'Fabrikam');
  assert.deepEqual(
    [await run.hasUnique(['k']), await run.hasUnique(['k', 'n']), await run.hasUnique(['k'], ['Fabrikam'])],
    [false, true, true],
  );
});
