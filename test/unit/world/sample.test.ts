import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import type { Workspace, World } from '../../../src/emulator/state.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { addSampleEstate, type SampleEstate, type SampleOptions } from '../../../src/emulator/world/sample.ts';
import type { MadeRows } from '../../../src/emulator/logs/source.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');

async function estate(
  options: SampleOptions = {},
  seed = 1,
): Promise<{
  world: World;
  sample: SampleEstate;
  named: (name: string) => Workspace;
  made: (workspace: string, table: string) => MadeRows;
}> {
  const world = emptyWorld({ seed, clock: new EmulatedClock(NOW, true) });
  const sample = await addSampleEstate(world, options);
  const named = (name: string): Workspace =>
    [...world.workspaces.values()].find((workspace) => workspace.name === name)!;
  const made = (workspace: string, table: string): MadeRows =>
    sample.logs.find(named(workspace).properties.customerId)!.tables.find((rows) => rows.table === table) as MadeRows;
  return { world, sample, named, made };
}

const rowsOf = (rows: MadeRows, from = NOW - rows.span, to = NOW, first = true): string[] =>
  [...rows.rows(from, to, first)].map((row) => row.map(String).join('|'));

test('the estate has its customers, tenants, workspaces and regions', async () => {
  const { world, sample } = await estate();
  const { customers } = JSON.parse(sample.customersFile) as {
    customers: { key: string; groups: string[]; tenants: string[] }[];
  };
  assert.ok(
    customers.length >= 15 && world.tenants.size >= 17,
    `${customers.length} customers, ${world.tenants.size} tenants`,
  );
  assert.equal(world.workspaces.size, 26);
  assert.equal(new Set([...world.workspaces.values()].map(({ location }) => location)).size, 7);
  assert.deepEqual(new Set(customers.flatMap(({ tenants }) => tenants)), new Set(world.tenants.keys()));
  assert.deepEqual(parseCustomers(sample.customersFile, 'customers.json').problems, []);
  for (const group of ['gold', 'silver', 'eu'])
    assert.ok(
      customers.some(({ groups }) => groups.includes(group)),
      group,
    );
});

test('twenty-four workspaces are reached without MFA: by the home tenant, delegation, as a guest, one twice', async () => {
  const { world, sample, named } = await estate();
  const delegated = new Set(world.delegations.map(({ scope }) => /subscriptions\/([^/]+)/.exec(scope)![1]!));
  const guestTenants = new Set(sample.engineer.memberships.map(({ tenantId }) => tenantId));
  const ways = (workspace: Workspace): string[] => {
    const { tenantId } = world.subscriptions.get(workspace.subscriptionId)!;
    return [
      ...(tenantId === sample.engineer.homeTenantId ? ['home'] : []),
      ...(delegated.has(workspace.subscriptionId) ? ['lighthouse'] : []),
      ...(guestTenants.has(tenantId) ? [world.tenants.get(tenantId)!.policy.mfaRequired ? 'mfa' : 'guest'] : []),
    ];
  };
  assert.deepEqual(ways(named('adatum-logs')), ['lighthouse', 'guest']);
  assert.deepEqual(ways(named('proseware-logs')), ['mfa']);
  assert.deepEqual(ways(named('alpine-logs')), []);
  assert.equal(
    [...world.workspaces.values()].filter((workspace) => ways(workspace).some((way) => way !== 'mfa')).length,
    24,
  );
  assert.deepEqual(
    sample.automation.memberships.map(({ tenantId }) => tenantId),
    sample.engineer.memberships.map(({ tenantId }) => tenantId),
  );
});

test('the mistakes people make are there', async () => {
  const { world, named, sample, made } = await estate();
  assert.equal(named('tailspin-ops').properties.workspaceCapping.dataIngestionStatus, 'OverQuota');
  assert.ok(
    named('tailspin-ops').ingestedTodayBytes > named('tailspin-ops').properties.workspaceCapping.dailyQuotaGb * 1e9,
  );
  const northwind = (
    JSON.parse(sample.customersFile) as { customers: { key: string; declared?: { retentionDays: number } }[] }
  ).customers.find(({ key }) => key === 'northwind')!;
  assert.deepEqual([named('northwind-core').properties.retentionInDays, northwind.declared?.retentionDays], [30, 365]);
  const { retentionInDays, totalRetentionInDays } = named('woodgrove-sentinel').tables.get('securityevent')!;
  assert.deepEqual([retentionInDays, totalRetentionInDays], [365, 365], 'kept for less than its workspace keeps');
  assert.equal(named('litware-everything').tables.size, 1000);
  assert.equal(sample.logs.find(named('gdi-logs').properties.customerId), undefined);
  assert.deepEqual(
    [...world.deletedWorkspaces.values()].map(({ name, deletedAt }) => [name, deletedAt?.slice(0, 10)]),
    [['woodgrove-old', '2026-02-26']],
  );
  assert.match(named('woodgrove-trust').properties.createdDate, /^2019-/);
  assert.deepEqual(
    world.locks.map(({ name, level, scope }) => [name, level, scope.split('/').at(-1)]),
    [
      ['do-not-delete', 'CanNotDelete', 'rg-woodgrove-logs'],
      ['keep', 'CanNotDelete', 'northwind-core'],
      ['keep', 'CanNotDelete', 'litware-everything'],
      ['keep', 'CanNotDelete', 'rg-fabrikam-logs'],
    ],
  );
  assert.deepEqual(
    [...named('wwi-archive').tables.values()]
      .filter(({ plan }) => plan !== 'Analytics')
      .map(({ name, plan }) => `${name} ${plan}`)
      .sort((a, b) => (a < b ? -1 : 1)),
    ['AppTrace_CL Basic', 'ContainerLogV2 Basic', 'ProxyArchive_CL Auxiliary'],
  );
  const type = (workspace: string, column: string): string | undefined =>
    named(workspace)
      .tables.get('firewall_cl')!
      .columns!.find(({ name }) => name === column)?.type;
  assert.deepEqual(
    [type('contoso-prod', 'Severity'), type('fabrikam-ops', 'Severity'), type('adatum-logs', 'Sites')],
    ['long', 'string', 'dynamic'],
  );
  assert.ok(
    named('contoso-prod').solutions.includes('SecurityInsights') &&
      !named('coho-edge').solutions.includes('SecurityInsights'),
  );
  const column = (rows: MadeRows, name: string): unknown[] => {
    const at = rows.columns.findIndex((found) => found.name === name);
    return [...new Set([...rows.rows(NOW - rows.span, NOW, true)].map((row) => row[at]))];
  };
  assert.deepEqual(
    new Set(column(made('wwi-logs', 'Heartbeat'), 'Category')),
    new Set(['Azure Monitor Agent', 'Direct Agent']),
  );
  const shared = column(made('nb-central', 'Heartbeat'), 'Computer') as string[];
  assert.ok(
    shared.some((name) => name.endsWith('.lucernepublishing.com')) && shared.includes('SERVER01'),
    'computers of customers and of nobody',
  );
});

test('computers that fell silent show when they last spoke', async () => {
  const { made } = await estate();
  const rows = made('trey-research', 'Heartbeat');
  const at = rows.columns.findIndex(({ name }) => name === 'Computer');
  const last = new Map<string, number>();
  for (const row of rows.rows(NOW - rows.span, NOW, true))
    last.set(String(row[at]), Math.max(last.get(String(row[at])) ?? 0, Date.parse(String(row[0]))));
  const silent = [...last.values()].filter((time) => NOW - time > 3_600_000);
  assert.deepEqual([last.size, silent.length], [8, 5]);
  assert.deepEqual(
    [...rows.rows(NOW, NOW + 3_600_000, false)]
      .map((row) => row[at])
      .filter((name) => NOW - last.get(String(name))! > 3_600_000),
    [],
  );
});

test('the same seed and time make the same rows; what comes later continues them', async () => {
  const [one, two, other] = await Promise.all([estate(), estate(), estate({}, 2)]);
  for (const table of ['Heartbeat', 'SigninLogs', 'SecurityEvent', 'Usage', 'Firewall_CL', 'SecurityAlert']) {
    const whole = rowsOf(one.made('contoso-prod', table));
    assert.deepEqual(rowsOf(two.made('contoso-prod', table)), whole, table);
    assert.notDeepEqual(rowsOf(other.made('contoso-prod', table)), whole, table);
    const { span } = one.made('contoso-prod', table);
    const middle = NOW - 5 * 3_600_000;
    const parts = [
      ...rowsOf(one.made('contoso-prod', table), NOW - span, middle),
      ...rowsOf(one.made('contoso-prod', table), middle, NOW, false),
    ];
    assert.deepEqual(new Set(parts), new Set(whole), table);
    assert.equal(parts.length, whole.length, table);
  }
});

test('rows are related: the people who sign in also work in Office, the alerts name the computers of the workspace', async () => {
  const { made } = await estate();
  const values = (table: string, name: string): Set<unknown> => {
    const rows = made('contoso-prod', table);
    const at = rows.columns.findIndex((column) => column.name === name);
    return new Set([...rows.rows(NOW - rows.span, NOW, true)].map((row) => row[at]));
  };
  const people = values('SigninLogs', 'UserPrincipalName');
  for (const person of values('OfficeActivity', 'UserId')) assert.ok(people.has(person), String(person));
  const computers = values('Heartbeat', 'Computer');
  for (const computer of values('SecurityAlert', 'CompromisedEntity'))
    assert.ok(computers.has(computer), String(computer));
});

test('a thousand customers have five thousand workspaces, and rows only when asked', async () => {
  const { world, sample } = await estate({ customers: 1000 });
  assert.deepEqual([world.tenants.size, world.workspaces.size], [1001, 5002]);
  assert.equal(new Set([...world.workspaces.values()].map(({ properties }) => properties.customerId)).size, 5002);
  const some = [...world.workspaces.values()].at(-1)!;
  const heartbeat = sample.logs.find(some.properties.customerId)!.tables[0] as MadeRows;
  assert.ok(rowsOf(heartbeat).length > 0);
});

test('scale multiplies rows; sizes that make no sense are refused', async () => {
  const [one, five] = await Promise.all([estate(), estate({ scale: 5 })]);
  const ratio = rowsOf(five.made('coho-edge', 'Heartbeat')).length / rowsOf(one.made('coho-edge', 'Heartbeat')).length;
  assert.ok(ratio > 4.9 && ratio < 5.1, String(ratio));
  await assert.rejects(estate({ customers: 1001 }), /1 to 1,000 customers/);
  await assert.rejects(estate({ scale: 0 }), /scale/);
});
