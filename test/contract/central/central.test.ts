import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openRuns } from '../../../src/app/runs.ts';
import type { OpenedRuns } from '../../../src/app/runs.ts';
import { Services } from '../../../src/app/services.ts';
import { customersOfRun } from '../../../src/core/runs/customersOfRun.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { LogSource } from '../../../src/emulator/logs/source.ts';
import { addUser, addWorkspace, assignRole } from '../../../src/emulator/populate.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { Workspace } from '../../../src/model/estate.ts';
import type { Cell, KqlType } from '../../../src/model/kqlType.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { Run, RunRequest } from '../../../src/model/run.ts';
import { signedIn } from '../azure/connect.ts';
import { ask, smallEstate, startSmall, userToken } from '../emulator/smallEstate.ts';

// A workspace of the provider with rows of Contoso (whose subscription is known), of Fabrikam (by a rule), of the
// provider itself, and of nobody.
const estate = smallEstate();
const { world, home, delegated, provider, contoso, engineer } = estate;
const columns = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: '_SubscriptionId', type: 'string' },
] as const;
const central = addWorkspace(world, {
  subscription: home,
  resourceGroup: 'rg-logs',
  name: 'law-central',
  location: 'westeurope',
  tables: [
    { name: 'Heartbeat', columns: columns.map((column) => ({ ...column })) },
    { name: 'Fabrikam_CL', columns: columns.slice(0, 2).map((column) => ({ ...column })) },
  ],
});
const ROWS: readonly (readonly [computer: string, subscription: string])[] = [
  ['vm-1', delegated.subscriptionId.toUpperCase()],
  ['vm-2.fabrikam.example', delegated.subscriptionId],
  ['pc-1.branch.fabrikam.example', ''],
  ['dc.provider.example', ''],
  ['box', ''],
  ['box', ''],
];
const guest = addUser(world, { tenant: provider, username: 'guest@provider.example', password: 'pass' });
assignRole(world, { scope: '/', principalId: engineer.objectId, role: 'User Access Administrator' });

const made = (
  table: string,
  columnsOf: readonly { readonly name: string; readonly type: KqlType }[],
  rows: readonly (readonly Cell[])[],
) => ({
  kind: 'made' as const,
  table,
  columns: columnsOf,
  constants: {},
  span: 600_000,
  *rows(from: number, to: number): Iterable<readonly Cell[]> {
    for (const [at, row] of rows.entries())
      if (to - (at + 1) * 10_000 > from) yield [new Date(to - (at + 1) * 10_000).toISOString(), ...row];
  },
});
const logs: LogSource = (() => {
  const { customerId } = central.properties;
  const own = {
    customerId,
    resources: [],
    tables: [made('Heartbeat', columns, ROWS), made('Fabrikam_CL', columns.slice(0, 2), [['pc.fabrikam.example']])],
  };
  const theirs = {
    customerId: estate.workspaces.contoso.properties.customerId,
    resources: [],
    tables: [made('Heartbeat', columns.slice(0, 2), [['own-vm']])],
  };
  return { find: (id) => [own, theirs].find((one) => one.customerId === id), all: () => [own, theirs] };
})();

const FILE = (rules: string): string => `{"customers": [
  {"name": "Provider", "tenants": ["${provider.tenantId}"], "provider": true},
  {"name": "Contoso", "tenants": ["${contoso.tenantId}"]},
  {"name": "Fabrikam", "tenants": ["${estate.fabrikam.tenantId}"]}
], "shared": [{"workspace": "law-central", "rules": [${rules}]}]}`;
let text = FILE('{"customer": "fabrikam", "computer": "branch.fabrikam.example"}');

let emulator: Emulator;
let azure: Services;
let opened: OpenedRuns;
let directory: string;
let person: ReturnType<typeof signedIn>;

before(async () => {
  emulator = await startSmall(estate, { logs, engine: () => openEngine() });
  person = signedIn(emulator, engineer, 'pass');
  azure = new Services({
    cloud: emulator.cloud,
    version: '0.0.0-test',
    tokens: person,
    customers: { load: async () => parseCustomers(text, 'customers.json') },
  });
  directory = await mkdtemp(join(tmpdir(), 'central-'));
  opened = openRuns(azure, { directory, memoryLimitMb: 200, persist: false });
});
after(async () => {
  await opened.close();
  azure.dispose();
  person.close();
  await emulator.close();
  await rm(directory, { recursive: true, force: true });
});

async function play(query: string, scope: string, more: Partial<RunRequest> = {}): Promise<Run> {
  const wanted: RunRequest = {
    query,
    scope: parseScope(scope).scope!,
    timeRange: { kind: 'last', minutes: 60 },
    noCache: true,
    ...more,
  };
  const { id } = await opened.runs.start(wanted);
  return opened.runs.ended(id);
}

/** Cells of these columns, row by row, sorted. */
async function cells(run: Run, names: readonly string[]): Promise<readonly string[]> {
  const { rows } = await opened.runs.rows(run.id).window({ first: 0, count: 100 });
  const at = names.map((name) => run.columns.findIndex((column) => column.name === name));
  return rows.map((row) => at.map((index) => String(row[index])).join(' ')).sort();
}
const byWorkspace = ({ targets }: Run): readonly string[] =>
  targets.map(
    (target) => `${target.customerName} ${target.kind === 'workspace' ? target.workspaceName : ''} ${target.state}`,
  );
const shared = async (): Promise<Workspace> =>
  (await azure.estate.load()).workspaces.find(({ name }) => name === 'law-central')!;

test('rows are their customer’s; those of nobody are said, with who sends them', async () => {
  for (const query of ['Heartbeat', 'Heartbeat | summarize count() by _Customer, _Workspace, Computer']) {
    const run = await play(query, 'all');
    assert.deepEqual(await cells(run, ['_Customer', '_Workspace', 'Computer']), [
      ...(query === 'Heartbeat' ? ['(not attributed) law-central box'] : []),
      '(not attributed) law-central box',
      'Contoso law-central vm-1',
      'Contoso law-central vm-2.fabrikam.example',
      'Contoso law-contoso own-vm',
      'Fabrikam law-central pc-1.branch.fabrikam.example',
      'Provider law-central dc.provider.example',
    ]);
    // All parts of the workspace by one request.
    assert.deepEqual(run.plan?.parts[0]?.shared, { requests: 1, targets: 4 });
    // Files for each customer are made of the rows of its targets.
    assert.deepEqual(
      customersOfRun(run).map(({ name, keys }) => `${name}: ${keys.map((key) => key.replace(/^.*\//, '')).join(', ')}`),
      [
        '(not attributed): law-central#(not attributed)',
        'Contoso: law-central#contoso, law-contoso',
        'Fabrikam: law-central#fabrikam, law-fabrikam',
        'Provider: law-central#provider, law-provider',
      ],
    );
    assert.match(run.completeness.sentence, /; 2 rows of law-central in its time range name no customer \(box\)$/);
  }
});

test('a scope of one customer brings its rows of both workspaces and nobody else’s, whatever the query does', async () => {
  for (const query of ['Heartbeat', 'Heartbeat | where Computer != ""', 'union * | where isnotempty(Computer)']) {
    const run = await play(query, 'customer:contoso');
    assert.deepEqual(await cells(run, ['_Customer', 'Computer']), [
      'Contoso own-vm',
      'Contoso vm-1',
      'Contoso vm-2.fabrikam.example',
    ]);
    assert.equal(run.completeness.sentence.replace(/ \(.*\)/, ''), '2 of 2 workspaces answered');
  }
  const fabrikam = await play(
    'Heartbeat | summarize n = count(), any(Computer)',
    'customer:fabrikam except workspace:law-fabrikam',
  );
  assert.deepEqual(await cells(fabrikam, ['n', 'any_Computer']), ['1 pc-1.branch.fabrikam.example']);
});

test('each workspace’s own answer is that of each customer, and what cannot be kept apart is refused by name', async () => {
  const run = await play('Heartbeat | summarize n = count()', 'workspace:law-central', { answer: 'perWorkspace' });
  assert.deepEqual(await cells(run, ['_Customer', 'n']), [
    '(not attributed) 2',
    'Contoso 2',
    'Fabrikam 1',
    'Provider 1',
  ]);
  const refused = await play('Heartbeat | invoke Unknown()', 'customer:contoso');
  const at = refused.targets.find((target) => target.kind === 'workspace' && target.workspaceName === 'law-central');
  assert.equal(at?.error?.code, 'query.notRestricted');
  assert.match(
    at?.error?.message ?? '',
    /^law-central is shared, and this query cannot be kept to the rows of Contoso/,
  );
});

test('a query that names a shared workspace is refused: another would bring everybody’s rows as its own', async () => {
  const { guid, armId } = await shared();
  for (const query of [
    'workspace("law-central").Heartbeat',
    `union Heartbeat, (workspace('${guid}').Heartbeat)`,
    `let name = @"${armId.toUpperCase()}"; workspace(name).Heartbeat | count`,
    `resource("${armId.replace(/\/providers\/.*/, '')}").Heartbeat`,
    'workspace("rg-logs/LAW-Central").Heartbeat | where _Customer == "Contoso"',
  ])
    for (const answer of ['across', 'perWorkspace'] as const)
      await assert.rejects(
        play(query, 'customer:contoso', { answer }),
        {
          code: 'query.notRestricted',
          message: /^law-central is shared: a query that names it reads the rows of every/,
        },
        query,
      );
  const harmless = await play('Heartbeat | where Computer != "law-central"', 'customer:contoso');
  assert.equal(harmless.completeness.complete, true);
});

test('a map with a mistake: nobody is asked there', async () => {
  const sound = text;
  text = FILE('{"customer": "fabrikamm", "computer": "branch.fabrikam.example"}');
  await azure.estate.load({ refresh: true });
  const run = await play('Heartbeat', 'workspace:law-central');
  assert.deepEqual(byWorkspace(run), ['Provider law-central skipped']);
  assert.match(
    run.targets[0]!.error!.message,
    /whose its rows are cannot be told: Line 5 of the customers file is wrong/,
  );
  await assert.rejects(azure.central.check(await shared(), 'PT1H'), { code: 'input.customersFile' });
  text = sound;
  await azure.estate.load({ refresh: true });
});

test('the check counts what each sends, and says of nobody’s what would tell', async () => {
  const check = await azure.central.check(await shared(), 'PT1H');
  assert.deepEqual(
    check.sent.map(({ customerName, table, rows, disputed }) => [customerName, table, rows, disputed]),
    [
      ['Contoso', 'Heartbeat', 2, 1],
      ['Fabrikam', 'Fabrikam_CL', 1, 0],
      ['Fabrikam', 'Heartbeat', 1, 0],
      ['Provider', 'Heartbeat', 1, 0],
    ],
  );
  assert.deepEqual(
    check.nobodys.map(({ table, computer, rows, remedy }) => [table, computer, rows, remedy]),
    [['Heartbeat', 'box', 2, 'Azure Arc, or a rule: {"customer": "...", "column": "Computer", "value": "box"}']],
  );
  assert.deepEqual([check.totals, check.declared, check.leftOut], [{ rows: 7, nobodys: 2 }, true, []]);
});

async function carryOut(plan: Plan): Promise<void> {
  const result = await azure.provisioning.apply(plan.id, () => undefined);
  assert.deepEqual([result.ok, result.error], [true, undefined]);
}

test('views give a customer’s rows, and a second time nothing is left to do', async () => {
  const question = { workspace: await shared(), customer: 'Contoso', tables: [], timespan: 'PT1H' };
  const plan = await azure.central.planViews(question);
  assert.deepEqual(
    plan.changes.map(({ action, title }) => `${action} ${title}`),
    ['create Save query contoso_Heartbeat'],
  );
  assert.equal(plan.title, 'Make view contoso_Heartbeat() of Contoso in workspace law-central');
  assert.deepEqual(
    plan.about.filter(({ main }) => main).map(({ what, name: called }) => `${what} ${called}`),
    ['Customer Contoso', 'Tenant Provider (provider.example)', 'Workspace law-central'],
  );
  // It is for Contoso to read: nothing of the others is said, and that it costs rows is.
  assert.deepEqual(plan.warnings, [
    'A view names nothing of other customers, so it gives no rows of a subscription that is not known as theirs, even where another rule says that they are of Contoso.',
  ]);
  await carryOut(plan);
  assert.deepEqual(
    (await azure.central.planViews(question)).changes.map(({ action }) => action),
    ['none'],
  );
  const { access_token: token } = await userToken(
    emulator,
    'engineer@provider.example',
    provider.tenantId,
    'https://api.loganalytics.io/.default',
  );
  assert.deepEqual(await read(token, 'contoso_Heartbeat() | project Computer'), ['vm-1', 'vm-2.fabrikam.example']);
});

/** First cells of what a token reads in the shared workspace, sorted. */
async function read(token: string, query: string): Promise<readonly string[]> {
  const answer = await ask(emulator, `/v1/workspaces/${central.properties.customerId}/query`, {
    token,
    method: 'POST',
    body: { query },
    headers: { 'cache-control': 'no-cache' },
  });
  assert.equal(answer.status, 200, answer.text);
  return answer
    .json<{ tables: { rows: string[][] }[] }>()
    .tables[0]!.rows.map(([cell]) => cell!)
    .sort();
}

test('access: a role with a condition opens one customer’s rows and no others; a wider role makes it void', async () => {
  const reader = { principalId: guest.objectId, name: 'Guest', principalType: 'User' as const };
  const question = {
    workspace: await shared(),
    customer: 'contoso',
    tables: [],
    timespan: 'PT1H',
    reader,
    whole: false,
  };
  const plan = await azure.central.planAccess(question);
  assert.match(plan.changes[0]!.detail, /record:_SubscriptionId<\$key_case_sensitive\$>\] StringEqualsIgnoreCase '/);
  assert.ok(
    plan.warnings.some((warning) => warning.startsWith('Stays closed: Rows told by the computer contoso.example')),
  );
  assert.ok(plan.warnings.some((warning) => warning.includes('use resource or workspace permissions')));
  await carryOut(plan);
  const token = async (): Promise<string> =>
    (await userToken(emulator, 'guest@provider.example', provider.tenantId, 'https://api.loganalytics.io/.default'))
      .access_token;
  assert.deepEqual(await read(await token(), 'Heartbeat | project Computer'), ['vm-1', 'vm-2.fabrikam.example']);
  assert.deepEqual(await read(await token(), 'Fabrikam_CL | project Computer'), []);
  assert.deepEqual(
    (await azure.central.planAccess(question)).changes.map(({ action }) => action),
    ['none'],
  );
  const changed = await azure.central.planAccess({
    ...question,
    customer: 'fabrikam',
    tables: ['Fabrikam_CL'],
    whole: true,
  });
  assert.deepEqual(
    changed.changes.map(({ action }) => action),
    ['update'],
  );
  await carryOut(changed);
  assert.deepEqual(await read(await token(), 'Heartbeat | project Computer'), []);
  assert.deepEqual(await read(await token(), 'Fabrikam_CL | project Computer'), ['pc.fabrikam.example']);
  await assert.rejects(azure.central.planAccess({ ...question, tables: ['Heartbeat'], whole: true }), {
    code: 'input.tables',
    message: "Heartbeat has rows of Fabrikam, Provider, nobody, too: it is not Contoso's as a whole.",
  });
  assignRole(world, {
    scope: `/subscriptions/${home.subscriptionId}`,
    principalId: guest.objectId,
    role: 'Log Analytics Reader',
  });
  assert.equal((await read(await token(), 'Heartbeat | project Computer')).length, ROWS.length);
  await assert.rejects(azure.central.planAccess(question), { code: 'input.widerRole' });
});

test('the emulator refuses a condition that the service would', async () => {
  const { access_token: token } = await userToken(emulator, 'engineer@provider.example', provider.tenantId);
  const scope = `/subscriptions/${home.subscriptionId}/resourceGroups/rg-logs`;
  const put = (condition: string, conditionVersion: string) =>
    ask(
      emulator,
      `${scope}/providers/Microsoft.Authorization/roleAssignments/0a0a0a0a-0000-4000-8000-000000000001?api-version=2022-04-01`,
      {
        token,
        method: 'PUT',
        body: {
          properties: {
            roleDefinitionId: `/subscriptions/${home.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/3b03c2da-16b3-4a49-8834-0f8130efdd3b`,
            principalId: guest.objectId,
            principalType: 'User',
            condition,
            conditionVersion,
          },
        },
      },
    );
  const table = '@Resource[Microsoft.OperationalInsights/workspaces/tables:name]';
  for (const [condition, version, code] of [
    [`(${table} StringEquals 'Heartbeat')`, '1.0', 'InvalidConditionOrConditionVersion'],
    [`(${table} StringEndsWith 'beat')`, '2.0', 'RoleAssignmentConditionNotValid'],
    [`(${table} StringEquals 'a/b')`, '2.0', 'RoleAssignmentConditionNotValid'],
    [`(${table} StringEquals 'Heartbeat'`, '2.0', 'RoleAssignmentConditionNotValid'],
  ]) {
    const answer = await put(condition!, version!);
    assert.deepEqual([answer.status, answer.json<{ error: { code: string } }>().error.code], [400, code], condition);
  }
});
