import assert from 'node:assert/strict';
import { test } from 'node:test';
import { narrowScope } from '../../../src/core/agents/narrowScope.ts';
import { rowsTogether } from '../../../src/core/central/rowsTogether.ts';
import { sharedNotes } from '../../../src/core/central/sharedNote.ts';
import { withSharedRows } from '../../../src/core/central/sharedRows.ts';
import { mergeCustomers } from '../../../src/core/customers/customersSource.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { portionsOf, resolveRows, resolveScope, scopeLabel } from '../../../src/core/estate/scope.ts';
import { ownRowsText } from '../../../src/kql/across/ownRows.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { Customer, Estate, Tenant, Workspace } from '../../../src/model/estate.ts';
import {
  toCustomerKey,
  toSubscriptionId,
  toTenantId,
  toWorkspaceGuid,
  toWorkspaceKey,
} from '../../../src/model/ids.ts';
import { NOT_ATTRIBUTED } from '../../../src/model/sharedWorkspace.ts';

const guid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const customer = (key: string, more: Partial<Customer> = {}): Customer => ({
  key: toCustomerKey(key),
  name: key,
  groups: [],
  tags: {},
  tenants: [],
  ...more,
});
const tenant = (n: number, key: string): Tenant => ({
  id: toTenantId(guid(n)),
  name: key,
  defaultDomain: `${key}.example`,
  customer: toCustomerKey(key),
  state: 'entered',
  accounts: [],
});
const workspace = (name: string, n: number, key: string): Workspace => ({
  key: toWorkspaceKey(`/subscriptions/${guid(n)}/resourcegroups/rg/providers/x/workspaces/${name}`),
  armId: `/subscriptions/${guid(n)}/resourceGroups/rg/providers/x/workspaces/${name}`,
  guid: toWorkspaceGuid(guid(100 + n)),
  name,
  customer: toCustomerKey(key),
  tenant: toTenantId(guid(n)),
  subscription: toSubscriptionId(guid(n)),
  subscriptionName: key,
  resourceGroup: 'rg',
  region: 'westeurope',
  tags: {},
  sku: '',
  retentionDays: 30,
  cap: 'none',
  sentinel: false,
  paths: [],
});
const estate: Estate = {
  cloud: 'test',
  accounts: [],
  customers: [
    customer('provider', { provider: true }),
    customer('contoso', { groups: ['gold'], declared: { domains: ['shared.example'] } }),
    customer('coho', { declared: { domains: ['shared.example', 'emea.contoso.example'] } }),
  ],
  tenants: [tenant(1, 'provider'), tenant(2, 'contoso'), tenant(3, 'coho')],
  workspaces: [workspace('central', 1, 'provider'), workspace('contoso-logs', 2, 'contoso')],
  seenAt: '',
  problems: [],
};
const file = (shared: unknown) =>
  parseCustomers(
    JSON.stringify({ customers: [{ name: 'provider' }, { name: 'contoso' }, { name: 'coho' }], shared }),
    'customers.json',
  );
const made = (shared: unknown): Estate => ({ ...estate, ...withSharedRows(estate, file(shared), true), problems: [] });
const central = made([{ workspace: 'central', rules: [{ customer: 'coho', subscription: guid(2) }] }]);
const scoped = (text: string, of = central): string[] =>
  resolveRows(parseScope(text).scope!, of).workspaces.map((one) => `${one.name} of ${one.customer}`);

test('what the estate knows needs no rule; the file goes before it, and what two claim is nobody’s', () => {
  const { rules } = central.workspaces[0]!.shared!;
  assert.deepEqual(
    rules.map(({ by, value, customer: whose, origin }) => [by, value, whose, origin]),
    [
      ['subscription', guid(1), 'provider', 'estate'],
      ['subscription', guid(2), 'coho', 'file'],
      ['tenant', guid(1), 'provider', 'estate'],
      ['tenant', guid(2), 'contoso', 'estate'],
      ['tenant', guid(3), 'coho', 'estate'],
      ['computer', 'emea.contoso.example', 'coho', 'estate'],
      ['computer', 'provider.example', 'provider', 'estate'],
      ['computer', 'contoso.example', 'contoso', 'estate'],
      ['computer', 'shared.example', NOT_ATTRIBUTED, 'estate'],
      ['computer', 'coho.example', 'coho', 'estate'],
    ],
  );
});

test('a scope of a customer means its rows wherever they lie, and no others', () => {
  assert.deepEqual(scoped('customer:contoso'), ['central of contoso', 'contoso-logs of contoso']);
  assert.deepEqual(scoped('group:gold'), ['central of contoso', 'contoso-logs of contoso']);
  assert.deepEqual(scoped('customer:coho'), ['central of coho']);
  assert.deepEqual(scoped('customer:provider'), ['central of provider']);
  assert.deepEqual(scoped('workspace:central except customer:contoso'), [
    'central of coho',
    'central of provider',
    'central of (not attributed)',
  ]);
  assert.deepEqual(scoped('all except workspace:central'), ['contoso-logs of contoso']);
});

test('what a scope is called counts a shared workspace once', () => {
  const label = (text: string) => scopeLabel(resolveRows(parseScope(text).scope!, central), central);
  assert.equal(label('all'), '2 workspaces, 3 customers');
  assert.equal(label('workspace:central'), '1 workspace, 3 customers');
  assert.equal(label('customer:coho'), 'central (coho)');
});

test('what is no question for rows means workspaces, as they are owned', () => {
  const { workspaces } = resolveScope(parseScope('customer:contoso').scope!, central);
  assert.deepEqual(
    workspaces.map(({ name }) => name),
    ['contoso-logs'],
  );
});

test('where workspaces are taken as their owners’, those that are shared are said', () => {
  const notes = (text: string, of = central) => sharedNotes(parseScope(text).scope!, of);
  const said = ['central holds rows of several customers: here they count as those of provider, whoever sent them.'];
  for (const text of ['all', 'customer:coho', 'workspace:central']) assert.deepEqual(notes(text), said, text);
  assert.deepEqual(notes('workspace:contoso-logs'), []);
  assert.deepEqual(notes('all', estate), []);
});

test('rows of one name are counted in as many tables as have them', () => {
  const row = (computer: string, table: string, rows: number) => ({ computer, table, rows, gb: 1 });
  const all = [row('a', 'Heartbeat', 3), row('b', 'Heartbeat', 1), row('b', 'Syslog', 1)];
  const counts = (nameOf: (one: (typeof all)[number]) => string) =>
    rowsTogether(all, nameOf).map(({ what, rows, gb, tables }) => [what, rows, gb, tables]);
  assert.deepEqual(
    counts(() => '(not attributed)'),
    [['(not attributed)', 5, 3, 2]],
  );
  assert.deepEqual(
    counts(({ computer }) => computer),
    [
      ['a', 3, 1, 1],
      ['b', 2, 2, 2],
    ],
  );
});

test('a model that was given one customer does not get a shared workspace as a whole', () => {
  const given = (text: string) =>
    narrowScope(parseScope(text).scope!, undefined, central).workspaces.map(({ name }) => name);
  assert.deepEqual(given('all'), ['central', 'contoso-logs']);
  assert.deepEqual(given('customer:provider workspace:contoso-logs'), ['contoso-logs']);
  assert.throws(() => given('customer:provider'), { code: 'input.scope' });
  // Its rows there are missing from the answer, which says so.
  const partly = (text: string, wanted?: string) => narrowScope(parseScope(text).scope!, wanted, central).partly;
  assert.deepEqual([partly('all'), partly('all', 'workspace:contoso-logs')], [0, 0]);
  assert.deepEqual([partly('customer:contoso'), partly('all', 'customer:contoso')], [1, 1]);
});

test('where the file is wrong, nothing is told apart', () => {
  const spoilt = made([{ workspace: 'central', rules: [{ customer: 'nobody', computer: 'x.example' }] }]);
  assert.equal(spoilt.workspaces[0]!.shared!.problem, 'Line 1 of the customers file is wrong.');
  assert.deepEqual(portionsOf(spoilt.workspaces[0]!), [spoilt.workspaces[0]]);
});

test('a workspace that is not there, or that several are called, is named', () => {
  const twice = { ...estate, workspaces: [...estate.workspaces, workspace('CENTRAL', 3, 'coho')] };
  const of = (shared: unknown, all = estate) =>
    withSharedRows(all, file(shared), true).problems.map(({ message }) => message);
  assert.deepEqual(of([{ workspace: 'none' }]), ['There is no workspace "none" in your estate to be shared.']);
  assert.deepEqual(of([{ workspace: 'central' }], twice), [
    '"central" is the name of 2 workspaces: share one by its resource ID.',
  ]);
  assert.deepEqual(of([{ workspace: guid(101) }], twice), []);
});

test('a mistake that hides which workspaces are shared: whose rows are whose is told of none', () => {
  const told = (text: string) => {
    const { workspaces } = withSharedRows(estate, parseCustomers(text, 'customers.json'), true);
    return workspaces.map(({ name, shared }) => `${name}: ${shared?.problem ?? (shared ? 'shared' : 'its own')}`);
  };
  const wrong = 'Line 2 of the customers file, on what is shared, is wrong.';
  for (const shared of [
    '"shared": {"workspace": "central"}',
    '"shared": [{"workspce": "central"}]',
    '"shared": ["central"]',
    '"Shared": [{"workspace": "central"}]',
    '"shared" [{"workspace": "central"}]',
  ])
    assert.deepEqual(told(`{"customers": [],\n${shared}}`), [`central: ${wrong}`, `contoso-logs: ${wrong}`], shared);
  // What can be read is told apart all the same.
  assert.deepEqual(told('{"customers": [],\n"shared": [{"workspace": "central"}, {}]}'), [
    'central: shared',
    `contoso-logs: ${wrong}`,
  ]);
  assert.deepEqual(told('{"customers": []\n"groups": {}}'), ['central: its own', 'contoso-logs: its own']);
});

test('one workspace by its name and by its ID is a mistake; of two files the stronger one counts', () => {
  const rules = [{ customer: 'coho', column: 'Computer', value: 'box' }];
  const [named, byId] = [{ workspace: 'central', rules }, { workspace: guid(101) }];
  assert.equal(
    made([named, byId]).workspaces[0]!.shared!.problem,
    `"central" (line 1) and "${guid(101)}" (line 1) are one workspace; put their rules together.`,
  );
  const { workspaces, problems } = withSharedRows(estate, mergeCustomers(file([named]), file([byId])), true);
  assert.equal(workspaces[0]!.shared!.problem, undefined);
  assert.deepEqual(
    workspaces[0]!.shared!.rules.filter(({ origin }) => origin === 'file'),
    [],
  );
  assert.deepEqual(problems, []);
});

test('a table says by its own columns whose its rows are, and one without any has nobody’s rows', () => {
  const { rules } = made([{ workspace: 'central' }]).workspaces[0]!.shared!;
  const of = (whose: string, ...names: string[]) =>
    ownRowsText(
      { rules, customer: toCustomerKey(whose) },
      names.map((name) => ({ name, type: 'string' })),
    );
  assert.deepEqual(of('coho', 'AADTenantId'), [`where AADTenantId =~ "${guid(3)}"`]);
  assert.deepEqual(of('coho', 'Message'), ['where false']);
  assert.deepEqual(of('nobody known', 'AADTenantId'), ['where false']);
  assert.deepEqual(of(NOT_ATTRIBUTED, 'Message'), []);
  assert.deepEqual(of(NOT_ATTRIBUTED, '_ResourceId', '_OwnSubscription'), [
    'extend _OwnSubscription_ = extract("^/subscriptions/([^/]+)", 1, tolower(_ResourceId))',
    `where case(_OwnSubscription_ in~ ("${guid(1)}", "${guid(2)}"), 1, 0) == 0`,
    'project-away _OwnSubscription_',
  ]);
});

test('the text for one customer names others only where their rules go before its own', () => {
  const { rules } = made([{ workspace: 'central' }]).workspaces[0]!.shared!;
  const of = (whose: string, ...names: string[]) =>
    ownRowsText(
      { rules, customer: toCustomerKey(whose) },
      names.map((name) => ({ name, type: 'string' })),
    );
  assert.deepEqual(of('contoso', '_SubscriptionId'), [
    'extend _OwnSubscription = _SubscriptionId',
    `where _OwnSubscription =~ "${guid(2)}"`,
    'project-away _OwnSubscription',
  ]);
  // Of names the longer one goes before: a domain within the customer's that is another's.
  assert.deepEqual(of('contoso', 'Computer'), [
    'where case(Computer endswith ".emea.contoso.example", 0, Computer endswith ".contoso.example", 1, 0) == 1',
  ]);
  assert.deepEqual(of('provider', 'Computer'), ['where Computer endswith ".provider.example"']);
});
