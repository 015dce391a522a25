import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Services } from '../../../src/app/services.ts';
import { parseBaseline } from '../../../src/core/baseline/parseBaseline.ts';
import type { CheckedBaseline } from '../../../src/core/baseline/checkBaseline.ts';
import { customersOf } from '../../../src/core/customers/customersTexts.ts';
import type { Drift } from '../../../src/model/drift.ts';
import type { PlanResult } from '../../../src/model/plan.ts';
import type { Scope } from '../../../src/model/scope.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { entraPlace } from '../../../src/emulator/arm/entraDiagnostics.ts';
import { assignRole } from '../../../src/emulator/populate.ts';
import { addResource } from '../../../src/emulator/populateFlows.ts';
import { signedIn } from '../azure/connect.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';

const BASELINE = {
  provider: {
    workspace: {
      retentionDays: 90,
      dailyCapGb: 5,
      tags: { managedBy: 'provider' },
      sku: 'CapacityReservation',
      commitmentGb: 100,
      features: { workspaceKeys: false, resourcePermissions: false },
    },
    tags: { subscriptions: { stage: 'prod' }, resourceGroups: { managedBy: 'provider' } },
    tables: {
      Heartbeat: { retentionDays: 60, totalRetentionDays: 365 },
      Audit_CL: { plan: 'Basic', totalRetentionDays: 730 },
    },
    functions: {
      Silent: { query: ['Heartbeat', '| where TimeGenerated < ago(since)'], parameters: 'since:timespan = 1h' },
    },
    savedQueries: { 'Who is there': { query: 'Heartbeat | distinct Computer', category: 'Daily' } },
    collectionRules: {
      'dcr-baseline': {
        windowsEvents: ['System!*[System[(Level=1 or Level=2)]]'],
        syslog: { facilities: ['auth', 'authpriv'], levels: ['Warning', 'Error'] },
        performance: { counters: ['\\Processor(_Total)\\% Processor Time'], seconds: 60 },
        machines: 'all',
      },
    },
    diagnosticSettings: {
      audit: { on: 'workspace', categories: ['Audit'] },
      activity: { on: 'subscription', categories: ['Administrative', 'Security'] },
      directory: { on: 'entra', categories: ['AuditLogs', 'SignInLogs'] },
      vaults: { on: 'Microsoft.KeyVault/vaults', categories: ['allLogs'] },
    },
    actionGroups: { desk: { shortName: 'desk', webhooks: { tickets: 'https://tickets.example/new' } } },
    alerts: {
      Silence: {
        ...{ query: 'Heartbeat | where Computer == "dc-1"', threshold: 1, comparison: '<', actionGroups: ['desk'] },
        ...{ periods: 3, failing: 2, dimensions: [{ column: 'Computer' }], lookBack: 60, autoResolve: false },
      },
    },
    locks: { 'keep-logs': { on: 'workspace', level: 'CanNotDelete', notes: 'Ask the provider first.' } },
  },
};

const TABLES = { provider: { tables: BASELINE.provider.tables } };
const FABRIKAM: Scope = { include: [{ kind: 'customer', value: 'fabrikam' }], except: [] };
const CONTOSO: Scope = { include: [{ kind: 'customer', value: 'contoso' }], except: [] };

describe('a baseline against the estate', () => {
  const estate = smallEstate();
  const { world, fabrikam, contoso, provider, foreign, engineer, workspaces } = estate;
  const workspace = workspaces.fabrikam;
  const group = { subscription: foreign, resourceGroup: 'rg-machines', location: 'eastus' };
  addResource(world, { ...group, type: 'Microsoft.Compute/virtualMachines', name: 'vm-1' });
  const vault = addResource(world, { ...group, type: 'Microsoft.KeyVault/vaults', name: 'kv-1' });
  let emulator: Emulator;
  let azure: Services;
  let tokens: ReturnType<typeof signedIn>;

  /** As another start of the program would see it: what one did itself it knows better than an index. */
  const open = (): Services => {
    const customers = [fabrikam, contoso, provider].map(({ displayName, tenantId }) => ({
      name: displayName,
      key: displayName.toLowerCase(),
      tenants: [tenantId],
    }));
    return new Services({
      cloud: emulator.cloud,
      version: '0.0.0-test',
      tokens,
      customers: customersOf([{ label: 'customers.json', text: JSON.stringify({ customers }) }]),
    });
  };
  const reopen = (): void => {
    azure.dispose();
    azure = open();
  };

  before(async () => {
    const guest = engineer.memberships.find(({ tenantId }) => tenantId === fabrikam.tenantId)!;
    const owner = { principalId: guest.objectId, role: 'Owner' } as const;
    assignRole(world, { ...owner, scope: `/subscriptions/${foreign.subscriptionId}` });
    assignRole(world, { principalId: guest.objectId, role: 'Contributor', scope: '/providers/microsoft.aadiam' });
    emulator = await startSmall(estate);
    tokens = signedIn(emulator, engineer, 'pass');
    azure = open();
  });
  after(async () => {
    azure.dispose();
    tokens.close();
    await emulator.close();
  });

  const parse = (file: object) => {
    const { baseline, problems } = parseBaseline(JSON.stringify(file), 'baseline.json');
    assert.deepEqual(problems, []);
    return baseline;
  };
  const check = (scope = FABRIKAM, file: object = BASELINE) => azure.baseline.check({ file: parse(file), scope });
  const told = (drift: readonly Drift[]) =>
    drift
      .flatMap(({ section, name, differences }) =>
        differences.length === 0
          ? [`${section} ${name} | missing`]
          : differences.map((one) => `${section} ${name} | ${one.name}: ${one.before ?? '-'} > ${one.after}`),
      )
      .sort();
  const fix = async (checked: CheckedBaseline): Promise<readonly PlanResult[]> => {
    const results: PlanResult[] = [];
    for (const draft of await azure.baseline.drafts(checked)) {
      const { id } = await azure.baseline.plan(draft);
      results.push(await azure.provisioning.apply(id, () => undefined));
    }
    reopen();
    return results;
  };
  let found: CheckedBaseline;

  test('everything that is missing is found, put right by one plan, and then there is nothing left', async () => {
    found = await check();
    const { report } = found;
    assert.deepEqual(report.unknown, []);
    assert.deepEqual(
      report.drift.map(({ section, name }) => `${section} ${name}`),
      [
        'workspace settings',
        'workspace features',
        'tables Heartbeat',
        'tables Audit_CL',
        'tags tags',
        'tags tags',
        'functions Silent',
        'savedQueries Who is there',
        'collectionRules dcr-baseline',
        'collectionRules dcr-baseline on vm-1',
        'diagnosticSettings audit',
        'diagnosticSettings activity',
        'diagnosticSettings directory',
        'diagnosticSettings vaults',
        'actionGroups desk',
        'alerts Silence',
        'locks keep-logs',
      ],
    );
    assert.equal(report.customers[0]!.settings, 17);
    assert.equal(report.customers[0]!.kept, 0);

    const [result] = await fix(found);
    assert.equal(result!.error?.message, undefined);
    assert.equal(result!.changes.filter(({ state }) => state === 'done').length, 17);

    const again = await check();
    assert.deepEqual(told(again.report.drift), []);
    assert.deepEqual(again.report.unknown, []);
    assert.equal(again.report.customers[0]!.kept, 17);
    assert.deepEqual(await azure.baseline.drafts(again), []);
  });

  const seeds: readonly {
    readonly what: string;
    seed(): void;
    readonly found: readonly string[];
  }[] = [
    {
      what: 'the retention of a workspace',
      seed: () => (workspace.properties.retentionInDays = 30),
      found: ['workspace settings | Retention: 30 days > 90 days'],
    },
    {
      what: 'a cap that was taken off',
      seed: () => (workspace.properties.workspaceCapping.dailyQuotaGb = -1),
      found: ['workspace settings | Daily cap: none > 5 GB'],
    },
    {
      what: 'a tag, and one of somebody else that stays',
      seed: () => (workspace.tags = { owner: 'them' }),
      found: ['workspace settings | Tag managedBy: - > provider'],
    },
    {
      what: 'the tags of a resource group and of a subscription',
      seed: () => {
        for (const { tags } of world.resourceGroups.values()) delete tags['managedBy'];
        foreign.tags['stage'] = 'test';
      },
      found: ['tags tags | Tag managedBy: - > provider', 'tags tags | Tag stage: test > prod'],
    },
    {
      what: 'a switch',
      seed: () => (workspace.properties.features.disableLocalAuth = false),
      found: ['workspace features | Workspace keys: on > off'],
    },
    {
      what: 'the pricing tier',
      seed: () => (workspace.properties.sku = { name: 'PerGB2018', lastSkuUpdate: world.clock.iso() }),
      found: [
        'workspace features | Pricing tier: PerGB2018 > CapacityReservation',
        'workspace features | Commitment: none > 100 GB a day',
      ],
    },
    {
      what: 'the retention of a table',
      seed: () => (workspace.tables.get('heartbeat')!.totalRetentionInDays = 60),
      found: ['tables Heartbeat | Total retention: 60 days > 365 days'],
    },
    {
      what: 'the plan of a table',
      seed: () => {
        const table = workspace.tables.get('audit_cl')!;
        table.plan = 'Analytics';
        table.lastPlanModifiedDate = new Date(Date.now() - 8 * 86_400_000).toISOString();
      },
      found: ['tables Audit_CL | Plan: Analytics > Basic'],
    },
    {
      what: 'the text of a function',
      seed: () =>
        ([...workspace.savedSearches.values()].find(({ properties }) => properties.functionAlias)!.properties.query =
          'Heartbeat'),
      found: ['functions Silent | KQL, line 2: no such line > | where TimeGenerated < ago(since)'],
    },
    {
      what: 'a saved query that is gone',
      seed: () => {
        for (const [id, { properties }] of workspace.savedSearches)
          if (!properties.functionAlias) workspace.savedSearches.delete(id);
      },
      found: ['savedQueries Who is there | missing'],
    },
    {
      what: 'what a rule collects',
      seed: () => {
        const rule = [...world.resources.values()].find(({ name }) => name === 'dcr-baseline')!;
        (rule.properties['dataSources'] as Record<string, unknown>)['syslog'] = [];
      },
      found: ['collectionRules dcr-baseline | Syslog: none > auth, authpriv at Error, Warning'],
    },
    {
      what: 'a machine that follows no rule',
      seed: () => world.collectionAssociations.splice(0),
      found: [
        `collectionRules dcr-baseline on vm-1 | Data collection rule: - > ${`/subscriptions/${foreign.subscriptionId}/resourceGroups/rg-logs/providers/Microsoft.Insights/dataCollectionRules/dcr-baseline`.toLowerCase()}`,
      ],
    },
    ...(
      [
        ['audit', () => workspaceScope(workspace), 'Audit'],
        ['activity', () => `/subscriptions/${foreign.subscriptionId}`, 'Administrative, Security'],
        ['directory', () => entraPlace(fabrikam.tenantId), 'AuditLogs, SignInLogs'],
        ['vaults', () => vault.id, 'allLogs'],
      ] as const
    ).map(([name, place, categories]) => ({
      what: `the diagnostic setting ${name}`,
      seed: () => {
        const at = world.diagnosticSettings.findIndex(
          ({ resourceId }) => resourceId.toLowerCase() === place().toLowerCase(),
        );
        assert.ok(at >= 0);
        world.diagnosticSettings.splice(at, 1);
      },
      found: [
        `diagnosticSettings ${name} | Categories: - > ${categories}`,
        `diagnosticSettings ${name} | Workspace: - > law-fabrikam`,
      ],
    })),
    {
      what: 'whom alerts tell',
      seed: () => {
        const desk = [...world.alerting.values()].find((one) => one.kind === 'group')!;
        desk.properties.webhookReceivers = [];
      },
      found: [
        'actionGroups desk | Webhooks: none > tickets at tickets.example (secret, 27 characters, SHA-256 f0486970...)',
      ],
    },
    {
      what: 'an alert that was switched off',
      seed: () => {
        const rule = [...world.alerting.values()].find((one) => one.kind === 'rule')!;
        rule.properties.enabled = false;
        rule.properties.autoMitigate = true;
      },
      found: ['alerts Silence | Enabled: no > yes', 'alerts Silence | Resolves by itself: yes > no'],
    },
    {
      what: 'a lock that is gone',
      seed: () => world.locks.splice(0),
      found: ['locks keep-logs | Level: - > CanNotDelete'],
    },
  ];
  test('a drift of each kind is found, and nothing else is', async () => {
    for (const { seed } of seeds) seed();
    world.touch();
    reopen();
    found = await check();
    const { report } = found;
    assert.deepEqual(told(report.drift), seeds.flatMap((one) => one.found).sort());
    assert.deepEqual(report.unknown, []);
  });

  test('one fix of it all leaves nothing, and a second one has nothing to do', async () => {
    const [result, ...more] = await fix(found);
    assert.equal(result!.error?.message, undefined);
    assert.deepEqual(more, []);
    const again = await check();
    assert.deepEqual(told(again.report.drift), []);
    assert.deepEqual(await azure.baseline.drafts(again), []);
    assert.equal(workspace.tags['owner'], 'them');
  });

  test('who changed it last, and when, is what the activity log says', async () => {
    await azure.provisioning.apply(
      (await azure.provisioning.planSettings({ workspace: workspaceKey(), retentionDays: 120 })).id,
      () => undefined,
    );
    reopen();
    const [drift] = (await check(FABRIKAM, { provider: { workspace: { retentionDays: 90 } } })).report.drift;
    assert.equal(drift!.severity, 'high');
    assert.equal(drift!.since?.state, 'known');
    if (drift!.since?.state === 'known') {
      assert.equal(drift!.since.by, 'engineer@provider.example');
      assert.equal(drift!.since.operation, 'Microsoft.OperationalInsights/workspaces/write');
      assert.ok(Math.abs(Date.parse(drift!.since.at) - world.clock.now()) < 60_000);
    }
  });

  test('a plan that was switched less than a week ago is told with the day, and left out of the fix', async () => {
    const table = workspace.tables.get('audit_cl')!;
    table.plan = 'Analytics';
    table.lastPlanModifiedDate = new Date(Date.now() - 86_400_000).toISOString();
    world.touch();
    const checked = await check(FABRIKAM, TABLES);
    assert.match(checked.report.drift[0]!.blocked!, /less than a week ago, and can be changed again from \d{4}-/);
    assert.deepEqual(await azure.baseline.drafts(checked), []);
    table.plan = 'Basic';
    world.touch();
  });

  test('what cannot be read is a row with its reason, and no drift', async () => {
    const fault = emulator.faults.add({ match: { service: 'arm', path: '/tables' }, fault: { kind: 'accessLag' } });
    const { report } = await check(FABRIKAM, TABLES);
    emulator.faults.remove(fault);
    assert.deepEqual(report.drift, []);
    assert.deepEqual(
      report.unknown.map(({ section, name, error }) => `${section} ${name} ${error.code}`),
      ['tables Heartbeat access.insufficient', 'tables Audit_CL access.insufficient'],
    );
    assert.deepEqual(report.customers[0], {
      ...{ key: 'fabrikam', name: 'Fabrikam', layers: ['provider'] },
      ...{ settings: 2, kept: 0 },
    });
  });

  test('by delegation: Entra is not visible, locks and delegations are for the customer to change', async () => {
    const file = {
      customers: {
        contoso: {
          diagnosticSettings: { directory: { on: 'entra', categories: ['AuditLogs'] } },
          locks: { keep: { on: 'workspace', level: 'CanNotDelete' } },
          delegations: {
            'Managed logs': {
              managedBy: provider.tenantId,
              authorizations: [{ principalId: world.guid('group', 'operations'), role: 'Contributor' }],
            },
          },
        },
      },
    };
    const { report } = await check(CONTOSO, file);
    assert.match(report.unknown[0]!.error.message, /shown to accounts of that tenant only, and by no delegation/);
    assert.deepEqual(
      report.drift.map(({ section }) => section),
      ['delegations', 'locks'],
    );
    assert.match(report.drift[0]!.blocked!, /is more than was agreed\. Only people of the customer can change/);
    assert.match(
      report.drift[1]!.blocked!,
      /^Locks cannot be changed through Azure Lighthouse\. Lock workspace law-contoso/,
    );
  });

  function workspaceKey() {
    return workspaceScope(workspace).toLowerCase() as never;
  }
});
