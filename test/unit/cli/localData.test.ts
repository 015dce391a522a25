import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadData } from '../../../src/cli/localData.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { writeParquet } from '../../../src/engine/store/parquet.ts';
import { NO_LINKS, ON_WINDOWS } from '../../harness/system.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'tenantscope-data-')));
let engine: LocalEngine;
before(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 256 });
});
after(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

/** A parquet file of one cell, its own name. */
async function parquetOf(folder: string, name: string): Promise<void> {
  const pages = async function* () {
    yield [[name]];
  };
  await writeParquet(join(folder, name), [{ name: 'from', type: 'string' }], pages());
}

test(
  'a name is a name: what DuckDB takes for a pattern reads the file that is called so',
  { skip: ON_WINDOWS },
  async () => {
    const folder = join(root, 'a[b]');
    mkdirSync(folder);
    mkdirSync(join(root, 'ab'));
    const names = ['d[1].parquet', 'd1.parquet', 'e*.parquet', 'e12.parquet', 'f?.parquet', 'f1.parquet', '~.parquet'];
    for (const name of names) await parquetOf(folder, name);
    await parquetOf(join(root, 'ab'), 'd1.parquet');
    const data = await loadData(engine, [folder]);
    const query = `union withsource=table ${names.map((name) => `['${name.replace('.parquet', '')}']`).join(', ')}`;
    const {
      tables: [table],
    } = await engine.query(`${query} | project table, from | order by table asc`, data);
    const rows = await table!.rows();
    await table!.dispose();
    assert.deepEqual(
      rows.map(([name, from]) => [`${String(name)}.parquet`, from]),
      names.toSorted().map((name) => [name, name]),
    );
    // The same for externaldata, which goes another way to the same reader.
    const beside = await engine.query(`externaldata(from:string)["d[1].parquet"]`, { ...data, beside: folder });
    assert.deepEqual(await beside.tables[0]!.rows(), [['d[1].parquet']]);
  },
);

test('a link in a folder of data leads nowhere else', { skip: NO_LINKS }, async () => {
  const folder = join(root, 'linked');
  mkdirSync(folder);
  writeFileSync(join(root, 'secret.csv'), 'a\n1\n');
  writeFileSync(join(folder, 'Own.csv'), 'a\n1\n');
  symlinkSync(join(folder, 'Own.csv'), join(folder, 'Same.csv'));
  const { database } = await loadData(engine, [folder]);
  assert.deepEqual(database?.tables.map(({ name }) => name).sort(), ['Own', 'Same']);
  symlinkSync(join(root, 'secret.csv'), join(folder, 'Other.csv'));
  await assert.rejects(loadData(engine, [folder]), {
    code: 'input.data',
    message: `${join(folder, 'Other.csv')} is a link that leads out of the folder. Name the file itself, or put a copy into the folder.`,
  });
  rmSync(join(folder, 'Other.csv'));
  symlinkSync(folder, join(root, 'door'));
  assert.equal(
    (await loadData(engine, [join(root, 'door')])).database?.tables.length,
    2,
    'a folder that is named may be one',
  );
});

test('times of a parquet file have all their digits', async () => {
  const times = ['2026-01-31T23:59:59.9999999Z', '1969-12-31T23:59:59.0000001Z', '2026-01-01T00:00:00.0000000Z'];
  const pages = async function* () {
    yield times.map((time) => [time]);
  };
  const path = join(root, 'Times.parquet');
  await writeParquet(path, [{ name: 'At', type: 'datetime' }], pages());
  const { database } = await loadData(engine, [path]);
  const { tables } = await engine.query('Times', { database });
  assert.deepEqual(
    (await tables[0]!.rows()).map(([at]) => at),
    times,
  );
});
