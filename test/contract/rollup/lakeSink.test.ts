import assert from 'node:assert/strict';

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { customerFolder } from '../../../src/engine/lake/lakePaths.ts';
import { LakeSink } from '../../../src/engine/lake/lakeSink.ts';
import { LakeState } from '../../../src/engine/lake/lakeState.ts';
import { readLake } from '../../../src/engine/lake/readLake.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import { sinkContract } from './sinkContract.ts';
import { stateContract } from './stateContract.ts';

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

stateContract('A lake', async () => {
  const folder = await newFolder();
  return {
    open: () => new LakeState(folder),
    spoil: async (name, text) => {
      const versions = (await readdir(join(folder, 'state', name))).filter((file) => /^\d+\.json$/.test(file));
      const newest = Math.max(...versions.map((file) => Number.parseInt(file, 10)));
      await writeFile(join(folder, 'state', name, `${newest}.json`), text);
    },
    close: () => rm(folder, { recursive: true }),
  };
});

describe('a column that is called as folders of a lake are', () => {
  it('has its own values: a late row’s day is not the day of its window', async () => {
    const folder = await newFolder();
    const engine = await openEngine({ memoryLimitMb: 256 });
    const sink = new LakeSink(folder);
    const columns = [
      { name: 'Day', type: 'datetime' },
      { name: 'Customer', type: 'string' },
    ] as const;
    const table = {
      id: 'D-00000000',
      name: 'D',
      kind: 'portion',
      columns,
      viewColumns: columns,
      windowMinutes: 60,
    } as const;
    const [from, to] = ['2026-01-31T00:00:00.0000000Z', '2026-01-31T01:00:00.0000000Z'] as const;
    await sink.prepare(table);
    const row = ['Contoso', 't', 'w', table.id, from, to, '0'.repeat(32), '2026-01-30T00:00:00.0000000Z', 'Somebody'];
    await sink.write(
      {
        table,
        key: { rollup: table.id, workspace: 'w', from: Date.parse(from), to: Date.parse(to) },
        customer: toCustomerKey('contoso'),
        pages: (async function* () {
          yield [row];
        })(),
        mayCommit: async () => undefined,
      },
      NEVER,
    );
    const read = await readLake(engine, folder, 'lake');
    const { tables } = await engine.query('D | project Day, Customer', { database: { name: 'lake', ...read } });
    assert.deepEqual(await tables[0]!.rows(), [['2026-01-30T00:00:00.0000000Z', 'Somebody']]);
    await sink.close();
    await engine.close();
    await rm(folder, { recursive: true });
  });
});

describe('the state of a lake', () => {
  it('keeps few old versions', async () => {
    const folder = await newFolder();
    const state = new LakeState(folder);
    for (let version = 0; version < 20; version++) await state.save('a/b', { version }, version);
    assert.ok((await readdir(join(folder, 'state', 'a', 'b'))).length <= 3);
    await rm(folder, { recursive: true });
  });
});
