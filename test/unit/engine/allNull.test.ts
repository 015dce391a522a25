import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';

test('a column of nothing but nulls differs from a value, beside other conditions too', async () => {
  const engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
  try {
    const table = await engine.createTable('all', 'T', [{ name: 'r', type: 'real' }]);
    await engine.append(table, [[null], [null]]);
    for (const condition of ['r != -5.0', 'r != -5.0 or r <= -2.25', 'r <= -2.25 or -5.0 != r']) {
      const { tables } = await engine.query(`T | where ${condition}`, { database: { name: 'd', tables: [table] } });
      assert.equal(tables[0]!.rowCount, 2, condition);
    }
  } finally {
    await engine.close();
  }
});
