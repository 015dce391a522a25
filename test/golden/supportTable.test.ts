import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { askSupport, MODULE, PAGE, supportModule, supportPage } from '../../scripts/kqlTable.ts';

it('KQL.md and the hovers say what the engine supports today', async () => {
  const support = await askSupport();
  assert.equal(readFileSync(PAGE, 'utf8'), supportPage(support), 'make it anew with `npm run kql-table`');
  assert.equal(readFileSync(MODULE, 'utf8'), supportModule(support), 'make it anew with `npm run kql-table`');
});
