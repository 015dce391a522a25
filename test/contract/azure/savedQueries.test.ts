/** Saved searches and query packs: the SDK, our client, the plan of an export, and the emulator on one wire. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { SavedQueriesClient } from '../../../src/azure/arm/savedQueries.ts';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { Draft } from '../../../src/core/changes/makePlan.ts';
import { savedQueryHandler } from '../../../src/core/queryPacks/savedQueryHandler.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import { toAccountId, toPlanId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { SavedQueryBody } from '../../../src/model/savedQuery.ts';
import type { SavedQueriesPort } from '../../../src/ports/savedQueries.ts';
import { AT_ONCE, smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';

const small = smallEstate();
const issuer = { account: toAccountId('test:engineer@provider.example'), tenant: toTenantId(small.provider.tenantId) };
const workspace = workspaceScope(small.workspaces.contoso);
const subscription = toSubscriptionId(small.delegated.subscriptionId);
const pack = workspace.replace(/workspaces\/.*$/, 'queryPacks/shared');
const QUERY: SavedQueryBody = {
  name: 'Failed sign-ins',
  text: 'SigninLogs\n| where ResultType != "0"',
  description: 'Who failed',
  category: 'identity',
  tags: ['identity', 'daily'],
};
const guid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection, port: SavedQueriesPort;
before(async () => {
  emulator = await startSmall(small, { operations: AT_ONCE });
  person = signedIn(emulator, small.engineer, 'pass');
  connection = connect(emulator, person);
  port = new SavedQueriesClient(connection.clients);
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.calls.clear();
  small.workspaces.contoso.savedSearches.clear();
  small.world.queryPacks.clear();
  small.world.queryPacks.set(pack.toLowerCase(), {
    subscriptionId: small.delegated.subscriptionId,
    resourceGroup: 'rg-logs',
    name: 'shared',
    location: 'westeurope',
    tags: {},
    queryPackId: guid(0),
    timeCreated: small.world.clock.iso(),
    timeModified: small.world.clock.iso(),
    queries: new Map(),
  });
});
after(async () => {
  person.close();
  connection.dispose();
  await emulator.close();
});

for (const [what, place, id] of [
  ['a saved search', workspace, 'savedSearches/failed sign-ins'],
  ['a query of a pack', pack, `queries/${guid(1)}`],
] as const)
  test(`${what} is kept and read again as it was: name, KQL, description, category, tags`, async () => {
    const armId = `${place}/${id}`;
    assert.equal(await port.query(issuer, armId), undefined);
    await port.putQuery(issuer, armId, QUERY);
    const { armId: kept, ...rest } = (await port.query(issuer, armId))!;
    assert.equal(decodeURIComponent(kept).toLowerCase(), armId.toLowerCase());
    assert.deepEqual({ ...rest, tags: [...rest.tags].sort() }, { ...QUERY, tags: [...QUERY.tags].sort() });
    assert.deepEqual(
      (await port.queries(issuer, place)).map(({ name, text }) => [name, text]),
      [[QUERY.name, QUERY.text]],
      'and the list has its KQL',
    );
    await port.putQuery(issuer, armId, { ...QUERY, text: 'SigninLogs' });
    assert.equal((await port.query(issuer, armId))!.text, 'SigninLogs');
  });

test('packs of a subscription, and the queries of one, page by page', async () => {
  const packs = await port.packs(issuer, subscription);
  assert.deepEqual(
    packs.map(({ name, resourceGroup, region }) => [name, resourceGroup, region]),
    [['shared', 'rg-logs', 'westeurope']],
  );
  const { queries } = small.world.queryPacks.get(pack.toLowerCase())!;
  for (let n = 0; n < 2_500; n++)
    queries.set(guid(n), {
      id: guid(n),
      author: guid(0),
      timeCreated: small.world.clock.iso(),
      timeModified: small.world.clock.iso(),
      properties: { displayName: `q${n}`, body: 'T' },
    });
  emulator.calls.clear();
  assert.equal((await port.queries(issuer, packs[0]!.armId)).length, 2_500);
  assert.ok(emulator.calls.list({ path: '/queries' }).length >= 3, 'in pages');
});

test('changing a function keeps what makes it one, and notes of others', async () => {
  small.workspaces.contoso.savedSearches.set('mine', {
    name: 'mine',
    etag: 'W/"1"',
    properties: {
      category: 'functions',
      displayName: 'Mine',
      query: 'T',
      version: 2,
      functionAlias: 'Mine',
      functionParameters: 'age:timespan = 1h',
      tags: [
        { name: 'Group', value: 'Computer' },
        { name: 'description', value: 'old' },
      ],
    },
  });
  await port.putQuery(issuer, `${workspace}/savedSearches/mine`, { ...QUERY, name: 'Mine' });
  const { properties } = small.workspaces.contoso.savedSearches.get('mine')!;
  assert.equal(properties.functionAlias, 'Mine');
  assert.equal(properties.functionParameters, 'age:timespan = 1h');
  assert.deepEqual(properties.tags, [
    { name: 'Group', value: 'Computer' },
    { name: 'description', value: 'Who failed' },
    { name: 'labels', value: 'identity,daily' },
  ]);
});

test('a place that is not there, or that this account may not change, says so', async () => {
  const rejects = async (work: Promise<unknown>, code: string, words: RegExp): Promise<void> => {
    await assert.rejects(work, (error: { code: string; message: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, words);
      return true;
    });
  };
  await rejects(port.queries(issuer, pack.replace('shared', 'gone')), 'access.notFound', /query pack gone/);
  await rejects(port.queries(issuer, `${workspace}-gone`), 'access.notFound', /law-contoso-gone/);
  const reader = signedIn(emulator, small.reader, 'pass');
  const other = connect(emulator, reader);
  try {
    const reading = new SavedQueriesClient(other.clients);
    const as = { account: toAccountId('test:reader@provider.example'), tenant: issuer.tenant };
    const home = `${workspaceScope(small.workspaces.provider)}/savedSearches/mine`;
    assert.equal(await reading.query(as, home), undefined, 'may be read');
    await rejects(reading.putQuery(as, home, QUERY), 'access.insufficient', /law-provider/);
  } finally {
    reader.close();
    other.dispose();
  }
});

test('somebody else was quicker: the service compares the etag, and nothing is overwritten', async () => {
  const armId = `${workspace}/savedSearches/mine`;
  await port.putQuery(issuer, armId, QUERY);
  const { savedSearches } = small.workspaces.contoso;
  // Between our look and our writing: the moment after the GET is answered.
  const real = savedSearches.get.bind(savedSearches);
  savedSearches.get = (id) => {
    const found = real(id);
    if (found) savedSearches.set(id, { ...found, etag: `${found.etag}1` });
    return found;
  };
  try {
    await assert.rejects(port.putQuery(issuer, armId, { ...QUERY, text: 'U' }), { code: 'service.changed' });
  } finally {
    savedSearches.get = real;
  }
  assert.equal(savedSearches.get('mine')!.properties.query, QUERY.text);
});

test('an export is a plan: made, shown, carried out, read back; a second one has nothing to do', async () => {
  const handlers = [savedQueryHandler(port)];
  const armId = `${pack}/queries/${guid(7)}`;
  const draft = (body: SavedQueryBody): Draft => ({
    title: 'Export',
    issuer,
    owner: toTenantId(small.contoso.tenantId),
    intents: [{ id: 'query1', resource: 'savedQuery', target: armId, wanted: { ...body, place: 'query pack shared' } }],
  });
  const planned = await makePlan(toPlanId('p1'), draft(QUERY), handlers);
  assert.deepEqual(
    planned.plan.changes.map(({ action, title }) => [action, title]),
    [['create', 'Save query Failed sign-ins']],
  );
  assert.match(
    planned.plan.commands.at(-1)!,
    /^az rest --method put --url .\/subscriptions\/\S+\/queryPacks\/\S+\/queries\/\S+\?api-version=/,
  );
  const world = { handlers, clock: SYSTEM_CLOCK, report: () => undefined };
  const { result } = await applyPlan(planned, world);
  assert.deepEqual([result.ok, result.exists], [true, ['saved query Failed sign-ins']], JSON.stringify(result));
  const again = await makePlan(toPlanId('p2'), draft(QUERY), handlers);
  assert.deepEqual(
    again.plan.changes.map(({ action }) => action),
    ['none'],
  );
  const changed = await makePlan(toPlanId('p3'), draft({ ...QUERY, text: 'SigninLogs\n| take 1' }), handlers);
  assert.deepEqual(changed.plan.changes[0]!.differences, [
    { name: 'KQL, line 2', before: '| where ResultType != "0"', after: '| take 1' },
  ]);
  await port.putQuery(issuer, armId, { ...QUERY, text: 'SomebodyElse' });
  const outdated = await applyPlan(changed, world);
  assert.equal(outdated.result.changes[0]!.reason?.code, 'input.planOutdated');
  assert.equal((await port.query(issuer, armId))!.text, 'SomebodyElse', 'left as it is');
});
