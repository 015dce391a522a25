/** Plans in other tools' words: what a form cannot say is said or refused, and each resource is where it belongs. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportPlans } from '../../../src/cli/planExports.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';
import { exportPlan } from '../../../src/core/changes/formats/exportPlan.ts';
import { toCommands } from '../../../src/core/changes/export.ts';
import { joinPlans } from '../../../src/core/changes/joinPlans.ts';
import { toWorkspaceRequests } from '../../../src/core/provision/workspaceExport.ts';
import { toWorkspaceKey } from '../../../src/model/ids.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { PlanStep } from '../../../src/model/planExport.ts';
import { readBicep } from '../../harness/formats/readBicep.ts';
import { readPowershell } from '../../harness/formats/readPowershell.ts';
import { readTerraform } from '../../harness/formats/readTerraform.ts';

const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';
const groupId = (group: string): string => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}`;
const planOf = (...steps: Partial<PlanStep>[]): Plan =>
  ({
    title: 'Some plan',
    source: {
      tenant: 'tenant-1',
      secrets: [],
      steps: steps.map((step) => ({
        title: 'Do it',
        action: 'create',
        target: groupId('rg-a'),
        resources: [],
        commands: [],
        requests: [],
        ...step,
      })),
    },
  }) as unknown as Plan;

const law = `${groupId('rg-a')}/providers/Microsoft.OperationalInsights/workspaces/law`;
const table = (
  action: PlanStep['action'] = 'create',
  group = 'rg-a',
  properties: object = { plan: 'Basic' },
): Partial<PlanStep> => ({
  title: `Table in ${group}`,
  action,
  target: `${groupId(group)}/providers/Microsoft.OperationalInsights/workspaces/law/tables/A_CL`,
  resources: [
    {
      type: 'Microsoft.OperationalInsights/workspaces/tables',
      apiVersion: '2025-07-01',
      name: 'law/A_CL',
      properties,
    },
  ],
});
const key = toWorkspaceKey(law);
const deletion: Partial<PlanStep> = {
  title: 'Delete it',
  action: 'delete',
  target: law,
  commands: [['monitor', 'log-analytics', 'workspace', 'delete', '--yes']],
  requests: toWorkspaceRequests(law, { kind: 'absent', permanent: true }),
};
const retention: Partial<PlanStep> = {
  title: 'Keep longer',
  action: 'update',
  target: law,
  requests: toWorkspaceRequests(law, {
    kind: 'settings',
    change: { workspace: key, retentionDays: 90, dailyCapGb: null },
  }),
};

test('a deletion: scripts do it, and what only describes resources refuses', async () => {
  const plan = planOf(deletion);
  for (const format of ['arm', 'bicep', 'terraform'] as const)
    assert.throws(() => exportPlan(plan, format), {
      code: 'input.exportNothing',
      message: /Export it as az or powershell/,
    });
  assert.match(exportPlan(plan, 'az')[0]!.text, /\naz monitor log-analytics workspace delete --yes\n/);
  const [call] = await readPowershell(exportPlan(plan, 'powershell')[0]!.text, ['Send-Change'], {});
  assert.deepEqual(call!.words, ['DELETE', `${law}?api-version=2025-07-01&force=true`]);
});

test('beside what can be said, the header names what is left out', () => {
  for (const format of ['arm', 'bicep', 'terraform'] as const) {
    const { text } = exportPlan(planOf(table(), deletion), format)[0]!;
    assert.match(
      text,
      /Not in here, for .* cannot say it; the exports as scripts have it:[^]{1,12}- Delete it/,
      format,
    );
  }
});

test('other settings of what exists: a request, and an update that Terraform merges', async () => {
  const plan = planOf(retention);
  const body = '{"properties":{"retentionInDays":90,"workspaceCapping":{"dailyQuotaGb":-1}}}';
  assert.match(
    exportPlan(plan, 'az')[0]!.text,
    new RegExp(
      `\\naz rest --method patch --url '/subscriptions/[^']+/law\\?api-version=2025-07-01' --body '${body}'\\n`,
    ),
  );
  const { text } = exportPlan(plan, 'terraform')[0]!;
  assert.match(
    text,
    /resource "azapi_update_resource" "change1" \{\n {2}type = "Microsoft.OperationalInsights\/workspaces@2025-07-01"/,
  );
  assert.throws(() => exportPlan(plan, 'bicep'), { code: 'input.exportNothing' });
});

test('what is there and is written whole is said to be: a template puts, a command of az does not', () => {
  const plan = planOf({ ...table('update'), commands: [['monitor', 'log-analytics', 'workspace', 'table', 'update']] });
  const put = planOf({ ...table('update'), commands: [['rest', '--method', 'put', '--url', '/x']] });
  const lost = /written whole, and loses what others set of it beside this:[^]{1,12}- Table in rg-a/;
  for (const format of ['arm', 'bicep', 'terraform', 'powershell'] as const)
    assert.match(exportPlan(plan, format)[0]!.text, lost, format);
  assert.doesNotMatch(exportPlan(plan, 'az')[0]!.text, lost);
  assert.match(exportPlan(put, 'az')[0]!.text, lost);
  assert.doesNotMatch(exportPlan(planOf(table()), 'arm')[0]!.text, lost);
});

test('what is there already is imported by Terraform, and what azurerm cannot say whole is azapi', async () => {
  const { text } = exportPlan(planOf(table('update')), 'terraform')[0]!;
  assert.match(
    text,
    /import \{\n {2}to = azapi_resource\.tables1\n {2}id = ".*\/tables\/A_CL\?api-version=2025-07-01"\n\}/,
  );
  const workspace = (more: object): Partial<PlanStep> => ({
    target: law,
    resources: [
      {
        type: 'Microsoft.OperationalInsights/workspaces',
        apiVersion: '2025-07-01',
        name: 'law',
        location: 'westeurope',
        properties: {
          sku: { name: 'PerGB2018' },
          retentionInDays: 30,
          workspaceCapping: { dailyQuotaGb: -1 },
          ...more,
        },
      },
    ],
  });
  const typesOf = async (step: Partial<PlanStep>): Promise<readonly (string | undefined)[]> =>
    (await readTerraform(exportPlan(planOf(step), 'terraform')[0]!.text, SUBSCRIPTION)).map((one) => one.apiVersion);
  assert.deepEqual(await typesOf(workspace({})), [undefined], 'azurerm has no version');
  assert.deepEqual(await typesOf(workspace({ features: { newThing: true } })), ['2025-07-01'], 'nothing is left out');
});

test('two resource groups: a deployment of the subscription, and a module of Bicep for each, in their order', () => {
  const plan = planOf(table(), table('create', 'rg-b'));
  const { $schema, resources } = JSON.parse(exportPlan(plan, 'arm')[0]!.text) as {
    $schema: string;
    resources: { resourceGroup: string; dependsOn?: string[] }[];
  };
  assert.match($schema, /subscriptionDeploymentTemplate/);
  assert.deepEqual(
    resources.map(({ resourceGroup, dependsOn }) => [resourceGroup, dependsOn]),
    [
      ['rg-a', undefined],
      ['rg-b', ['tenantscope-1']],
    ],
  );
  assert.deepEqual(
    exportPlan(plan, 'bicep', 'infra.bicep').map(({ name }) => name),
    ['infra.bicep', 'infra.1.bicep', 'infra.2.bicep'],
  );
  const [one, ...none] = exportPlan(planOf(table()), 'bicep');
  assert.deepEqual(none, []);
  assert.match(one!.text, /az deployment group create .* --resource-group rg-a --template-file plan\.bicep/);
});

test('plans that follow one another are one file: the later one waits, and each keeps its own secrets', async () => {
  const withHook = (group: string): Plan => {
    const plan = planOf({
      ...table('create', group),
      resources: [
        {
          type: 'Microsoft.Insights/actionGroups',
          apiVersion: '2023-01-01',
          name: `hooks-${group}`,
          properties: { webhookReceivers: [{ serviceUri: { $secret: 'serviceUri1' }, note: { $$secret: 'a key' } }] },
        },
      ],
      target: `${groupId(group)}/providers/Microsoft.Insights/actionGroups/hooks-${group}`,
    });
    const secrets = [{ name: 'serviceUri1', what: `the hook of ${group}` }];
    return { ...plan, source: { ...plan.source, secrets } };
  };
  const joined = joinPlans('Both', [withHook('rg-a'), withHook('rg-b')]);
  const files = exportPlan(joined, 'bicep');
  const [first, second] = await readBicep(files, SUBSCRIPTION);
  assert.deepEqual(second!.needs, [first!.id]);
  const terraform = await readTerraform(exportPlan(joined, 'terraform')[0]!.text, SUBSCRIPTION);
  assert.deepEqual(terraform[1]!.needs, [terraform[0]!.id]);
  assert.deepEqual(
    terraform.map(({ body }) => body),
    ['serviceUri1', 'serviceUri2'].map((secret) => ({
      properties: { webhookReceivers: [{ serviceUri: { secret }, note: { $secret: 'a key' } }] },
    })),
  );
  assert.match(files[0]!.text, /serviceUri2, which is kept secret: the hook of rg-b/);
});

test('a script that runs tells names as text: a terminal acts on nothing in them', () => {
  const plan = planOf({ ...deletion, title: 'Delete \u001b[2J\u202ename' });
  for (const [format, name] of [
    ['az', 'p.sh'],
    ['az', 'p.ps1'],
    ['powershell', 'p.ps1'],
  ] as const)
    assert.match(exportPlan(plan, format, name)[0]!.text, /(?:printf|Write-Host) .*␛\[2J(?:\\|`)*u202ename/, format);
});

test('a command of a plan reads no file because a text of others begins with @', () => {
  const [, command] = toCommands('tenant', '', [['x', '--category', '@/etc/passwd', '--tags', 'a=@b', 'who@here']]);
  const text = (file: string): string => `@<(printf '%s\\n' ${file})`;
  assert.equal(command, `az x --category ${text('@/etc/passwd')} --tags a=${text('@b')} who@here`);
});

test('an expression that nobody knows is never exported as a text', () => {
  const plan = planOf(table('create', 'rg-a', { plan: "[reference('x').y]" }));
  assert.throws(() => exportPlan(plan, 'az') && exportPlan(plan, 'arm'), { code: 'bug.exportExpression' });
});

test('the command line writes each plan to a file of its own, and only what it can say', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tenantscope-export-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const terminal = { say: (text: string) => said.push(text), write: async () => undefined } as unknown as Terminal;
  const values = { export: 'arm', out: join(folder, 'p.json') };
  assert.equal(
    await exportPlans([planOf(table()), planOf(deletion), planOf(table('create', 'rg-b'))], values, terminal),
    true,
  );
  assert.deepEqual((await readdir(folder)).sort(), ['p-2.json', 'p.json']);
  assert.match(await readFile(join(folder, 'p-2.json'), 'utf8'), /rg-b/);
  const twice = [planOf(table()), planOf(deletion), planOf(table('create', 'rg-b'))];
  await exportPlans(twice, { export: 'terraform', out: join(folder, 'p.tf') }, terminal);
  assert.deepEqual(
    (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tf')).sort(),
    [join('p-2', 'p.tf'), 'p.tf'],
    'Terraform reads all files of a folder as one configuration',
  );
  assert.match(said.join('\n'), /Some plan: A arm file describes|Some plan: An? arm/);
  assert.equal(await exportPlans([planOf(table())], {}, terminal), false, 'nothing was asked for');
  await assert.rejects(exportPlans([planOf(deletion)], values, terminal), { code: 'input.exportNothing' });
  await assert.rejects(exportPlans([planOf(table())], { export: 'pulumi' }, terminal), { code: 'input.usage' });
  await assert.rejects(
    exportPlans([planOf(table(), table('create', 'rg-b'))], { export: 'bicep' }, terminal),
    /--out FILE/,
  );
});
