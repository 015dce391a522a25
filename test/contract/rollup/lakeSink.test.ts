import assert from 'node:assert/strict';

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { customerFolder } from '../../../src/engine/lake/lakePaths.ts';
import { LakeSink } from '../../../src/engine/lake/lakeSink.ts';
import { LakeState } from '../../../src/engine/lake/lakeState.ts';
import { readLake } from '../../../src/engine/lake/readLake.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import { sinkContract } from './sinkContract.ts';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'tenantscope-lake-'));

sinkContract('A lake', async () => {
  const folder = await newFolder();
  const engine = await openEngine({ memoryLimitMb: 256 });
  const sink = new LakeSink(folder);
  return {
    sink,
    rowsOf: async (table, customer) => {
      const { tables, functions } = await readLake(engine, folder, 'lake');
      const where = customer === undefined ? '' : `| where _Customer == ${JSON.stringify(customer)} `;
      const answer = await engine.query(`${table.name} ${where}| sort by N asc`, {
        database: { name: 'lake', tables, functions },
      });
      const rows = await answer.tables[0]!.rows();
      await answer.tables[0]!.dispose();
      return rows.map((row) => row.slice(ROLLUP_COLUMNS.length));
    },
    close: async () => {
      await sink.close();
      await engine.close();
      const left = await readdir(join(folder, '.partial'), { recursive: true });
      assert.deepEqual(
        left.filter((name) => name.endsWith('.parquet')),
        [],
        'nothing half written is left',
      );
      await rm(folder, { recursive: true });
    },
  };
});

describe('the folders of a lake', () => {
  it('are names on every system, and different ones for customers that differ in case alone', () => {
    const names = [
      'Contoso',
      'contoso',
      'CONTOSO',
      'con',
      'a/b',
      'a.',
      'a ',
      '..',
      'ä',
      'x'.repeat(200),
      'x'.repeat(201),
    ].map(customerFolder);
    for (const name of names) assert.match(name, /^customer=[A-Za-z0-9%_-]{1,80}$/);
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
  });
  it('are one view for DuckDB itself', async () => {
    const folder = await newFolder();
    const sink = new LakeSink(folder);
    const table = {
      id: 'B-00000000',
      name: 'B',
      kind: 'portion',
      columns: [],
      viewColumns: [],
      windowMinutes: 5,
    } as const;
    await sink.prepare(table);
    await sink.close();
    assert.match(
      await readFile(join(folder, 'lake.sql'), 'utf8'),
      /CREATE OR REPLACE VIEW "B" AS SELECT \* FROM read_parquet\('rollups\/B-00000000\/customer=\*\/day=\*\/\*\.parquet'/,
    );
    await rm(folder, { recursive: true });
  });
});

describe('the state of a lake', () => {
  it('changes for who has seen the last version, of many at once for one', async () => {
    const folder = await newFolder();
    const states = Array.from({ length: 5 }, () => new LakeState(folder));
    const [state] = states as [LakeState];
    assert.deepEqual(await state.load('a/b'), { value: undefined, version: 0 });
    for (let version = 0; version < 20; version++) {
      const saved = await Promise.all(states.map((one, i) => one.save('a/b', { i, version }, version)));
      assert.equal(saved.filter(Boolean).length, 1);
      const { value, version: now } = await state.load<{ i: number; version: number }>('a/b');
      assert.deepEqual([value, now], [{ i: saved.indexOf(true), version }, version + 1]);
    }
    assert.equal(await state.save('a/b', {}, 3), false);
    assert.ok((await readdir(join(folder, 'state', 'a', 'b'))).length <= 3, 'old versions go');
    assert.deepEqual(await state.list('a'), ['a/b']);
    await rm(folder, { recursive: true });
  });
  it('that cannot be read is no new beginning', async () => {
    const folder = await newFolder();
    const state = new LakeState(folder);
    await state.save('a', { n: 1 }, 0);
    await writeFile(join(folder, 'state', 'a', '1.json'), '{"n":');
    await assert.rejects(state.load('a'), { code: 'engine.rollupState' });
    await rm(folder, { recursive: true });
  });
});
