import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from '../../../src/cli/temporaryFolder.ts';
import { TEMPORARY_VARIABLE, useTemporary } from '../../harness/system.ts';

test('a folder among the temporary files; where there are none it says which variable names another place', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'temporary-'));
  t.after(() => {
    rmSync(home, { recursive: true });
  });
  t.after(useTemporary(home));
  const made = await makeTemporaryFolder('ours-', 'Nothing was sent.');
  assert.equal(dirname(made), home);
  assert.ok(existsSync(made));
  writeFileSync(join(home, 'file'), '');
  t.after(useTemporary(join(home, 'file', 'folder')));
  await assert.rejects(makeTemporaryFolder('ours-', 'Nothing was sent.'), {
    code: 'engine.disk',
    message: new RegExp(`folder, cannot be used: .* another folder in ${TEMPORARY_VARIABLE}\\. Nothing was sent\\.$`),
  });
});
