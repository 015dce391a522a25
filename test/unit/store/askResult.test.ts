import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import { parseDatetime } from '../../../src/model/values/datetime.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Computer', type: 'string' },
  { name: 'n', type: 'long' },
];
const NOW = { now: parseDatetime('2024-05-01T12:00:00Z')! };
const whose = (customer: string) => ({ customer, tenant: 't', workspace: `law-${customer}` });

let directory: string, store: DuckRowStore, source: RowStoreRun;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'askResult-'));
  store = new DuckRowStore({ directory, memoryLimitMb: 100 });
  source = await store.open('source');
  await source.append('ws1', whose('Contoso'), COLUMNS, [
    ['b', 3],
    ['a', 2],
  ]);
  await source.append('ws2', whose('Fabrikam'), COLUMNS, [['a', 5]]);
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

/** The rows of the answer to a query over the rows of a run, in a run of its own. */
async function ask(text: string, rows = source): Promise<{ run: RowStoreRun; rows: readonly (readonly Cell[])[] }> {
  const run = await store.open(text);
  await run.combine(text, [{ name: 'Results', rows }], NOW);
  return { run, rows: (await run.table(100)).table.rows };
}

test('all rows of a run are the table Results, with whose they are; the run stays as it is', async () => {
  const { rows, run } = await ask('Results | summarize n = sum(n) by _Customer | sort by n asc, _Customer asc');
  assert.deepEqual(rows, [
    ['Contoso', 5],
    ['Fabrikam', 5],
  ]);
  assert.deepEqual([run.rowCount(), source.rowCount()], [2, 3]);
});

test('taken from the top they come as they are shown: in the order the targets were arranged', async () => {
  await source.arrange(['ws2', 'ws1']);
  const shown = (await source.table(2)).table.rows;
  assert.deepEqual((await ask('Results | take 2')).rows, shown);
  await source.arrange(['ws1', 'ws2']);
});

test('the answer of such a query can be asked in turn; it has the columns it was given alone', async () => {
  const { run } = await ask('Results | project Computer, n | sort by n desc');
  assert.deepEqual((await ask('Results | take 2', run)).rows, [
    ['a', 5],
    ['b', 3],
  ]);
  await assert.rejects(ask('Results | project _Customer', run), { code: 'query.semantic' });
});

test('what is wrong is refused with its place: a column there is not, another table, several tables', async () => {
  await assert.rejects(ask('Results\n| where Missing > 1'), ({ code, data }: { code: string; data: object }) => {
    assert.equal(code, 'query.semantic');
    const { line, start } = data as { line?: number; start?: number };
    assert.deepEqual([line, start], [2, 16]);
    return true;
  });
  await assert.rejects(ask('Heartbeat | count'), { code: 'query.semantic' });
  await assert.rejects(ask('Results | fork (take 1) (count)'), {
    code: 'query.severalTables',
    message: /gives 2 tables/,
  });
  await assert.rejects(ask('externaldata(x: string) ["/etc/passwd"]'), { code: /^query\./ });
});
