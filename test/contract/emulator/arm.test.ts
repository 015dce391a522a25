import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addSubscription } from '../../../src/emulator/populate.ts';
import { assignRole } from '../../../src/emulator/populate.ts';
import { appToken, ask, smallEstate, startSmall, userToken, type RawAnswer, type SmallEstate } from './smallEstate.ts';

let estate: SmallEstate;
let emulator: Emulator;
let token: string;
let reader: string;
const clock = new EmulatedClock();

before(async () => {
  estate = smallEstate(clock);
  emulator = await startSmall(estate);
  token = await appToken(emulator, estate, estate.provider);
  reader = (await userToken(emulator, 'reader@provider.example')).access_token;
});
after(() => emulator.close());

function failure(answer: RawAnswer): [number, string] {
  return [answer.status, answer.json<{ error: { code: string } }>().error.code];
}

const workspaces = (): string =>
  `/subscriptions/${estate.home.subscriptionId}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces`;
const at = (path: string, version = '2025-07-01'): string => `${path}?api-version=${version}`;

test('tables have the members a recorded answer of the service has', async () => {
  type Listed = {
    value: {
      id: string;
      name: string;
      properties: { schema: { columns?: { type: string }[]; standardColumns: object[] } };
    }[];
  };
  const { value } = (
    await ask(emulator, at(`${workspaces()}/law-provider/tables`, '2021-12-01-preview'), { token })
  ).json<Listed>();
  const [microsoft, custom] = value as [Listed['value'][0], Listed['value'][0]];
  const retention = [
    'archiveRetentionInDays',
    'retentionInDays',
    'retentionInDaysAsDefault',
    'totalRetentionInDays',
    'totalRetentionInDaysAsDefault',
  ];
  assert.deepEqual(
    Object.keys(microsoft.properties).sort(),
    [...retention, 'plan', 'provisioningState', 'schema'].sort(),
  );
  const schema = ['isTroubleshootingAllowed', 'name', 'solutions', 'standardColumns', 'tableSubType', 'tableType'];
  assert.deepEqual(
    [Object.keys(microsoft.properties.schema).sort(), Object.keys(custom.properties.schema).sort()],
    [schema, ['columns', ...schema]],
  );
  assert.deepEqual(custom.properties.schema.columns![0], {
    name: 'TimeGenerated',
    type: 'datetime',
    isDefaultDisplay: false,
    isHidden: false,
  });
  assert.ok(custom.id.endsWith('/workspaces/law-provider/tables/Audit_CL'));
});

test('a missing, foreign or outdated token is 401 and says where to get a right one', async () => {
  const missing = await ask(emulator, at('/subscriptions', '2022-12-01'));
  assert.deepEqual(failure(missing), [401, 'AuthenticationFailed']);
  assert.match(String(missing.headers['www-authenticate']), /^Bearer authorization_uri=/);
  const logs = await appToken(emulator, estate, estate.provider, 'https://api.loganalytics.io/.default');
  assert.deepEqual(failure(await ask(emulator, at('/subscriptions', '2022-12-01'), { token: logs })), [
    401,
    'InvalidAuthenticationTokenAudience',
  ]);
  const wrong = await ask(emulator, at(`/subscriptions/${estate.foreign.subscriptionId}`, '2022-12-01'), { token });
  assert.deepEqual(failure(wrong), [401, 'InvalidAuthenticationTokenTenant']);
  assert.match(
    wrong.text,
    new RegExp(
      `wrong issuer 'https://sts.windows.net/${estate.provider.tenantId}/'.*https://login.windows.net/${estate.fabrikam.tenantId}`,
    ),
  );
  assert.match(
    String(wrong.headers['www-authenticate']),
    new RegExp(`authorization_uri="[^"]*/${estate.fabrikam.tenantId}"`),
  );
  clock.advance(3_700_000);
  assert.deepEqual(failure(await ask(emulator, at('/subscriptions', '2022-12-01'), { token })), [
    401,
    'ExpiredAuthenticationToken',
  ]);
  token = await appToken(emulator, estate, estate.provider);
  reader = (await userToken(emulator, 'reader@provider.example')).access_token;
});

test('the api-version is required and must be one the type has', async () => {
  assert.deepEqual(failure(await ask(emulator, workspaces(), { token })), [400, 'MissingApiVersionParameter']);
  assert.deepEqual(failure(await ask(emulator, at(workspaces(), 'latest'), { token })), [
    400,
    'InvalidApiVersionParameter',
  ]);
  const unsupported = await ask(emulator, at(workspaces(), '2031-01-01'), { token });
  assert.deepEqual(failure(unsupported), [400, 'InvalidResourceType']);
  assert.match(unsupported.text, /The supported api-versions are '2015-03-20,2015-11-01-preview,/);
  const named = await ask(emulator, at(`${workspaces()}/law-provider`, '2021-04-01'), { token });
  assert.deepEqual(failure(named), [400, 'NoRegisteredProviderFound']);
  assert.match(
    named.text,
    /for location '\w+' and API version '2021-04-01' for type 'workspaces'\. The supported api-versions are '2015-03-20, 2015-11-01-preview,/,
  );
  const deleted = `/subscriptions/${estate.home.subscriptionId}/providers/Microsoft.OperationalInsights/deletedWorkspaces`;
  assert.equal((await ask(emulator, at(deleted, '2021-12-01-preview'), { token })).status, 200);
});

test('paths match in any case, with doubled slashes and encoded query names', async () => {
  const odd = `//SUBSCRIPTIONS/${estate.home.subscriptionId.toUpperCase()}/resourcegroups/RG-LOGS//providers/microsoft.operationalinsights/Workspaces/LAW-provider?api%2Dversion=2025-07-01`;
  const answer = await ask(emulator, odd, { token });
  assert.deepEqual([answer.status, answer.json<{ name: string }>().name], [200, 'law-provider']);
  assert.equal((await ask(emulator, at(`${workspaces()}/law-provider`), { token, method: 'HEAD' })).text, '');
  assert.equal((await ask(emulator, at(workspaces()), { method: 'OPTIONS' })).status, 200);
  assert.deepEqual(failure(await ask(emulator, at(workspaces()), { token, method: 'DELETE' })), [
    405,
    'MethodNotAllowed',
  ]);
});

test('large answers are packed for those who take it', async () => {
  const answer = await ask(emulator, at(`/subscriptions/${estate.home.subscriptionId}/locations`, '2022-12-01'), {
    token,
    headers: { 'accept-encoding': 'gzip' },
  });
  assert.equal(answer.headers['content-encoding'], 'gzip');
});

test('a reader reads, and may neither write nor see keys', async () => {
  assert.equal((await ask(emulator, at(`${workspaces()}/law-provider`), { token: reader })).status, 200);
  const refused = await ask(emulator, at(`${workspaces()}/law-provider`), {
    token: reader,
    method: 'PATCH',
    body: { tags: {} },
  });
  assert.deepEqual(failure(refused), [403, 'AuthorizationFailed']);
  assert.match(
    refused.text,
    /does not have authorization to perform action 'Microsoft\.OperationalInsights\/workspaces\/write' over scope/,
  );
  assert.deepEqual(
    failure(await ask(emulator, at(`${workspaces()}/law-provider/sharedKeys`), { token: reader, method: 'POST' })),
    [403, 'AuthorizationFailed'],
  );
  assert.deepEqual(
    failure(
      await ask(
        emulator,
        at(`/subscriptions/${estate.delegated.subscriptionId}/providers/Microsoft.OperationalInsights/workspaces`),
        { token: reader },
      ),
    ),
    [403, 'AuthorizationFailed'],
  );
});

test("what is not there is said in Resource Manager's words", async () => {
  const absent = '00000000-0000-0000-0000-00000000abcd';
  assert.deepEqual(failure(await ask(emulator, at(`/subscriptions/${absent}`, '2022-12-01'), { token })), [
    404,
    'SubscriptionNotFound',
  ]);
  assert.deepEqual(failure(await ask(emulator, at(workspaces().replace('rg-logs', 'rg-none')), { token })), [
    404,
    'ResourceGroupNotFound',
  ]);
  assert.deepEqual(failure(await ask(emulator, at(`${workspaces()}/law-none`), { token })), [404, 'ResourceNotFound']);
  assert.deepEqual(
    failure(
      await ask(emulator, at(`/subscriptions/${estate.home.subscriptionId}/providers/Microsoft.Nothing/things`), {
        token,
      }),
    ),
    [404, 'InvalidResourceNamespace'],
  );
  assert.deepEqual(
    failure(await ask(emulator, at(`${workspaces()}/law-provider/purge`), { token, method: 'POST', body: {} })),
    [501, 'NotEmulated'],
  );
  const broken = await ask(emulator, at(`${workspaces()}/law-other`), {
    token,
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"location":',
  });
  assert.deepEqual(failure(broken), [400, 'InvalidRequestContent']);
});

test('both styles of long-running operation', async (t) => {
  const slow = await startSmall(estate, { operations: { durationMs: 60_000, retryAfterSeconds: 7 } });
  t.after(() => slow.close());
  const own = await appToken(slow, estate, estate.provider);
  const state = ({ json }: RawAnswer): string => json<Workspace>().properties.provisioningState;
  type Workspace = { properties: { provisioningState: string } };
  // As recorded: the resource is its own operation, and a deletion is over when it is answered.
  const plain = await ask(slow, at(`${workspaces()}/law-plain`), {
    token: own,
    method: 'PUT',
    body: { location: 'westeurope' },
  });
  assert.deepEqual([plain.status, plain.headers['azure-asyncoperation'], state(plain)], [201, undefined, 'Creating']);
  const look = (): Promise<RawAnswer> => ask(slow, String(plain.headers['location']), { token: own });
  const before = await look();
  clock.advance(61_000);
  assert.deepEqual([before.status, state(before), state(await look())], [200, 'Creating', 'Succeeded']);
  const deleted = await ask(slow, at(`${workspaces()}/law-plain`), { token: own, method: 'DELETE' });
  assert.deepEqual([deleted.status, deleted.headers['location'], (await look()).status], [200, undefined, 404]);

  slow.faults.add({ match: { path: '/workspaces/' }, fault: { kind: 'asyncOperation' } });
  const put = await ask(slow, at(`${workspaces()}/law-slow`), {
    token: own,
    method: 'PUT',
    body: { location: 'westeurope' },
  });
  assert.deepEqual(
    [
      put.status,
      put.headers['retry-after'],
      put.json<{ properties: { provisioningState: string } }>().properties.provisioningState,
    ],
    [201, '7', 'Creating'],
  );
  const status = async (): Promise<string> =>
    (await ask(slow, String(put.headers['azure-asyncoperation']), { token: own })).json<{ status: string }>().status;
  assert.equal(await status(), 'InProgress');
  clock.advance(61_000);
  assert.equal(await status(), 'Succeeded');

  const gone = await ask(slow, at(`${workspaces()}/law-slow`), { token: own, method: 'DELETE' });
  assert.equal(gone.status, 202);
  assert.match(String(gone.headers['azure-asyncoperation']), /operationStatuses/);
  const poll = (): Promise<RawAnswer> => ask(slow, String(gone.headers['location']), { token: own });
  assert.equal((await poll()).status, 202);
  assert.equal(
    (await ask(slow, at(`${workspaces()}/law-slow`), { token: own })).json<{
      properties: { provisioningState: string };
    }>().properties.provisioningState,
    'Deleting',
  );
  clock.advance(61_000);
  assert.equal((await poll()).status, 204);
  assert.equal((await ask(slow, at(`${workspaces()}/law-slow`), { token: own, method: 'DELETE' })).status, 204);
  clock.advance(15 * 86_400_000);
  const later = await appToken(slow, estate, estate.provider);
  assert.deepEqual(
    (
      await ask(
        slow,
        at(`/subscriptions/${estate.home.subscriptionId}/providers/Microsoft.OperationalInsights/deletedWorkspaces`),
        { token: later },
      )
    ).json<{ value: unknown[] }>().value,
    [],
  );
  token = await appToken(emulator, estate, estate.provider);
  reader = (await userToken(emulator, 'reader@provider.example')).access_token;
});

test('Lighthouse: the delegated subscription shows its registration, expanded on request', async () => {
  const path = `/subscriptions/${estate.delegated.subscriptionId}/providers/Microsoft.ManagedServices/registrationAssignments`;
  type Listed = { value: { properties: { registrationDefinition?: { properties: Record<string, unknown> } } }[] };
  const plain = (await ask(emulator, at(path, '2022-10-01'), { token })).json<Listed>();
  assert.equal(plain.value[0]?.properties.registrationDefinition, undefined);
  const { value } = (
    await ask(emulator, `${at(path, '2022-10-01')}&$expandRegistrationDefinition=true`, { token })
  ).json<Listed>();
  const definition = value[0]!.properties.registrationDefinition!.properties;
  assert.deepEqual(
    [
      definition['managedByTenantName'],
      definition['manageeTenantName'],
      (definition['authorizations'] as unknown[]).length,
    ],
    ['Provider', 'Contoso', 2],
  );
  const other = (
    await ask(
      emulator,
      `${at(path, '2022-10-01')}&$filter=${encodeURIComponent(`managedByTenantId eq '${estate.contoso.tenantId}'`)}`,
      { token },
    )
  ).json<Listed>();
  assert.deepEqual(other.value, []);
});

test('role assignments, permissions and diagnostic settings of a scope', async () => {
  const scope = `/subscriptions/${estate.home.subscriptionId}`;
  const roles = (
    await ask(
      emulator,
      `${at(`${scope}/providers/Microsoft.Authorization/roleAssignments`, '2022-04-01')}&$filter=atScope()`,
      { token },
    )
  ).json<{ value: { properties: { principalId: string } }[] }>();
  assert.deepEqual(
    roles.value.map(({ properties }) => properties.principalId),
    [estate.engineer.objectId, estate.app.objectId, estate.reader.objectId],
  );
  const permissions = (
    await ask(emulator, at(`${scope}/providers/Microsoft.Authorization/permissions`, '2022-04-01'), { token: reader })
  ).json<{
    value: { actions: string[] }[];
  }>();
  assert.ok(permissions.value[0]?.actions.includes('*/read'));
  const settings = `/${workspaces()}/law-provider/providers/Microsoft.Insights/diagnosticSettings`;
  await ask(emulator, at(`${settings}/audit`, '2021-05-01-preview'), {
    token,
    method: 'PUT',
    body: { properties: { workspaceId: `${workspaces()}/law-provider`, logs: [{ category: 'Audit', enabled: true }] } },
  });
  const listed = (await ask(emulator, at(settings, '2021-05-01-preview'), { token })).json<{
    value: { name: string }[];
  }>();
  assert.deepEqual(
    listed.value.map(({ name }) => name),
    ['audit'],
  );
});

test('writes count against their bucket, and the empty one answers 429 with Retry-After', async () => {
  const first = await ask(emulator, at(`${workspaces()}/law-provider`), { token });
  assert.ok(Number(first.headers['x-ms-ratelimit-remaining-subscription-reads']) <= 249);
  const answers = await Promise.all(
    Array.from({ length: 230 }, () => ask(emulator, at(`${workspaces()}/law-none`), { token, method: 'DELETE' })),
  );
  const refused = answers.find(({ status }) => status === 429)!;
  assert.equal(failure(refused)[1], 'SubscriptionRequestsThrottled');
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  clock.advance(30_000);
  assert.equal((await ask(emulator, at(`${workspaces()}/law-none`), { token, method: 'DELETE' })).status, 204);
});

test('a disabled subscription is read-only; an unregistered namespace is named', async () => {
  const sleeping = addSubscription(estate.world, {
    tenant: estate.provider,
    displayName: 'Sleeping',
    state: 'Disabled',
  });
  const fresh = addSubscription(estate.world, {
    tenant: estate.provider,
    displayName: 'Fresh',
    notRegistered: ['Microsoft.OperationalInsights'],
  });
  for (const { subscriptionId } of [sleeping, fresh]) {
    assignRole(estate.world, {
      scope: `/subscriptions/${subscriptionId}`,
      principalId: estate.app.objectId,
      role: 'Owner',
    });
  }
  const group = (subscriptionId: string): string =>
    at(`/subscriptions/${subscriptionId}/resourceGroups/rg`, '2025-04-01');
  assert.deepEqual(
    failure(
      await ask(emulator, group(sleeping.subscriptionId), { token, method: 'PUT', body: { location: 'eastus' } }),
    ),
    [409, 'ReadOnlyDisabledSubscription'],
  );
  assert.equal(
    (await ask(emulator, group(fresh.subscriptionId), { token, method: 'PUT', body: { location: 'eastus' } })).status,
    201,
  );
  const create = (): Promise<RawAnswer> =>
    ask(
      emulator,
      at(
        `/subscriptions/${fresh.subscriptionId}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-fresh`,
      ),
      { token, method: 'PUT', body: { location: 'eastus' } },
    );
  assert.deepEqual(failure(await create()), [409, 'MissingSubscriptionRegistration']);
  await ask(
    emulator,
    at(`/subscriptions/${fresh.subscriptionId}/providers/Microsoft.OperationalInsights/register`, '2025-04-01'),
    { token, method: 'POST' },
  );
  assert.equal((await create()).status, 201);
});

test('subscriptions come in pages whose nextLink is absolute', async (t) => {
  const many = smallEstate();
  for (let count = 0; count < 1_500; count++) {
    const { subscriptionId } = addSubscription(many.world, { tenant: many.provider, displayName: `S${count}` });
    assignRole(many.world, {
      scope: `/subscriptions/${subscriptionId}`,
      principalId: many.app.objectId,
      role: 'Reader',
    });
  }
  const large = await startSmall(many);
  t.after(() => large.close());
  const own = await appToken(large, many, many.provider);
  const first = (await ask(large, at('/subscriptions', '2022-12-01'), { token: own })).json<{
    value: unknown[];
    nextLink: string;
  }>();
  assert.ok(first.nextLink.startsWith(`${large.url}/subscriptions?`));
  const second = (await ask(large, first.nextLink, { token: own })).json<{ value: unknown[]; nextLink?: string }>();
  assert.deepEqual([first.value.length, second.value.length, second.nextLink], [1_000, 502, undefined]);
});
