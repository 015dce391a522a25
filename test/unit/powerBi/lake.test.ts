import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { factsOf } from '../../../src/core/powerBi/facts.ts';
import { LakeSink } from '../../../src/engine/lake/lakeSink.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { PowerBiRollup } from '../../../src/core/powerBi/factColumn.ts';
import { HOSTILE } from './rollups.ts';

test('the columns that are read of a lake are those of its files, by their names there', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'powerbi-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const own = HOSTILE.table.columns.filter(({ name }) => /^\w+$/.test(name));
  const rollup: PowerBiRollup = { ...HOSTILE, table: { ...HOSTILE.table, columns: own } };
  const sink = new LakeSink(folder);
  t.after(() => sink.close());
  await sink.prepare(rollup.table);
  const row = [...ROLLUP_COLUMNS, ...own].map(({ name }) => (name === '_RowKey' ? '0123456789abcdef' : null));
  await sink.write(
    {
      table: rollup.table,
      key: { rollup: rollup.table.id, workspace: 'w', from: 0, to: 1 },
      customer: toCustomerKey('c'),
      // eslint-disable-next-line @typescript-eslint/require-await
      pages: (async function* () {
        yield [row];
      })(),
      mayCommit: () => Promise.resolve(),
    },
    NEVER,
  );
  const [file] = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.parquet'));
  // The places that a query of the project looks for.
  assert.match(`/${file!.replaceAll('\\', '/')}`, /\/rollups\/Hostile-ccddeeff\/customer=c\/day=1970-01-01\/[^/]+$/);
  const engine = await openEngine();
  t.after(() => engine.close());
  const { columns } = await engine.loadFile(join(folder, file!), 'main', 'File');
  const inFile = new Set(columns.map(({ name }) => name));
  const read = factsOf([rollup])[0]!.columns.map((column) => column.file);
  assert.deepEqual(
    read.filter((name) => !inFile.has(name)),
    [],
  );
  assert.ok(read.includes('n_1'), 'N and n are two');
});
