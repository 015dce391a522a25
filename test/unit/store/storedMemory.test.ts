import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, mock } from 'node:test';
import { CHUNK_ROWS, TableAppender } from '../../../src/engine/database/tableAppender.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import { openStore } from '../../../src/engine/store/storeFile.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';

const WHO = { customer: 'c', tenant: 't', workspace: 'w' };
const COLUMNS: Column[] = Array.from({ length: 20 }, (_, i) => ({ name: `c${i}`, type: i < 2 ? 'string' : 'int' }));
/** A large answer (two million cells), most of which say little; two texts of 500 values each. */
const PAGES = 60;

function* pages(): Generator<Cell[][]> {
  for (let page = 0; page < PAGES; page++)
    yield Array.from({ length: CHUNK_ROWS }, (_, r) =>
      COLUMNS.map(({ type }, c): Cell => (type === 'string' ? `a text of column ${c}, ${r % 500}` : 1)),
    );
}

describe('what a large answer costs the database', () => {
  const folders: string[] = [];
  after(async () => {
    mock.restoreAll();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  const folder = async (): Promise<string> => {
    folders.push(await mkdtemp(join(tmpdir(), 'stored-')));
    return folders.at(-1)!;
  };

  it('is a small file, which is what DuckDB keeps of it, and few rows at a time uncompressed', async () => {
    const directory = await folder();
    const store = new DuckRowStore({ directory, persist: true, memoryLimitMb: 512 });
    const handed: number[] = [];
    let gathered = 0;
    const { appendChunk, flush } = TableAppender.prototype;
    mock.method(
      TableAppender.prototype,
      'appendChunk',
      function (this: TableAppender, ...args: Parameters<typeof appendChunk>) {
        gathered += args[0];
        appendChunk.apply(this, args);
      },
    );
    mock.method(TableAppender.prototype, 'flush', function (this: TableAppender) {
      handed.push(gathered);
      gathered = 0;
      flush.call(this);
    });
    try {
      const run = await store.open('large');
      await run.append('t', WHO, COLUMNS, { length: PAGES * CHUNK_ROWS, pages });
      assert.equal(run.rowCount(), PAGES * CHUNK_ROWS);
      const last = await run.window({ first: PAGES * CHUNK_ROWS - 1, count: 1, columns: ['c1', 'c19'] });
      assert.deepEqual(last.rows, [['a text of column 1, 47', 1]]);
    } finally {
      await store.close();
    }
    assert.ok(Math.max(...handed) <= 16 * CHUNK_ROWS, `${Math.max(...handed)} rows lay in the appender`);
    const { size } = await stat(join(directory, 'runs.duckdb'));
    assert.ok(size < 1_500_000, `${size} bytes`);
  });

  it('is written row group by row group', async () => {
    const { database, close } = await openStore({ directory: await folder(), memoryLimitMb: 128 });
    try {
      const session = await database.connect();
      const [[held] = []] = await session.all("SELECT current_setting('write_buffer_row_group_count')::INTEGER");
      assert.equal(held, 1);
    } finally {
      await close();
    }
  });
});
