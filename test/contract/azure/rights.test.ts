import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { assignRole } from '../../../src/emulator/populate.ts';
import { openRunWorld, targetOf } from '../badInput/runWorld.ts';
import type { RunWorld } from '../badInput/runWorld.ts';
import { ask } from '../emulator/smallEstate.ts';

let world: RunWorld;
before(async () => {
  world = await openRunWorld();
});
afterEach(() => {
  world.emulator.faults.clear();
});
after(() => world.close());

const COUNT = 'Heartbeat | summarize n = count()';
const states = async (query: string): Promise<string[]> =>
  (await world.play(query)).targets.map((target) => `${target.state} ${target.error?.code ?? ''}`.trim());

test('roles on single tables: the rows are left out of a 200, and the answer is none', async () => {
  const rule = { match: { service: 'logs', workspace: 'law-contoso' } } as const;
  world.emulator.faults.add({ ...rule, fault: { kind: 'denyTables', tables: ['Heartbeat'] } });
  const run = await world.play(COUNT);
  const { state, error, rows } = targetOf(run, 'law-contoso');
  assert.deepEqual([state, error?.code, rows], ['failed', 'access.tableDenied', 0]);
  assert.match(error!.message, /Azure Lighthouse cannot carry/);
  assert.deepEqual([run.rowCount, run.completeness.sentence], [2, '2 of 3 workspaces answered, 1 not readable']);
  assert.deepEqual(
    (await world.play('union Audit_CL, (Heartbeat | take 1)')).targets.map((target) => target.state).sort(),
    ['answered', 'answered', 'partial'],
  );
});

test('a table kept by name is not resolved, as one that is missing: the list of tables tells them apart', async () => {
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-contoso' },
    fault: { kind: 'denyTables', tables: ['Heartbeat'], as: 'unresolved' },
  });
  assert.deepEqual((await states(COUNT)).sort(), ['answered', 'answered', 'failed access.tableDenied']);
  const missing = await world.play('Nowhere_CL | take 1');
  assert.equal(missing.error?.code, 'query.semantic', 'what no list has is missing');
});

test('a protected table gives standard readers no rows and no error; the role made for it gives them', async () => {
  const { contoso, fabrikam } = world.small.workspaces;
  const tables = [contoso, fabrikam].map((workspace) => workspace.tables.get('heartbeat')!);
  for (const table of tables) table.protectionLevel = 'Protected';
  assignRole(world.emulator.world, {
    scope: `/subscriptions/${world.small.foreign.subscriptionId}`,
    principalId: world.small.engineer.memberships[0]!.objectId,
    role: 'Privileged Monitoring Data Reader',
  });
  // What is listed is kept for a while: another composition has not listed yet.
  const other = await world.with(world.person);
  try {
    const { error, state } = targetOf(await other.play(COUNT), 'law-contoso');
    assert.deepEqual([state, error?.code, error?.data?.['reason']], ['failed', 'access.tableDenied', 'protected']);
    const nobody = await other.play('Heartbeat | where Computer == "nobody"');
    assert.equal(targetOf(nobody, 'law-contoso').state, 'failed');
    assert.equal(targetOf(nobody, 'law-fabrikam').state, 'empty', 'one row could be read, so none means none');
  } finally {
    for (const table of tables) delete table.protectionLevel;
    world.emulator.world.touch();
    await other.close();
  }
});

test('a workspace that only data actions open says so in its listing, and no rows of it are no answer', async () => {
  const { features } = world.small.workspaces.provider.properties;
  features.dataAuthorizationMode = 'DataActionsOnly';
  world.emulator.world.touch();
  const other = await world.with(world.person);
  try {
    const { workspaces } = await other.estate.load();
    assert.deepEqual(
      workspaces.flatMap(({ name, dataActionsOnly }) => (dataActionsOnly ? [name] : [])),
      ['law-provider'],
    );
    const { state, error } = targetOf(await other.play(COUNT), 'law-provider');
    assert.deepEqual(
      [state, error?.code, error?.data?.['reason']],
      ['failed', 'access.tableDenied', 'dataActionsOnly'],
    );
    assert.match(error!.message, /Log Analytics Data Reader/);
  } finally {
    delete features.dataAuthorizationMode;
    world.emulator.world.touch();
    await other.close();
  }
});

test('Resource Manager tells and takes the protection of a table', async () => {
  const { contoso } = world.small.workspaces;
  const { subscriptionId, resourceGroup, name } = contoso;
  const token = await world.person.getToken({
    tenant: world.small.provider.tenantId as never,
    audience: world.emulator.cloud.resourceManagerAudience,
    account: (await world.person.accounts())[0]!.id,
  });
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/${name}/tables/Heartbeat?api-version=2025-07-01`;
  const level = async (body: object): Promise<unknown> =>
    (await ask(world.emulator, path, { method: 'PATCH', token: token.token, body })).json<{
      properties: { protectionLevel?: string };
    }>().properties.protectionLevel;
  assert.equal(await level({ properties: { protectionLevel: 'Protected' } }), 'Protected');
  assert.equal(await level({ properties: { protectionLevel: 'Standard' } }), undefined);
});
