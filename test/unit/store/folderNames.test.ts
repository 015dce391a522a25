import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { removePath } from '../../../src/engine/replaceFile.ts';
import { writeParquet } from '../../../src/engine/store/parquet.ts';
import { openStore } from '../../../src/engine/store/storeFile.ts';

/** A home folder bears its person's name: spaces, quotes and letters that no code page of Windows has together. */
const home = join(mkdtempSync(join(tmpdir(), 'names-')), "Jürgen O'Ångström 山田");
mkdirSync(home);
after(() => removePath(home));

async function* pages(): AsyncGenerator<string[][]> {
  yield [['Ægir'], ['b']];
}

test('rows are stored, written and read again in a folder of any name', async () => {
  const kept = await openStore({ directory: join(home, 'runs'), persist: true, memoryLimitMb: 64 });
  await kept.close();
  assert.deepEqual(readdirSync(join(home, 'runs')), ['runs.duckdb']);

  const path = join(home, 'Schiffe größer.parquet');
  assert.equal(await writeParquet(path, [{ name: 'Name', type: 'string' }], pages()), 2);
  const lines = join(home, 'Häfen.jsonl');
  writeFileSync(lines, '{"Name":"Ægir"}\n');
  const engine = await openEngine({ memoryLimitMb: 64, tempDirectory: join(home, 'spill') });
  const tables = [await engine.loadFile(path, 'local', 'Ships'), await engine.loadFile(lines, 'local', 'Harbours')];
  const { tables: answer } = await engine.query('Ships | join kind=inner Harbours on Name | count', {
    database: { name: 'local', tables },
  });
  assert.deepEqual(await answer[0]!.rows(), [[1]]);
  await engine.close();
});

test('a store that is not kept leaves nothing open: its folder goes', async () => {
  const folder = join(home, 'passing');
  const store = await openStore({ directory: folder, memoryLimitMb: 64 });
  assert.equal(readdirSync(folder).filter((name) => name.endsWith('.duckdb')).length, 1);
  await store.close();
  assert.deepEqual(readdirSync(folder), []);
});
