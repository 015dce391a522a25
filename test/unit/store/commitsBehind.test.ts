import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { Database } from '../../../src/engine/database/database.ts';
import type { Session } from '../../../src/engine/database/session.ts';
import type { TableAppender } from '../../../src/engine/database/tableAppender.ts';
import { CommitsBehind } from '../../../src/engine/store/commitsBehind.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';

const WHOSE = { customer: 'c', tenant: 't', workspace: 'w' };

/** A session that notes what is asked of it, and whose commits end when the test says so. */
function scripted() {
  const seen: string[] = [];
  const commits: { end(): void; fail(error: Error): void }[] = [];
  const session = {
    run: (sql: string) => {
      seen.push(sql);
      return sql === 'COMMIT'
        ? new Promise<void>((resolve, reject) => commits.push({ end: resolve, fail: reject }))
        : Promise.resolve();
    },
  } as unknown as Session;
  return {
    seen,
    commits,
    behind: new CommitsBehind(
      session,
      flushing(() => seen.push('flush')),
    ),
  };
}

/** An appender of which only the flush counts. */
const flushing = (flush: () => void) => ({ flush }) as unknown as TableAppender;

test('the caller goes on while a commit is under way; the next flush waits for it, and rows are told of after it', async () => {
  const { seen, commits, behind } = scripted();
  const told: number[] = [];
  await behind.flush(() => told.push(1));
  assert.deepEqual([seen, told], [['BEGIN', 'flush', 'COMMIT'], []]);
  const second = behind.flush(() => told.push(2));
  await new Promise(setImmediate);
  assert.equal(seen.length, 3, 'nothing begins before the commit has ended');
  commits[0]!.end();
  await second;
  assert.deepEqual([seen.length, told], [6, [1]]);
  commits[1]!.end();
  await behind.settled();
  assert.deepEqual(told, [1, 2]);
});

test('a commit that fails is heard of by whoever waits next, once, and its rows are not told of', async () => {
  const { commits, behind } = scripted();
  const told: number[] = [];
  await behind.flush(() => told.push(1));
  commits[0]!.fail(new Error('full'));
  await assert.rejects(behind.settled(), /full/);
  await behind.settled();
  assert.deepEqual(told, []);
});

test('a flush that fails takes its transaction back: what it had written is gone, and the next one can begin', async () => {
  const database = await Database.open({ memoryLimitMb: 128, threads: 1, tempDirectory: '' });
  try {
    const session = await database.connect();
    await session.run('CREATE TABLE t (n INTEGER)');
    const rows = async () => (await session.all('SELECT count(*) FROM t'))[0]![0];
    let full = true;
    const told: string[] = [];
    const behind = new CommitsBehind(
      session,
      flushing(() => {
        if (full) throw new AppError('engine.disk', 'The disk is full.');
      }),
    );
    await assert.rejects(
      behind.flush(() => told.push('failed')),
      { code: 'engine.disk' },
    );
    // Within a transaction that is still open this would be part of it, and a second BEGIN an error.
    await session.run('INSERT INTO t VALUES (1)');
    full = false;
    await behind.flush(() => told.push('stored'));
    await behind.settled();
    assert.deepEqual([told, Number(await rows())], [['stored'], 1]);
    const other = await database.connect();
    assert.equal(Number((await other.all('SELECT count(*) FROM t'))[0]![0]), 1, 'others see it, too');
  } finally {
    await database.close();
  }
});

test('an answer that breaks off while its first rows are being committed leaves none of them, and numbers nobody twice', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tenantscope-commits-'));
  const store = new DuckRowStore({ directory, memoryLimitMb: 256 });
  try {
    const run = await store.open('run');
    const columns = [{ name: 'n', type: 'long' }] as const;
    const page = (first: number) => Array.from({ length: 2_048 }, (_, at) => [first + at]);
    function* broken() {
      for (let at = 0; at < 3; at++) yield page(at * 2_048);
      throw new Error('breaks off');
    }
    await assert.rejects(run.append('broken', WHOSE, columns, { length: 10_000, pages: broken }), /breaks off/);
    assert.equal(run.rowCount(), 0);
    await run.append('whole', WHOSE, columns, { length: 4_096, pages: () => [page(0), page(2_048)] });
    const { total, rows } = await run.window({ first: 0, count: 4_096, columns: ['n'] });
    assert.deepEqual([total, run.rowCount()], [4_096, 4_096]);
    assert.deepEqual(
      rows.map(([n]) => n),
      Array.from({ length: 4_096 }, (_, at) => at),
    );
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
});

test('rows that are handed over wait for the next commit in one transaction, and go with it where it is undone', async () => {
  const { seen, commits, behind } = scripted();
  await behind.handOver();
  await behind.handOver();
  await behind.flush(() => undefined);
  assert.deepEqual(seen, ['BEGIN', 'flush', 'flush', 'flush', 'COMMIT']);
  commits[0]!.end();
  await behind.handOver();
  await behind.undo();
  await behind.undo();
  assert.deepEqual(seen.slice(5), ['BEGIN', 'flush', 'ROLLBACK']);
});
