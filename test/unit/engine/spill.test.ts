import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { useTemporary } from '../../harness/system.ts';

test('what does not fit in memory goes to a folder of its own, which goes with the engine', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'spill-'));
  const before = process.cwd();
  const own = (): string[] => readdirSync(elsewhere).filter((name) => name.startsWith('tenantscope-engine-'));
  const undo = useTemporary(elsewhere);
  process.chdir(elsewhere);
  try {
    const engine = await openEngine({ memoryLimitMb: 40, threads: 1 });
    assert.equal(own().length, 1);
    const answer = await engine.query(
      'range a from 1 to 600000 step 1 | extend b = strcat("a text of some length ", a) | sort by b desc | take 300000 | summarize count(), max(b)',
      { database: { name: 'local', tables: [] } },
    );
    assert.deepEqual(
      (await answer.tables[0]!.rows()).map(([count]) => count),
      [300_000],
    );
    await engine.close();
    assert.deepEqual(own(), []);
    assert.ok(!existsSync(join(elsewhere, '.tmp')));
  } finally {
    process.chdir(before);
    undo();
    rmSync(elsewhere, { recursive: true, force: true });
  }
});
