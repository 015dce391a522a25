import assert from 'node:assert/strict';
import { afterEach, after, before, test } from 'node:test';
import { ClientSecretCredential } from '@azure/identity';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { appToken, ARM_SCOPE, ask, smallEstate, startSmall, type RawAnswer, type SmallEstate } from './smallEstate.ts';

let estate: SmallEstate;
let emulator: Emulator;
let token: string;
const clock = new EmulatedClock();

before(async () => {
  estate = smallEstate(clock);
  emulator = await startSmall(estate);
  token = await appToken(emulator, estate, estate.provider);
});
afterEach(() => {
  emulator.faults.clear();
});
after(() => emulator.close());

const list = (): Promise<RawAnswer> => ask(emulator, '/subscriptions?api-version=2022-12-01', { token });
const workspacesOf = (subscriptionId: string): Promise<RawAnswer> =>
  ask(
    emulator,
    `/subscriptions/${subscriptionId}/providers/Microsoft.OperationalInsights/workspaces?api-version=2025-07-01`,
    { token },
  );

test('429 comes with and without Retry-After, and only as often as asked for', async () => {
  emulator.faults.add({ fault: { kind: 'throttle', retryAfterSeconds: 9 }, times: 1 });
  assert.equal((await list()).headers['retry-after'], '9');
  assert.equal((await list()).status, 200);
  emulator.faults.add({ fault: { kind: 'throttle' }, after: 1, times: 1 });
  assert.equal((await list()).status, 200);
  const refused = await list();
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, undefined]);
});

test("a gateway's error is no JSON", async () => {
  emulator.faults.add({ fault: { kind: 'status', status: 502 } });
  const answer = await list();
  assert.deepEqual([answer.status, answer.headers['content-type']], [502, 'text/html']);
  assert.throws(() => answer.json());
});

test('a reset and a cut-off body end in a broken connection', async () => {
  emulator.faults.add({ id: 'x', fault: { kind: 'reset' } });
  await assert.rejects(list(), /ECONNRESET|socket hang up/);
  emulator.faults.add({ id: 'x', fault: { kind: 'truncate', bytes: 10 } });
  await assert.rejects(list(), /cut off|aborted/);
  assert.equal(emulator.calls.list().at(-1)?.faults[0], 'truncate');
});

test('a hang ends with the client, or with the emulator', async () => {
  const other = await startSmall(smallEstate(), { faults: [{ fault: { kind: 'hang' } }] });
  const waiting = assert.rejects(ask(other, '/subscriptions?api-version=2022-12-01'));
  while (other.calls.counts().inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
  await other.close();
  await waiting;
});

test('faults keep to their tenant, workspace, service and caller', async () => {
  emulator.faults.add({ match: { tenant: estate.contoso.tenantId }, fault: { kind: 'status', status: 503 } });
  assert.equal((await workspacesOf(estate.delegated.subscriptionId)).status, 503);
  assert.equal((await workspacesOf(estate.home.subscriptionId)).status, 200);
  emulator.faults.clear();
  emulator.faults.add({
    match: { workspace: estate.workspaces.provider.properties.customerId, path: '/tables$' },
    fault: { kind: 'status', status: 500 },
  });
  const one = `/subscriptions/${estate.home.subscriptionId}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-provider`;
  assert.equal((await ask(emulator, `${one}/tables?api-version=2025-07-01`, { token })).status, 500);
  assert.equal((await ask(emulator, `${one}?api-version=2025-07-01`, { token })).status, 200);
  emulator.faults.clear();
  emulator.faults.add({ match: { principal: estate.engineer.objectId }, fault: { kind: 'status', status: 500 } });
  assert.equal((await list()).status, 200);
});

test("a tenant's fault also meets what is asked in its name", async () => {
  emulator.faults.add({ match: { tenant: estate.provider.tenantId }, fault: { kind: 'status', status: 503 } });
  assert.equal((await list()).status, 503);
});

test('access that lags is 403 until its time is over', async () => {
  emulator.faults.add({ fault: { kind: 'accessLag', forMs: 60_000 } });
  const refused = await list();
  assert.deepEqual(
    [refused.status, refused.json<{ error: { code: string } }>().error.code],
    [403, 'AuthorizationFailed'],
  );
  clock.advance(60_000);
  assert.equal((await list()).status, 200);
});

test('an expired token is said, and can be issued', async () => {
  emulator.faults.add({ match: { service: 'arm' }, fault: { kind: 'expiredToken' }, times: 1 });
  assert.equal((await list()).json<{ error: { code: string } }>().error.code, 'ExpiredAuthenticationToken');
  emulator.faults.add({ match: { service: 'identity' }, fault: { kind: 'expiredToken' } });
  const old = await appToken(emulator, estate, estate.provider);
  assert.equal((await ask(emulator, '/subscriptions?api-version=2022-12-01', { token: old })).status, 401);
});

test('the SDK answers a claims challenge with a token that was asked for with the claims', async () => {
  emulator.faults.add({ match: { service: 'arm' }, fault: { kind: 'claimsChallenge', acrs: 'c1' } });
  const plain = await list();
  assert.match(String(plain.headers['www-authenticate']), /error="insufficient_claims", claims="[A-Za-z0-9+/=]+"/);
  const credential = new ClientSecretCredential(estate.provider.tenantId, estate.app.appId!, 'secret', {
    authorityHost: emulator.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: emulator.ca },
  });
  const client = new SubscriptionClient(credential, {
    endpoint: emulator.url,
    credentials: { scopes: [ARM_SCOPE] },
    tlsOptions: { ca: emulator.ca },
  });
  const names: (string | undefined)[] = [];
  for await (const { displayName } of client.subscriptions.list()) names.push(displayName);
  assert.deepEqual(names, ['Provider', 'Contoso']);
});

test('an operation is accepted and fails', async () => {
  emulator.faults.add({
    match: { method: 'PUT' },
    fault: { kind: 'failOperation', code: 'QuotaExceeded', message: 'No more.' },
  });
  emulator.faults.add({ match: { method: 'PUT' }, fault: { kind: 'asyncOperation' } });
  const path = `/subscriptions/${estate.home.subscriptionId}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-failing?api-version=2025-07-01`;
  const accepted = await ask(emulator, path, { token, method: 'PUT', body: { location: 'westeurope' } });
  const status = (await ask(emulator, String(accepted.headers['azure-asyncoperation']), { token })).json<{
    status: string;
    error: { code: string };
  }>();
  assert.deepEqual([accepted.status, status.status, status.error.code], [201, 'Failed', 'QuotaExceeded']);
  assert.equal(
    (await ask(emulator, path, { token })).json<{ properties: { provisioningState: string } }>().properties
      .provisioningState,
    'Failed',
  );
});

test('faults, clock and calls over HTTP, for those who hold the token', async () => {
  const admin = (path: string, method = 'GET', body?: object): Promise<RawAnswer> =>
    ask(emulator, `/_emulator/${path}`, { method, token: emulator.adminToken, ...(body ? { body } : {}) });
  assert.equal((await ask(emulator, '/_emulator/faults', { token: 'guess' })).status, 401);
  assert.equal(
    (await admin('faults', 'PUT', [{ id: 'slow', match: { service: 'arm' }, fault: { kind: 'latency', ms: 1 } }]))
      .status,
    200,
  );
  assert.equal((await admin('faults', 'PUT', { fault: { kind: 'earthquake' } })).status, 400);
  await admin('calls', 'DELETE');
  await Promise.all([list(), list(), list()]);
  const calls = (await admin('calls?service=arm&path=/SUBSCRIPTIONS&counts')).json<{
    matching: number;
    counts: { maxInFlight: number; byStatus: Record<string, number> };
  }>();
  assert.deepEqual([calls.matching, calls.counts.byStatus], [3, { 200: 3 }]);
  assert.ok(calls.counts.maxInFlight >= 1);
  const listed = (await admin('faults')).json<{ value: { id: string; applied: number }[] }>();
  assert.deepEqual(
    listed.value.map(({ id, applied }) => [id, applied]),
    [['slow', 3]],
  );
  assert.deepEqual((await admin('faults?id=slow', 'DELETE')).json(), { value: [] });
  const moved = (await admin('clock', 'PUT', { now: '2027-01-01T00:00:00Z', frozen: true })).json<{
    now: string;
    frozen: boolean;
  }>();
  assert.deepEqual(moved, { now: '2027-01-01T00:00:00.0000000Z', frozen: true });
});
