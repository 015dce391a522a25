/** Logic Apps over TLS: made by a template or by themselves, started by the clock and by hand, with their own identity. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { groupScope, workspaceScope } from '../../../src/emulator/armId.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { assignRole } from '../../../src/emulator/populate.ts';
import type { LogicApp } from '../../../src/emulator/logicApps/workflow.ts';
import { appToken, ask, AT_ONCE, smallEstate, startSmall } from './smallEstate.ts';

const small = smallEstate(new EmulatedClock(Date.parse('2026-01-02T03:00:00Z'), true));
const group = groupScope(small.home.subscriptionId, 'rg-logs');
const id = `${group}/providers/Microsoft.Logic/workflows/rollup`;

/** Asks for the identity's own view of a workspace's resource, through Resource Manager. */
const definition = (extra: object = {}) => ({
  contentVersion: '1.0.0.0',
  triggers: {
    Recurrence: {
      type: 'Recurrence',
      recurrence: { frequency: 'Hour', interval: 1, startTime: '2026-01-01T00:07:00Z' },
    },
  },
  actions: {
    Look: {
      type: 'Http',
      inputs: {
        method: 'GET',
        uri: `${emulator.url}${workspaceScope(small.workspaces.provider)}?api-version=2025-07-01`,
        authentication: { type: 'ManagedServiceIdentity', audience: 'https://management.azure.com' },
        retryPolicy: { type: 'none' },
      },
      runAfter: {},
    },
    Name: { type: 'Compose', inputs: "@body('Look').name", runAfter: { Look: ['Succeeded'] } },
    ...extra,
  },
});

let emulator: Emulator;
const arm = async (method: string, path: string, body?: object, version = '2019-05-01') => {
  const token = await appToken(emulator, small, small.provider);
  const answer = await ask(emulator, `${path}?api-version=${version}`, { method, token, ...(body ? { body } : {}) });
  return { status: answer.status, json: (answer.text === '' ? {} : JSON.parse(answer.text)) as Told };
};
/** What is looked at of an answer. */
interface Told {
  readonly name: string;
  readonly identity: { readonly principalId: string };
  readonly error: { readonly code: string };
  readonly value: readonly { readonly name: string; readonly properties: { readonly status: string } }[];
  readonly properties: {
    readonly provisioningState: string;
    readonly error?: object;
    readonly outputs: { readonly principalId: { readonly value: string } };
  };
}
const theApp = (): LogicApp => small.world.logicApps.get(id.toLowerCase())!;
/** Waits for the latest run to be over. */
async function over(count: number): Promise<LogicApp['runs'][number]> {
  for (;;) {
    const { runs } = theApp();
    if (runs.length >= count && runs.every(({ endTime }) => endTime !== undefined)) return runs[0]!;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

before(async () => {
  emulator = await startSmall(small, { operations: AT_ONCE });
});
after(() => emulator.close());

describe('a workflow', () => {
  test('put as it is refused where the service would, or where the emulator cannot run it', async () => {
    const refused = await arm('PUT', id, {
      location: 'westeurope',
      properties: { definition: definition({ Odd: { type: 'ApiConnection' } }) },
    });
    assert.deepEqual([refused.status, refused.json.error.code], [400, 'NotEmulated']);
    assert.equal((await arm('PUT', id, { properties: {} })).json.error.code, 'LocationRequired');
  });

  test('by a template has an identity, which the outputs tell, and which reads what it has a role for', async () => {
    const template = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      resources: [
        {
          type: 'Microsoft.Logic/workflows',
          apiVersion: '2019-05-01',
          name: 'rollup',
          location: 'westeurope',
          identity: { type: 'SystemAssigned' },
          properties: { definition: definition() },
        },
      ],
      outputs: {
        principalId: {
          type: 'string',
          value:
            "[reference(resourceId('Microsoft.Logic/workflows', 'rollup'), '2019-05-01', 'Full').identity.principalId]",
        },
      },
    };
    const at = `${group}/providers/Microsoft.Resources/deployments/runner`;
    const properties = { mode: 'Incremental', template };
    await arm('PUT', at, { properties }, '2022-09-01');
    const { json } = await arm('GET', at, undefined, '2022-09-01');
    assert.equal(json.properties.provisioningState, 'Succeeded', JSON.stringify(json.properties.error));
    const principalId = json.properties.outputs.principalId.value;
    assert.equal((await arm('GET', id)).json.identity.principalId, principalId);

    assert.equal((await arm('POST', `${id}/triggers/Recurrence/run`)).status, 202);
    assert.equal((await over(1)).status, 'Failed', 'it may read nothing yet');
    assert.equal(theApp().runs[0]!.actions.find(({ name }) => name === 'Look')!.code, 'Forbidden');
    assignRole(small.world, { scope: group, principalId, role: 'Reader' });
    await arm('POST', `${id}/triggers/recurrence/run`);
    assert.equal((await over(2)).status, 'Succeeded');
  });

  test('starts by the clock, once however many times were missed', async () => {
    small.world.clock.advance(5 * 3_600_000);
    small.world.touch();
    const run = await over(3);
    assert.equal(run.trigger.scheduledTime, '2026-01-02T07:07:00.0000000Z');
    const { json } = await arm('GET', `${id}/runs`);
    assert.deepEqual(
      json.value.map(({ properties }) => properties.status),
      ['Succeeded', 'Succeeded', 'Failed'],
    );
    const actions = await arm('GET', `${id}/runs/${run.name}/actions`);
    assert.deepEqual(
      actions.json.value.map(({ name, properties }) => [name, properties.status]),
      [
        ['Look', 'Succeeded'],
        ['Name', 'Succeeded'],
      ],
    );
  });

  test('that is disabled starts no more; one that is gone has no identity', async () => {
    await arm('POST', `${id}/disable`);
    assert.equal((await arm('POST', `${id}/triggers/Recurrence/run`)).json.error.code, 'WorkflowTriggerIsNotEnabled');
    const { principalId } = theApp();
    assert.ok(small.world.accounts.has(principalId!));
    assert.equal((await arm('DELETE', id)).status, 200);
    assert.ok(!small.world.accounts.has(principalId!));
    assert.equal((await arm('GET', id)).status, 404);
  });
});
