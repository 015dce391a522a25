/** What comes from Azure into files and goes back untouched is no change; a function stays one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftExport } from '../../../src/core/queryPacks/draftExport.ts';
import { savedQueryHandler } from '../../../src/core/queryPacks/savedQueryHandler.ts';
import type { WantedQuery } from '../../../src/core/queryPacks/savedQueryHandler.ts';
import { toQueryFile } from '../../../src/core/queryPacks/toQueryFile.ts';
import { toSavedQuery } from '../../../src/core/queryPacks/toSavedQuery.ts';
import { prepareQuery } from '../../../src/kql/queryFiles/prepareQuery.ts';
import { readQueryFile } from '../../../src/kql/queryFiles/readQueryFile.ts';
import type { QueryPack, SavedQuery, SavedQueryBody } from '../../../src/model/savedQuery.ts';
import { sampleEstate } from '../extension/sampleEstate.ts';

const estate = sampleEstate();
const workspace = estate.workspaces[0]!;
const issuer = { account: workspace.paths[0]!.account, tenant: workspace.tenant };
const handler = savedQueryHandler({
  query: () => Promise.reject(new Error('not asked')),
  putQuery: () => Promise.reject(new Error('not asked')),
});
const PACK: QueryPack = {
  ...{ armId: workspace.armId.replace(/workspaces\/.*$/, 'queryPacks/hunts'), name: 'hunts' },
  ...{ resourceGroup: 'g', region: 'r' },
};
const saved = (more: Partial<SavedQuery>): SavedQuery => ({
  armId: `${workspace.armId}/savedSearches/one`,
  name: 'Quiet',
  text: 'Heartbeat\n| where TimeGenerated < ago(age)',
  tags: [],
  ...more,
});
const FUNCTION = saved({ category: 'Ops', functionAlias: 'Quiet', functionParameters: 'age:timespan = 1h' });

async function bodyOf(file: string): Promise<SavedQueryBody> {
  const [query] = (await readQueryFile('x.kql', file)).queries;
  const made = toSavedQuery(query!);
  assert.ok('body' in made, JSON.stringify(made));
  return made.body;
}

function planned(body: SavedQueryBody, existing: readonly SavedQuery[], pack?: QueryPack) {
  const place = { workspace, issuer, existing, newId: () => 'id', ...(pack ? { pack } : {}) };
  const draft = draftExport(estate, place, [body]);
  const intent = draft.intents[0] as Parameters<typeof handler.diff>[0];
  const now = existing.find(({ armId }) => armId === intent.target);
  return { draft, intent, wanted: intent.wanted as WantedQuery, effect: handler.diff(intent, now, []) };
}

for (const [what, query] of Object.entries({
  'a function with parameters': FUNCTION,
  'a function that takes nothing': saved({ functionAlias: 'All', text: 'Heartbeat' }),
  'a function that takes a table': saved({ functionAlias: 'F', functionParameters: 'T:(A:int, B:string), n:long=3' }),
  'a signature over lines': saved({ functionAlias: 'F', functionParameters: 'a:int = 1,\n  b:string = ")"' }),
  'an alias that nobody could write': saved({ functionAlias: 'Ä-1', functionParameters: '(' }),
  'a category alone': saved({ category: 'Ops' }),
  'a category that is a label too': saved({ category: 'Ops', tags: ['Ops', 'daily'] }),
  'a category that is none of the labels': saved({ category: 'Ops', tags: ['daily'] }),
  'a category with commas': saved({ category: 'Cost, volume', tags: ['daily'] }),
  'labels alone': saved({ tags: ['weekly', 'daily'] }),
  'a name and a description over lines': saved({ name: 'Two\n words', description: 'One.\n\nTwo.' }),
  'a text that begins with a comment': saved({ text: '// Who is quiet\n//\n// more\nHeartbeat' }),
  'headers of a collection': saved({ text: '// Categories: A, B\n// Description: d\nHeartbeat', description: 'e' }),
  'other line ends': saved({ text: 'Heartbeat\r\n| take 1\r\n' }),
}))
  test(`untouched, an import is no change: ${what}`, async () => {
    const body = await bodyOf(toQueryFile(query).text);
    const { effect, wanted } = planned(body, [query]);
    assert.deepEqual([effect.action, effect.differences], ['none', []]);
    const again = await bodyOf(toQueryFile({ ...query, ...wanted }).text);
    assert.deepEqual(again, body, 'and grows in no round');
  });

test('an imported function runs: its parameters have their defaults, and its comment is not sent', async () => {
  const file = toQueryFile(FUNCTION).text;
  assert.match(file, /^\/\/ @function Quiet\(age:timespan = 1h\)$/m);
  const [query] = (await readQueryFile('x.kql', file)).queries;
  const { text, missing } = prepareQuery(query!, new Map());
  assert.deepEqual(missing, []);
  assert.match(text, /^(?:\/\/\n)+let age = 1h; Heartbeat\n/);
});

/** The properties in the body that `az rest` sends. */
function sentByAz(command: readonly unknown[]): Record<string, unknown> {
  return (JSON.parse(String(command.at(-1))) as { properties: Record<string, unknown> }).properties;
}

test('where there is no such function one is made, and the same by the Azure CLI and a template', async () => {
  const { intent, effect } = planned(await bodyOf(toQueryFile(FUNCTION).text), []);
  assert.equal(effect.action, 'create');
  assert.match(effect.detail, /as function Quiet\(age:timespan = 1h\)$/);
  const sent = sentByAz(handler.commands!(intent, 'create')[0]!);
  assert.equal(sent['functionAlias'], 'Quiet');
  assert.equal(sent['functionParameters'], 'age:timespan = 1h');
  const [resource] = handler.templateResources!(intent, 'create') as { properties: Record<string, unknown> }[];
  assert.equal(resource!.properties['functionAlias'], 'Quiet');
  assert.equal(resource!.properties['functionParameters'], 'age:timespan = 1h');
});

test('a file without the line changes a function and leaves it one, in the commands too', async () => {
  const { intent, effect } = planned(await bodyOf('// @name Quiet\nHeartbeat'), [FUNCTION]);
  assert.deepEqual(
    effect.differences.map(({ name }) => name),
    ['KQL, line 2'],
  );
  assert.equal(sentByAz(handler.commands!(intent, 'update')[0]!)['functionAlias'], 'Quiet');
});

test('another alias, or other parameters, are a change that is told', async () => {
  const file = toQueryFile(FUNCTION).text.replace('Quiet(age:timespan = 1h)', 'Silent(age:timespan = 2h)');
  const { effect } = planned(await bodyOf(file), [FUNCTION]);
  assert.deepEqual(effect.differences, [
    { name: 'Function', before: 'Quiet(age:timespan = 1h)', after: 'Silent(age:timespan = 2h)' },
  ]);
  assert.match(effect.warnings![0]!, /whoever calls it by this name finds it no more/);
});

test('a query pack keeps no functions: it gets a query with the defaults, or is told why not', async () => {
  const { wanted, draft } = planned(await bodyOf(toQueryFile(FUNCTION).text), [], PACK);
  assert.match(wanted.text, /^let age = 1h;\nHeartbeat\n/);
  assert.equal(wanted.functionAlias, undefined);
  assert.match(draft.warnings!.join('\n'), /keeps no functions: "Quiet" is a query there, not Quiet\(\)/);
  const open = await bodyOf(toQueryFile({ ...FUNCTION, functionParameters: 'T:(A:int)' }).text);
  assert.throws(() => planned(open, [], PACK), { code: 'input.queries', message: /T:\(A:int\) has no default/ });
});

test('a function line that is none refuses the query', async () => {
  const [query] = (await readQueryFile('x.kql', '// @function 1x(\nHeartbeat')).queries;
  assert.match(query!.refusal ?? '', /@function Name\(parameter:type = default\)/);
});
