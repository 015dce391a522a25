import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import { SelectionViews } from '../../../src/engine/store/views.ts';
import type { Column } from '../../../src/model/kqlType.ts';

test('a wide answer goes to a file in pages of so many cells, not of so many rows', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'pages-'));
  const store = new DuckRowStore({ memoryLimitMb: 256 });
  const pages: number[] = [];
  const { read } = SelectionViews.prototype;
  mock.method(
    SelectionViews.prototype,
    'read',
    async function (this: SelectionViews, ...args: Parameters<typeof read>) {
      const page = await read.apply(this, args);
      pages.push(page.rows.length * args[0].length);
      return page;
    },
  );
  context.after(async () => {
    mock.restoreAll();
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  const columns = Array.from({ length: 997 }, (_, i): Column => ({ name: `c${i}`, type: 'long' }));
  const run = await store.open('wide');
  const rows = Array.from({ length: 1_100 }, (_, row) => columns.map((_column, at) => row + at));
  await run.append('t', { customer: 'c', tenant: 't', workspace: 'w' }, columns, rows);
  const path = join(directory, 'wide.csv');
  assert.equal((await run.export(path, 'csv')).rows, 1_100);
  assert.deepEqual(pages, [500_000, 500_000, 100_000]);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\r\n');
  assert.deepEqual(
    lines.slice(1).map((line) => Number(line.split(',')[3])),
    Array.from({ length: 1_100 }, (_, row) => row),
  );
});
