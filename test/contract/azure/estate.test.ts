import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addSubscription, addTenant, addUser, addWorkspace, assignRole } from '../../../src/emulator/populate.ts';
import type { Account } from '../../../src/emulator/state.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';
import { ClientSecretTokens } from '../../../src/azure/identity/azureIdentity.ts';
import { PERSONAL_ACCOUNTS, toAccountId, toTenantId } from '../../../src/model/ids.ts';

const small = smallEstate();
const litware = addTenant(small.world, {
  displayName: 'Litware',
  domain: 'litware.example',
  policy: { mfaRequired: true },
});
// At home at the provider, a guest at Contoso (which delegates to the provider as well), at Fabrikam, and at Litware,
// which wants MFA.
const ann: Account = addUser(small.world, {
  tenant: small.provider,
  username: 'ann@provider.example',
  password: 'pass',
  groups: [small.world.guid('group', 'operations')],
  guestOf: [small.contoso, small.fabrikam, litware],
});
assignRole(small.world, {
  scope: `/subscriptions/${small.home.subscriptionId}`,
  principalId: ann.objectId,
  role: 'Contributor',
});
for (const [tenant, subscription] of [
  [small.contoso, small.delegated],
  [small.fabrikam, small.foreign],
] as const) {
  assignRole(small.world, {
    scope: `/subscriptions/${subscription.subscriptionId}`,
    principalId: ann.memberships.find((membership) => membership.tenantId === tenant.tenantId)!.objectId,
    role: 'Reader',
  });
}

let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection;
before(async () => {
  emulator = await startSmall(small, { engine: () => openEngine() });
  person = signedIn(emulator, ann, 'pass');
  connection = connect(emulator, person);
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.calls.clear();
});
after(async () => {
  person.close();
  connection.dispose();
  await emulator.close();
});

const service = (
  ports: Pick<Connection, 'directory'> & { accounts: ConstructorParameters<typeof EstateService>[0]['accounts'] },
): EstateService =>
  new EstateService({
    accounts: ports.accounts,
    directory: ports.directory,
    customers: { load: () => Promise.resolve({ customers: [], problems: [] }) },
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    cloud: 'emulator',
  });

test('the estate through the real SDKs: every path, a locked tenant in its place, one Resource Graph page per token', async () => {
  const estate = await service({ accounts: person, directory: connection.directory }).load();
  assert.deepEqual(
    estate.workspaces.map((workspace) => [
      workspace.name,
      workspace.region,
      workspace.sentinel,
      workspace.paths.map((path) => path.kind),
    ]),
    [
      ['law-contoso', 'northeurope', true, ['lighthouse', 'guest']],
      ['law-fabrikam', 'eastus', false, ['guest']],
      ['law-provider', 'westeurope', false, ['home']],
    ],
  );
  assert.deepEqual(
    estate.tenants.map((tenant) => [tenant.name, tenant.state]),
    [
      ['Contoso', 'entered'],
      ['Fabrikam', 'entered'],
      ['Litware', 'signInRequired'],
      ['Provider', 'entered'],
    ],
  );
  assert.deepEqual(estate.problems, []);
  assert.equal(emulator.calls.list({ service: 'graph' }).length, 3, 'one per token');
  assert.deepEqual(emulator.calls.list({ path: '/workspaces' }), [], 'nothing was listed one by one');
  assert.equal(person.asked.length, 4, 'one token per tenant, kept for all its calls');
});

test('tables with plan and retention, and the functions', async () => {
  const loaded = service({ accounts: person, directory: connection.directory });
  const [contoso] = (await loaded.load()).workspaces;
  const tables = await loaded.tables(contoso!);
  assert.deepEqual(
    tables
      .map((table) => [table.name, table.plan, table.kind])
      .filter(([name]) => name === 'Audit_CL' || name === 'Heartbeat'),
    [
      ['Audit_CL', 'Analytics', 'CustomLog'],
      ['Heartbeat', 'Analytics', 'Microsoft'],
    ],
  );
  assert.ok(tables.every((table) => table.retentionDays >= 30 && table.totalRetentionDays >= table.retentionDays));
  assert.deepEqual(await loaded.functions(contoso!), []);
});

test('where Resource Graph is refused or down, subscriptions are listed', async () => {
  for (const fault of [{ kind: 'status', status: 500 }, { kind: 'accessLag' }] as const) {
    emulator.faults.clear();
    emulator.faults.add({ match: { service: 'graph' }, fault });
    const estate = await service({ accounts: person, directory: connection.directory }).load({ refresh: true });
    assert.deepEqual(
      estate.workspaces.map((workspace) => workspace.name),
      ['law-contoso', 'law-fabrikam', 'law-provider'],
      fault.kind,
    );
    assert.deepEqual(
      estate.workspaces.map((workspace) => workspace.paths.length),
      [2, 1, 1],
    );
  }
});

test('a tenant whose services fail is failed in its place; the others stay', async () => {
  const guest = ann.memberships.find((membership) => membership.tenantId === small.fabrikam.tenantId)!.objectId;
  emulator.faults.add({ match: { principal: guest }, fault: { kind: 'status', status: 503 } });
  const estate = await service({ accounts: person, directory: connection.directory }).load();
  assert.deepEqual(
    estate.workspaces.map((workspace) => workspace.name),
    ['law-contoso', 'law-provider'],
  );
  const fabrikam = estate.tenants.find((tenant) => tenant.name === 'Fabrikam')!;
  assert.deepEqual(
    [fabrikam.state, fabrikam.error?.code, fabrikam.error?.retryable],
    ['failed', 'service.unavailable', true],
  );
});

test('a token of the wrong tenant is found out before it is used', async () => {
  const confused = connect(emulator, {
    accounts: (signal) => person.accounts(signal),
    getToken: (request) => person.getToken({ ...request, tenant: toTenantId(small.provider.tenantId) }),
  });
  const estate = await service({ accounts: person, directory: confused.directory }).load();
  const fabrikam = estate.tenants.find((tenant) => tenant.name === 'Fabrikam')!;
  assert.deepEqual([fabrikam.state, fabrikam.error?.code], ['failed', 'auth.wrongTenant']);
  assert.deepEqual(
    estate.workspaces.map((workspace) => workspace.name),
    ['law-contoso', 'law-provider'],
    'nothing of Fabrikam was asked with a token of the provider',
  );
  confused.dispose();
});

test('a service principal signs in through @azure/identity, tenant by tenant', async () => {
  const robot = new ClientSecretTokens(emulator.cloud, {
    tenantId: small.provider.tenantId,
    clientId: small.app.appId!,
    clientSecret: 'secret',
  });
  const automation = connect(emulator, robot);
  const loaded = new EstateService({
    accounts: robot,
    directory: automation.directory,
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    cloud: 'emulator',
    customers: {
      load: () =>
        Promise.resolve({
          problems: [],
          customers: [
            {
              key: 'fabrikam',
              name: 'Fabrikam Inc',
              tenants: [small.fabrikam.tenantId],
              groups: [],
              tags: {},
              line: 1,
            },
          ],
        }),
    },
  });
  const estate = await loaded.load();
  assert.deepEqual(
    estate.workspaces.map((workspace) => [workspace.name, workspace.paths.map((path) => path.kind)]),
    [
      ['law-contoso', ['lighthouse']],
      ['law-fabrikam', ['servicePrincipal']],
      ['law-provider', ['home']],
    ],
  );
  automation.dispose();
  const wrong = connect(
    emulator,
    new ClientSecretTokens(emulator.cloud, {
      tenantId: small.provider.tenantId,
      clientId: small.app.appId!,
      clientSecret: 'wrong',
    }),
  );
  await assert.rejects(
    wrong.directory.tenants({ account: toAccountId('sp'), tenant: toTenantId(small.provider.tenantId) }),
    { code: 'auth.badSecret' },
  );
  wrong.dispose();
});

test('pages of a thousand: 2,100 workspaces take three requests', async () => {
  const subscription = addSubscription(small.world, { tenant: small.provider, displayName: 'Many' });
  assignRole(small.world, {
    scope: `/subscriptions/${subscription.subscriptionId}`,
    principalId: ann.objectId,
    role: 'Reader',
  });
  for (let n = 0; n < 2100; n++)
    addWorkspace(small.world, {
      subscription,
      resourceGroup: 'rg-many',
      name: `law-many-${n}`,
      location: 'westeurope',
    });
  const listed = await connection.directory.workspaces({
    account: toAccountId('test:ann@provider.example'),
    tenant: toTenantId(small.provider.tenantId),
  });
  assert.equal(listed.length, 2102);
  assert.equal(emulator.calls.list({ service: 'graph', status: 200 }).length, 3);
});

test('a personal account is at home nowhere, and a guest where it is one', async () => {
  const personal = addTenant(small.world, {
    displayName: 'Microsoft account',
    domain: 'live.example',
    tenantId: PERSONAL_ACCOUNTS,
  });
  const people = [[small.fabrikam], []].map((guestOf, n) =>
    addUser(small.world, { tenant: personal, username: `me${n}@live.example`, password: 'pass', guestOf }),
  );
  assignRole(small.world, {
    scope: `/subscriptions/${small.foreign.subscriptionId}`,
    principalId: people[0]!.memberships[0]!.objectId,
    role: 'Reader',
  });
  for (const [n, workspaces] of [['law-fabrikam'], []].entries()) {
    const me = signedIn(emulator, people[n]!, 'pass');
    const account = {
      id: toAccountId(`test:${people[n]!.username}`),
      label: people[n]!.username,
      personal: true as const,
    };
    const own = connect(emulator, { getToken: me.getToken, accounts: () => Promise.resolve([account]) });
    const estate = await service({ directory: own.directory, accounts: own.tokens }).load();
    assert.deepEqual(
      estate.workspaces.map(({ name, paths }) => [name, ...paths.map(({ kind }) => kind)]),
      workspaces.map((name) => [name, 'guest']),
    );
    assert.deepEqual(
      estate.problems.map(({ error }) => error.code),
      n === 0 ? [] : ['access.nothingSeen'],
    );
    me.close();
    own.dispose();
  }
});

test('a list that goes on where it began costs two requests, and whoever asked hears why', async () => {
  const issuer = { account: toAccountId(ann.username), tenant: toTenantId(small.provider.tenantId) };
  emulator.faults.add({ match: { service: 'arm', path: '^/subscriptions$' }, fault: { kind: 'sameNextLink' } });
  await assert.rejects(connection.directory.subscriptions(issuer), {
    code: 'service.endlessList',
    message: /^The answer for the .* is a list without an end: after 2 pages/,
  });
  assert.equal(emulator.calls.list().filter(({ path }) => path === '/subscriptions').length, 2);
});
