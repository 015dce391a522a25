/** Rows that are not to be kept, in a store that keeps. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { parseDatetime } from '../../../src/model/values/datetime.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Computer', type: 'string' },
  { name: 'n', type: 'long' },
];
const NOW = { now: parseDatetime('2024-05-01T12:00:00Z')! };
const SECRET = 'nobody-is-to-keep-this';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'passing-'));
});
after(() => rm(directory, { recursive: true, force: true }));

/** Files of the store that hold the text. */
async function holding(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true }))
    if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(text)) found.push(entry.name);
  return found;
}

test('no file of the store has a byte of them, whatever is made of them; a run beside them is kept as ever', async () => {
  const store = new DuckRowStore({ directory, persist: true, memoryLimitMb: 100 });
  const whose = { customer: `${SECRET} customer`, tenant: 't', workspace: 'w' };
  const rows = Array.from({ length: 5_000 }, (_, n) => [`${SECRET} ${n}`, n]);
  const run = await store.open('passing', { passing: true });
  await run.append('ws1', whose, COLUMNS, rows);
  await run.append('ws2', whose, [{ name: `${SECRET} column`, type: 'string' }, ...COLUMNS], [['x', 'y', 1]]);
  await run.append('ws2', whose, COLUMNS, [['y', 1]]);
  await run.appendAll(COLUMNS, [{ target: 'ws2', attribution: whose, rows: [['y', 1]] }]);
  await run.arrange(['ws2', 'ws1']);
  const window = await run.window({ first: 0, count: 1, sort: [{ column: 'n', descending: true }], search: SECRET });
  assert.deepEqual([window.total, window.rows[0]!.at(-1)], [5_001, 4_999]);
  assert.deepEqual(await holding(SECRET), []);

  const asked = await store.open('asked', { passing: true });
  await asked.combine(
    'Results | where n >= 0 | extend Twice = strcat(Computer, Computer)',
    [{ name: 'Results', rows: run }],
    NOW,
  );
  assert.deepEqual(await holding(SECRET), [], 'what it is asked neither');
  const compared = await store.open('compared', { passing: true });
  const changes = await compared.compare(
    { rows: asked },
    { rows: run },
    { key: ['_Customer', '_Workspace', 'Computer'] },
  );
  assert.deepEqual([asked.rowCount(), changes.same], [5_001, 5_001]);
  await compared.compare({ rows: await store.open('none', { passing: true }) }, { rows: run }, { key: [] });
  assert.equal(compared.rowCount(), 5_001);
  assert.deepEqual(await holding(SECRET), [], 'nor what it is compared with');

  const kept = await store.open('kept');
  await kept.append('ws1', { customer: 'c', tenant: 't', workspace: 'w' }, COLUMNS, [['this one stays', 1]]);
  await (await store.engine()).sql('CHECKPOINT');
  assert.deepEqual(await holding(SECRET), []);
  assert.notDeepEqual(await holding('this one stays'), [], 'the search finds what is there');
  await store.close();

  const next = new DuckRowStore({ directory, persist: true, memoryLimitMb: 100 });
  assert.deepEqual(
    await Promise.all(['passing', 'asked', 'kept'].map(async (name) => (await next.open(name)).rowCount())),
    [0, 0, 1],
  );
  await next.close();
});

test('more of them than fit in memory go to temporary files, which go with the store; discarded ones are gone', async () => {
  const store = new DuckRowStore({ directory, persist: true, memoryLimitMb: 64 });
  const run = await store.open('large', { passing: true });
  const text = 'x'.repeat(1_000);
  for (let target = 0; target < 6; target++)
    await run.append(
      `ws${target}`,
      { customer: 'c', tenant: 't', workspace: 'w' },
      COLUMNS,
      Array.from({ length: 20_000 }, (_, n) => [`${n} ${text} ${target}`, n]),
    );
  assert.equal((await run.window({ first: 119_999, count: 1 })).rows.length, 1);
  await run.discard();
  assert.equal(run.rowCount(), 0);
  await store.close();
  assert.deepEqual(
    (await readdir(directory)).filter((name) => name.startsWith('session-')),
    [],
  );
});
