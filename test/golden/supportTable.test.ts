import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { PAGE, supportPage } from '../harness/supportTable.ts';

it('KQL.md says what the engine supports today', async () => {
  assert.equal(readFileSync(PAGE, 'utf8'), await supportPage(), 'make it anew with `npm run kql-table`');
});
