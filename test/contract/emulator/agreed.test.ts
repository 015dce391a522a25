import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { assignRole } from '../../../src/emulator/populate.ts';
import { addCollectionRule, addResource } from '../../../src/emulator/populateFlows.ts';
import { appToken, ask, smallEstate, startSmall } from './smallEstate.ts';

describe('what a baseline speaks of, as the services shape it', () => {
  const estate = smallEstate();
  const { world, foreign, fabrikam, provider, app, workspaces } = estate;
  const group = { subscription: foreign, resourceGroup: 'rg-machines', location: 'eastus' };
  const vm = addResource(world, { ...group, type: 'Microsoft.Compute/virtualMachines', name: 'vm-1' });
  const rule = addCollectionRule(world, {
    ...{ ...group, name: 'dcr', streams: ['Microsoft-Syslog'], workspaces: [workspaces.fabrikam] },
  });
  const place = `${vm.id}/providers/Microsoft.Insights/dataCollectionRuleAssociations`;
  const RULES = 'api-version=2024-03-11';
  const ENTRA = '/providers/microsoft.aadiam/diagnosticSettings';
  let emulator: Emulator;
  let own: string;
  let delegated: string;

  before(async () => {
    const guest = app.memberships.find(({ tenantId }) => tenantId === fabrikam.tenantId)!;
    assignRole(world, { principalId: guest.objectId, role: 'Contributor', scope: '/providers/microsoft.aadiam' });
    emulator = await startSmall(estate);
    own = await appToken(emulator, estate, fabrikam);
    delegated = await appToken(emulator, estate, provider);
  });
  after(() => emulator.close());

  const put = (path: string, properties: object, token = own) =>
    ask(emulator, path, { method: 'PUT', token, body: { properties } });

  test('an association (monitor 2023-03-11, DataCollectionRuleAssociationsCreate.json)', async () => {
    const made = await put(`${place}/follow?${RULES}`, { dataCollectionRuleId: rule.id });
    assert.equal(made.status, 201);
    const body = {
      id: `${place}/follow`,
      name: 'follow',
      type: 'Microsoft.Insights/dataCollectionRuleAssociations',
      properties: { dataCollectionRuleId: rule.id, provisioningState: 'Succeeded' },
    };
    assert.deepEqual(made.json(), body);
    const listed = await ask(emulator, `${rule.id}/associations?${RULES}`, { token: own });
    assert.deepEqual(listed.json(), { value: [body] });
    assert.equal((await put(`${place}/follow?${RULES}`, { dataCollectionRuleId: rule.id })).status, 200);

    const nowhere = await put(`${place}/other?${RULES}`, { dataCollectionRuleId: `${rule.id}-gone` });
    assert.equal(nowhere.status, 404);
    assert.equal((await put(`${place}/other?${RULES}`, {})).status, 400);
    const removed = await ask(emulator, `${rule.id}?${RULES}`, { method: 'DELETE', token: own });
    assert.equal(removed.status, 409, 'a rule that something follows stays');
    const statuses: number[] = [];
    for (let i = 0; i < 2; i++)
      statuses.push((await ask(emulator, `${place}/follow?${RULES}`, { method: 'DELETE', token: own })).status);
    assert.deepEqual(statuses, [200, 204]);
  });

  test('tags of a resource, a group and a subscription (resources 2021-04-01, Tags_UpdateAtScope)', async () => {
    const at = (scope: string) => `${scope}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`;
    const patch = async (scope: string, operation: string, tags: object) => {
      const sent = { method: 'PATCH', token: own, body: { operation, properties: { tags } } } as const;
      const { status, json } = await ask(emulator, at(scope), sent);
      return status === 200 ? json<{ properties: { tags: object } }>().properties.tags : status;
    };
    const subscription = `/subscriptions/${foreign.subscriptionId}`;
    for (const scope of [vm.id, `${subscription}/resourceGroups/rg-machines`, subscription]) {
      await put(at(scope), { tags: { Stage: 'test', team: 'a' } });
      assert.deepEqual(await patch(scope, 'Merge', { stage: 'prod', new: '1' }), {
        Stage: 'prod',
        team: 'a',
        new: '1',
      });
      assert.deepEqual(await patch(scope, 'Delete', { TEAM: 'a' }), { Stage: 'prod', new: '1' });
      assert.deepEqual(await patch(scope, 'Replace', { only: 'x' }), { only: 'x' });
    }
    assert.equal(await patch(vm.id, 'Forget', {}), 400);
    assert.equal(await patch(`${vm.id}-gone`, 'Merge', {}), 404);
  });

  test('diagnostic settings of Entra ID are a tenant’s own (azureactivedirectory 2017-04-01)', async () => {
    const setting = { workspaceId: '/w', logs: [{ category: 'AuditLogs', enabled: true }] };
    assert.equal((await put(`${ENTRA}/one?api-version=2017-04-01`, setting)).status, 200);
    const [listed] = (await ask(emulator, `${ENTRA}?api-version=2017-04-01`, { token: own })).json<{
      value: { id: string; name: string; properties: object }[];
    }>().value;
    assert.equal(listed!.id, `${ENTRA}/one`);
    assert.deepEqual(listed!.properties, {
      ...{ storageAccountId: null, serviceBusRuleId: null, eventHubAuthorizationRuleId: null, eventHubName: null },
      ...setting,
    });
    // Whatever is delegated, it is another tenant's token.
    const other = await ask(emulator, `${ENTRA}?api-version=2017-04-01`, { token: delegated });
    assert.equal(other.status, 403);
    assert.equal((await put(`${ENTRA}/two?api-version=2017-04-01`, { logs: [] })).status, 400);
  });

  test('the activity log has what was changed, newest first (monitor 2015-04-01)', async () => {
    const at = `/subscriptions/${foreign.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01`;
    const logged = async (filter: string, more = '') => {
      const answer = await ask(emulator, `${at}&$filter=${encodeURIComponent(filter)}${more}`, { token: own });
      return { status: answer.status, ...answer.json<{ value?: Record<string, unknown>[] }>() };
    };
    const from = `eventTimestamp ge '${new Date(world.clock.now() - 3_600_000).toISOString()}'`;
    const events = (await logged(`${from} and resourceUri eq '${place}/follow'`)).value!;
    assert.deepEqual(
      events.map(({ operationName, status }) => [operationName, status].map((one) => (one as { value: string }).value)),
      [
        ['Microsoft.Insights/dataCollectionRuleAssociations/delete', 'Succeeded'],
        ['Microsoft.Insights/dataCollectionRuleAssociations/write', 'Succeeded'],
        ['Microsoft.Insights/dataCollectionRuleAssociations/write', 'Succeeded'],
      ],
    );
    assert.equal(events[0]!['caller'], app.appId);
    const [short] = (await logged(`${from} and resourceGroupName eq 'rg-machines'`, '&$select=caller,status')).value!;
    assert.deepEqual(Object.keys(short!), ['caller', 'status']);
    assert.equal((await logged("resourceUri eq '/x'")).status, 400);
    assert.equal((await logged("eventTimestamp ge '2001-01-01T00:00:00Z'")).status, 400);
  });
});
