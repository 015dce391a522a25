import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftExport } from '../../../src/core/queryPacks/draftExport.ts';
import type { ExportPlace } from '../../../src/core/queryPacks/draftExport.ts';
import type { SavedQueryBody } from '../../../src/model/savedQuery.ts';
import { sampleEstate } from '../extension/sampleEstate.ts';

const estate = sampleEstate();
const workspace = estate.workspaces[0]!;
const GUID = '74be27de-1e4e-49d9-b579-fe0b331d3642';
const place = (more: Partial<ExportPlace> = {}): ExportPlace => ({
  workspace,
  issuer: { account: workspace.paths[0]!.account, tenant: workspace.tenant },
  existing: [],
  newId: () => GUID,
  ...more,
});
const query = (name: string, text = 'T'): SavedQueryBody => ({ name, text, tags: [] });

test('what is there under the same name is the one that is changed; others get an id of their own', () => {
  const known = { armId: `${workspace.armId}/savedSearches/xyz`, name: 'ALPHA', text: 'old', tags: [] };
  const taken = { armId: `${workspace.armId}/savedSearches/beta-1`, name: 'something else', text: 'x', tags: [] };
  const { intents, title } = draftExport(estate, place({ existing: [known, taken] }), [
    query('Alpha'),
    query('Beta 1'),
  ]);
  assert.deepEqual(
    intents.map(({ target }) => target),
    [known.armId, `${workspace.armId}/savedSearches/beta-1-74be27de`],
  );
  assert.equal(title, `Export 2 queries to workspace ${workspace.name}`);
});

test('in a query pack the id is a GUID', () => {
  const pack = {
    armId: '/subscriptions/s/resourceGroups/g/x/queryPacks/p',
    name: 'p',
    resourceGroup: 'g',
    region: 'r',
  };
  const { intents, about } = draftExport(estate, place({ pack }), [query('Alpha')]);
  assert.equal(intents[0]!.target, `${pack.armId}/queries/${GUID}`);
  assert.ok(about?.some(({ what, name }) => what === 'Query pack' && name === 'p'));
});

test('two of one name are refused, and a text that tells of another customer is told', () => {
  assert.throws(() => draftExport(estate, place(), [query('A'), query('a')]), { code: 'input.queries' });
  const other = estate.customers.find(({ key, provider }) => key !== workspace.customer && !provider)!;
  const { warnings } = draftExport(estate, place(), [query('A', `T | where x == "${other.name}"`), query('B')]);
  assert.equal(warnings?.length, 1);
  assert.match(warnings[0]!, /^"A": the text names another customer/);
});
