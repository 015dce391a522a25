import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it, mock } from 'node:test';
import { Database } from '../../../src/engine/database/database.ts';
import { toEngineError } from '../../../src/engine/database/errors.ts';
import { Session } from '../../../src/engine/database/session.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';

const FATAL =
  'FATAL Error: Failed: database has been invalidated because of a previous fatal error. The database must be restarted prior to being used again.\nOriginal error: "Failed to create checkpoint because of: could not allocate block of size 256.0 KiB (488.0 MiB/488.2 MiB used)"';
const WHO = { customer: 'c', tenant: 't', workspace: 'w' };
const NUMBER: Column[] = [{ name: 'n', type: 'long' }];
const wide = (count: number, first = 0): Column[] =>
  Array.from({ length: count }, (_, i) => ({ name: `c${first + i}`, type: i % 2 === 0 ? 'string' : 'long' }));
const rowsOf = (columns: readonly Column[], count: number): Cell[][] =>
  Array.from({ length: count }, (_, r) => columns.map(({ type }) => (type === 'string' ? `row ${r}` : r)));

/** From here on every connection there is now says what DuckDB says of a database it has given up. */
function fail(): void {
  const dead = new WeakSet<Session>();
  const living = new WeakSet<Session>();
  const { connect } = Database.prototype;
  mock.method(Database.prototype, 'connect', async function (this: Database) {
    const session = await connect.call(this);
    living.add(session);
    return session;
  });
  for (const name of ['run', 'all', 'openAppender'] as const) {
    const real = Session.prototype[name] as (...args: unknown[]) => Promise<unknown>;
    mock.method(Session.prototype, name, function (this: Session, ...args: unknown[]) {
      if (!living.has(this)) dead.add(this);
      return dead.has(this) ? Promise.reject(toEngineError(new Error(FATAL))) : real.apply(this, args);
    });
  }
}

describe('a database that fails for good', () => {
  const folders: string[] = [];
  const stores: DuckRowStore[] = [];
  afterEach(async () => {
    mock.restoreAll();
    for (const store of stores.splice(0)) await store.close();
  });
  after(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  async function open(onDisk: boolean, memoryLimitMb = 512): Promise<DuckRowStore> {
    const directory = onDisk ? await mkdtemp(join(tmpdir(), 'fails-')) : undefined;
    if (directory !== undefined) folders.push(directory);
    const store = new DuckRowStore({ ...(directory === undefined ? {} : { directory }), persist: true, memoryLimitMb });
    stores.push(store);
    return store;
  }

  it('is told by DuckDB in these words, a full disk behind it or not', () => {
    assert.equal(toEngineError(new Error(FATAL)).data?.['fatal'], true);
    const full = toEngineError(new Error(`${FATAL} No space left on device`));
    assert.deepEqual([full.code, full.data?.['fatal']], ['engine.disk', true]);
  });

  it('costs the answer it failed on; what was stored is there, and the next answer is stored', async () => {
    const store = await open(true);
    const run = await store.open('r');
    await run.append('first', WHO, NUMBER, [[1], [2]]);
    fail();
    await assert.rejects(run.append('second', WHO, NUMBER, [[3]]), { code: 'engine.reopened' });
    await run.append('third', WHO, NUMBER, [[4]]);
    const { rows, total } = await run.window({ first: 0, count: 10, columns: ['n'] });
    assert.deepEqual([total, rows], [3, [[1], [2], [4]]]);
    const next = await store.open('next');
    await next.append('first', WHO, NUMBER, [[5]]);
    assert.equal((await next.window({ first: 0, count: 1 })).total, 1);
  });

  it('is not seen by who reads: the same question is answered by the one opened anew', async () => {
    const store = await open(true);
    const run = await store.open('r');
    await run.append('first', WHO, NUMBER, [[2], [1]]);
    const sort = [{ column: 'n', descending: false }];
    await run.window({ first: 0, count: 10, sort });
    fail();
    const both = await Promise.all([run.window({ first: 0, count: 10, columns: ['n'], sort }), run.statistics('n')]);
    assert.deepEqual(both[0].rows, [[1], [2]]);
    assert.equal(both[1].rows, 2);
  });

  it('takes the rows with it where they were in memory alone, and the run says so; the next one works', async () => {
    const store = await open(false);
    const run = await store.open('r');
    await run.append('first', WHO, NUMBER, [[1]]);
    fail();
    await assert.rejects(run.window({ first: 0, count: 1 }), { code: 'engine.rowsLost' });
    await assert.rejects(run.append('second', WHO, NUMBER, [[3]]), { code: 'engine.rowsLost' });
    const next = await store.open('next');
    await next.append('first', WHO, NUMBER, [[5]]);
    assert.deepEqual((await next.window({ first: 0, count: 1, columns: ['n'] })).rows, [[5]]);
  });

  it('does not come of 1,000 columns from each of five workspaces, which differ in forty', async () => {
    const store = await open(true, 256);
    const run = await store.open('r');
    for (let target = 0; target < 5; target++) {
      const columns = wide(1_000, target * 40);
      await run.append(`t${target}`, { ...WHO, workspace: `w${target}` }, columns, rowsOf(columns, 800));
    }
    const { total, rows } = await run.window({ first: 3_200, count: 1, columns: ['_Workspace', 'c1159'] });
    assert.deepEqual([total, rows], [4_000, [['w4', 0]]]);
  });

  it('makes a table of 5,000 columns without a copy of the list for each, and refuses the 5,001st by number', async () => {
    const store = await open(true, 1_024);
    const run = await store.open('r');
    const before = process.resourceUsage().maxRSS;
    await run.append('narrow', WHO, wide(1_000), rowsOf(wide(1_000), 2));
    await run.append('wide', WHO, wide(5_000), rowsOf(wide(5_000), 2));
    const grown = (process.resourceUsage().maxRSS - before) / 1_000;
    assert.ok(grown < 1_000, `${grown} MB`);
    await assert.rejects(run.append('wider', WHO, wide(2, 4_999), [['x', 1]]), {
      code: 'engine.tooWide',
      data: { columns: 5_002, most: 5_000 },
    });
    assert.deepEqual((await run.window({ first: 0, count: 9, columns: ['c999', 'c4999'] })).rows, [
      [0, null],
      [1, null],
      [0, 0],
      [1, 1],
    ]);
  });
});
