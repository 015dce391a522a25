import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

const N = [{ name: 'n', type: 'long' as const }];
const who = (workspace: string) => ({ customer: 'Contoso', tenant: 'Contoso AD', workspace });
const rows = (from: number, to: number): Cell[][] => Array.from({ length: to - from }, (_, i) => [from + i]);
const shown = async (run: RowStoreRun, first: number): Promise<unknown[]> =>
  (await run.window({ first, count: 3, columns: ['n'] })).rows.map(([n]) => n);

test('answers of one workspace that come one after the other are its rows, whoever else comes between', async () => {
  const store = new DuckRowStore({ memoryLimitMb: 200 });
  try {
    const run = await store.open('run');
    await run.append('a', who('a'), N, rows(0, 3), undefined, { room: 5_000 });
    await run.append('b', who('b'), N, rows(100, 102));
    const heard: number[] = [];
    await run.append('a', who('a'), N, rows(3, 4_000), (count) => heard.push(count), 'after');
    await run.append('a', who('a'), N, [], undefined, 'after');
    await run.append('c', who('c'), N, rows(200, 201));
    assert.deepEqual([run.rowCount(), run.rowCount(['a']), run.columns().at(-1)!.presentIn], [4_003, 4_000, 3]);
    assert.equal(heard.at(-1), 3_997, 'of this answer');
    await run.arrange(['c', 'a', 'b']);
    assert.deepEqual(
      [await shown(run, 0), await shown(run, 3_999), await shown(run, 4_001)],
      [
        [200, 0, 1],
        [3_998, 3_999, 100],
        [100, 101],
      ],
    );
    // Asked again, it begins anew, and no room is made for more.
    await run.append('a', who('a'), N, rows(7, 8));
    assert.deepEqual([run.rowCount(), await shown(run, 1)], [4, [100, 101, 7]]);
    await assert.rejects(run.append('a', who('a'), N, rows(0, 1), undefined, 'after'), { code: 'bug.noRoom' });
  } finally {
    await store.close();
  }
});

test('rows that came in several answers are there after a restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'store-'));
  try {
    const first = new DuckRowStore({ directory, persist: true, memoryLimitMb: 200 });
    const run = await first.open('run');
    await run.append('a', who('a'), N, rows(1, 2), undefined, { room: 10 });
    await run.append('a', who('a'), N, rows(2, 4), undefined, 'after');
    await first.close();
    const second = new DuckRowStore({ directory, persist: true, memoryLimitMb: 200 });
    const again = await second.open('run');
    assert.deepEqual([again.rowCount(), await shown(again, 0)], [3, [1, 2, 3]]);
    await second.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
