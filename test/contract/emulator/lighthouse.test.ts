import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addDenyPolicy, addSubscription, addTenant, addUser, assignRole } from '../../../src/emulator/populate.ts';
import type { Subscription } from '../../../src/emulator/state.ts';
import { ask, smallEstate, startSmall, userToken, type RawAnswer, type SmallEstate } from './smallEstate.ts';

const OFFER = '26c128c2-fefa-4340-9bb1-6e081c90ada2';
const ACCEPTED = '484a7d5f-9729-4b87-bc9b-26610985a013';
const READER = '73c42c96-874c-492b-b04d-ab87d138a893';

let estate: SmallEstate, emulator: Emulator, subscription: Subscription, admin: string, engineer: string;

before(async () => {
  estate = smallEstate();
  const { world } = estate;
  const tailspin = addTenant(world, { displayName: 'Tailspin', domain: 'tailspin.example' });
  subscription = addSubscription(world, { tenant: tailspin, displayName: 'Tailspin' });
  const owner = addUser(world, { tenant: tailspin, username: 'admin@tailspin.example', password: 'pass' });
  assignRole(world, {
    scope: `/subscriptions/${subscription.subscriptionId}`,
    principalId: owner.objectId,
    role: 'Owner',
  });
  emulator = await startSmall(estate);
  admin = (await userToken(emulator, 'admin@tailspin.example')).access_token;
  engineer = (await userToken(emulator, 'engineer@provider.example')).access_token;
});
after(() => emulator.close());

function call(method: string, path: string, body?: object, token = admin, version = '2022-10-01'): Promise<RawAnswer> {
  return ask(emulator, `/subscriptions/${subscription.subscriptionId}${path}?api-version=${version}`, {
    method,
    token,
    ...(body ? { body } : {}),
  });
}
const definition = (name = OFFER): string => `/providers/Microsoft.ManagedServices/registrationDefinitions/${name}`;
const acceptance = (name = ACCEPTED): string => `/providers/Microsoft.ManagedServices/registrationAssignments/${name}`;
function offer(roleDefinitionId: string, more: object = {}): object {
  return {
    properties: {
      registrationDefinitionName: 'Managed logs',
      description: 'Logs, by the provider',
      managedByTenantId: estate.provider.tenantId,
      authorizations: [{ principalId: estate.engineer.objectId, roleDefinitionId, ...more }],
    },
  };
}
const accept = (): object => ({
  properties: { registrationDefinitionId: `/subscriptions/${subscription.subscriptionId}${definition()}` },
});
const errorOf = (answer: RawAnswer): { code: string; message: string } =>
  answer.json<{ error: { code: string; message: string } }>().error;

test('an offer is made and accepted by the customer, and ends: who manages sees the subscription in between', async () => {
  assert.equal((await call('GET', '', undefined, engineer, '2022-12-01')).status, 401);
  const foreign = await call('PUT', definition(), offer(READER), engineer);
  assert.equal(foreign.status, 401, 'nobody of another tenant offers to himself');

  const made = await call('PUT', definition(), offer(READER));
  assert.equal(made.status, 201, made.text);
  assert.equal((await call('PUT', definition(), offer(READER))).status, 200);
  const { id, name, properties } = made.json<{ id: string; name: string; properties: Record<string, unknown> }>();
  assert.equal(id, `/subscriptions/${subscription.subscriptionId}${definition()}`);
  assert.deepEqual(
    [
      name,
      properties['registrationDefinitionName'],
      properties['managedByTenantName'],
      properties['provisioningState'],
    ],
    [OFFER, 'Managed logs', 'Provider', 'Succeeded'],
  );
  const listed = await call('GET', '/providers/Microsoft.ManagedServices/registrationDefinitions');
  assert.deepEqual(
    listed.json<{ value: { name: string }[] }>().value.map((one) => one.name),
    [OFFER],
  );

  assert.equal((await call('PUT', acceptance(), accept())).status, 201);
  assert.equal((await call('PUT', acceptance(), accept())).status, 200);
  const twice = await call('PUT', acceptance('484a7d5f-9729-4b87-bc9b-26610985a014'), accept());
  assert.match(errorOf(twice).message, /Multiple registration assignments are not allowed/);
  assert.equal((await call('GET', '', undefined, engineer, '2022-12-01')).status, 200);

  assert.equal((await call('DELETE', definition())).status, 409);
  assert.equal((await call('DELETE', acceptance())).status, 200);
  assert.equal((await call('GET', '', undefined, engineer, '2022-12-01')).status, 401);
  assert.equal((await call('GET', definition())).status, 200, 'the offer outlives what accepted it');
  assert.equal((await call('DELETE', definition())).status, 200);
  assert.equal((await call('GET', definition())).status, 404);
});

test('an offer is of a subscription, accepted for one resource group', async () => {
  await call('PUT', '/resourceGroups/rg-one', { location: 'westeurope' }, admin, '2021-04-01');
  const wrong = await call('PUT', `/resourceGroups/rg-one${definition()}`, offer(READER));
  assert.equal(errorOf(wrong).code, 'InvalidRegistrationDefinitionUri');
  await call('PUT', definition(), offer(READER));
  const accepted = await call('PUT', `/resourceGroups/rg-one${acceptance()}`, accept());
  assert.equal(accepted.status, 201, accepted.text);
  const seen = await call('GET', '/resourceGroups', undefined, engineer, '2021-04-01');
  assert.deepEqual(
    seen.json<{ value: { name: string }[] }>().value.map((one) => one.name),
    ['rg-one'],
  );
  assert.equal((await call('DELETE', `/resourceGroups/rg-one${acceptance()}`)).status, 200);
});

test('roles that Lighthouse does not pass on are refused in its words', async () => {
  const refusal = async (role: string, more?: object): Promise<string> =>
    errorOf(await call('PUT', definition('26c128c2-fefa-4340-9bb1-6e081c90ada9'), offer(role, more))).message;
  assert.match(
    await refusal('8e3af657-a8ff-443c-a75c-2fe8c4bcb635'),
    /is not allowed for .* because of restricted actions/,
  );
  assert.match(await refusal('3913510d-42f4-4e42-8a64-420c390055eb'), /with data actions not allowed/);
  assert.match(await refusal('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'), /restricted actions/);
  assert.match(await refusal(READER, { principalId: 'soc@provider.example' }), /must be a valid Guid/);
});

test('a policy that refuses is told beforehand, and refuses', async () => {
  const scope = `/subscriptions/${subscription.subscriptionId}`;
  addDenyPolicy(estate.world, { scope, name: 'regions', displayName: 'Allowed locations', locations: ['northeurope'] });
  const check = (location: string): Promise<RawAnswer> =>
    call(
      'POST',
      '/providers/Microsoft.PolicyInsights/checkPolicyRestrictions',
      {
        resourceDetails: {
          resourceContent: { type: 'Microsoft.OperationalInsights/workspaces', location },
          apiVersion: '2025-07-01',
        },
      },
      admin,
      '2022-03-01',
    );
  const evaluations = async (location: string): Promise<object[]> =>
    (await check(location)).json<{ contentEvaluationResult: { policyEvaluations: object[] } }>().contentEvaluationResult
      .policyEvaluations;
  assert.equal((await evaluations('West Europe')).length, 1);
  assert.equal((await evaluations('North Europe')).length, 0);
  const refused = await call('PUT', '/resourceGroups/rg-two', { location: 'westeurope' }, admin, '2021-04-01');
  assert.equal(refused.status, 403);
  assert.equal(errorOf(refused).code, 'RequestDisallowedByPolicy');
  assert.match(errorOf(refused).message, /^Resource 'rg-two' was disallowed by policy\. .*"name":"Allowed locations"/);
});
