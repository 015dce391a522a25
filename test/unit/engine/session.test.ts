import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../../../src/engine/database/database.ts';

test('whole doubles of any size are bound as what they are, smaller ones and texts as before', async () => {
  const database = await Database.open({ memoryLimitMb: 128, threads: 1, tempDirectory: '' });
  try {
    const session = await database.connect();
    const numbers = [2 ** 63, -(2 ** 63) * 2, 1e300, Infinity, 0.5];
    const marks = numbers.map(() => '?').join(', ');
    assert.deepEqual(await session.all(`SELECT ${marks}`, numbers), [numbers]);
    assert.deepEqual(await session.all('SELECT typeof(?), typeof(?), ?', [2 ** 63, 7, 'x']), [
      ['DOUBLE', 'INTEGER', 'x'],
    ]);
    await session.run('CREATE TABLE t (n DOUBLE)');
    await session.run('INSERT INTO t VALUES (?)', [1e19]);
    assert.deepEqual(await session.all('SELECT count(*)::INTEGER FROM t WHERE n = ?', [1e19]), [[1]]);
    const [[long] = []] = await session.all('SELECT ? = (9007199254740993::BIGINT)', [2 ** 53]);
    assert.equal(long, false, 'a smaller one meets a long exactly');
  } finally {
    await database.close();
  }
});
