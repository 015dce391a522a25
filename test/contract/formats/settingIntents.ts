import { settingIntent } from '../../../src/core/access/block/blockIntents.ts';
import type { WantedAgentRule } from '../../../src/core/baseline/handlers/agentRuleHandler.ts';
import type { WantedAssociation } from '../../../src/core/baseline/handlers/collectionAssociationHandler.ts';
import type { WantedDiagnosticSetting } from '../../../src/core/baseline/handlers/diagnosticSettingHandler.ts';
import type { WantedFeatures } from '../../../src/core/baseline/handlers/featuresHandler.ts';
import type { WantedLock } from '../../../src/core/baseline/handlers/lockHandler.ts';
import type { WantedTable } from '../../../src/core/baseline/handlers/tableHandler.ts';
import type { WantedTags } from '../../../src/core/baseline/handlers/tagsHandler.ts';
import type { Intent } from '../../../src/core/changes/changeHandler.ts';
import { wantDelegation, wantDelegationEnd } from '../../../src/core/onboard/delegationHandler.ts';
import { findOfferRole } from '../../../src/core/onboard/offerRoles.ts';
import { wantSendingEnd } from '../../../src/core/onboard/sendingEndHandler.ts';
import { wantRemoval } from '../../../src/core/onboard/removalHandler.ts';
import { wantResourceProvider } from '../../../src/core/provision/resourceProviderHandler.ts';
import type { WantedLogicApp } from '../../../src/core/runners/logicApp/logicAppHandler.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { assignRole, delegate } from '../../../src/emulator/populate.ts';
import { addResource } from '../../../src/emulator/populateFlows.ts';
import { toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { ENTRA_SCOPE } from '../../../src/ports/baseline.ts';
import type { SmallEstate } from '../emulator/smallEstate.ts';

const INSIGHTS = 'Microsoft.Insights';
const MACHINES = { type: 'Microsoft.Compute/virtualMachines', resourceGroup: 'rg-machines', location: 'westeurope' };

const NOBODY = {
  createdBy: 'somebody',
  createdByType: null,
  createdAt: '2026-01-01T00:00:00Z',
  lastModifiedBy: null,
  lastModifiedByType: null,
  lastModifiedAt: null,
};

/** What the plan finds: machines, a provider that is not registered, rights over Entra's settings, what is to go. */
export function furnish({ world, home, engineer, reader, fabrikam, workspaces }: SmallEstate): void {
  const { objectId: principalId } = engineer;
  const scope = `/subscriptions/${home.subscriptionId}`;
  const workspaceId = workspaceScope(workspaces.provider);
  for (const name of ['vm-new', 'vm-old']) addResource(world, { subscription: home, ...MACHINES, name });
  home.providers[INSIGHTS.toLowerCase()] = 'NotRegistered';
  for (const one of [principalId, reader.objectId]) {
    assignRole(world, { scope, principalId: one, role: 'Owner' });
    assignRole(world, { scope: ENTRA_SCOPE, principalId: one, role: 'Contributor' });
  }
  const machine = machineOf(home.subscriptionId, 'vm-old');
  const logs = [{ category: 'Audit', enabled: true }];
  world.diagnosticSettings.push({ name: 'old', resourceId: workspaceId, properties: { workspaceId, logs } });
  world.diagnosticSettings.push({ name: 'ends', resourceId: scope, properties: { workspaceId, logs } });
  world.locks.push({ name: 'old', scope: machine, level: 'CanNotDelete', systemData: NOBODY });
  const ruleId = `${scope}/resourceGroups/rg-old/providers/${INSIGHTS}/dataCollectionRules/old`;
  world.collectionAssociations.push({ name: 'old', resourceId: machine, ruleId });
  assignRole(world, { scope: workspaceId, principalId: reader.objectId, role: 'Monitoring Reader' });
  delegate(world, { scope, to: fabrikam, offerName: 'Of old', authorizations: [{ principalId, role: 'Reader' }] });
}

/** Every kind of setting that plans make, with these texts where others choose them, and every kind of removal. */
export function settingIntents(
  { world, home, contoso, workspaces, reader }: SmallEstate,
  texts: readonly string[],
): readonly Intent[] {
  const subscription = `/subscriptions/${home.subscriptionId}`;
  const workspace = workspaceScope(workspaces.provider);
  const rule = `${subscription}/resourceGroups/rg-logs/providers/${INSIGHTS}/dataCollectionRules/dcr-agents`;
  const [machine, old] = ['vm-new', 'vm-old'].map((name) => machineOf(home.subscriptionId, name)) as [string, string];
  const text = texts.at(-1)!;
  const association = (of: string, name: string): string =>
    `${of}/providers/${INSIGHTS}/dataCollectionRuleAssociations/${name}`;
  const setting = (scope: string, name: string, categories?: readonly string[]): Intent<WantedDiagnosticSetting> => ({
    id: `setting ${name}`,
    resource: 'diagnosticSetting',
    target: `${scope}${scope === ENTRA_SCOPE ? '' : `/providers/${INSIGHTS}`}/diagnosticSettings/${name}`,
    wanted: { name, scope, scopeName: 'it', ...(categories ? { sends: { workspace, categories } } : {}) },
  });
  const lock = (scope: string, name: string, wanted: Partial<WantedLock>): Intent<WantedLock> => ({
    id: `lock ${name}`,
    resource: 'lock',
    target: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    wanted: { scope, scopeName: 'it', name, ...wanted },
  });
  const agents: Intent<WantedAgentRule> = {
    id: 'agents',
    resource: 'agentRule',
    target: rule,
    wanted: {
      name: 'dcr-agents',
      region: 'westeurope',
      workspace,
      sources: {
        windowsEvents: ['System!*[System[(Level=1 or Level=2)]]', `Application!*[EventData[Data='${text}']]`],
        syslog: { facilities: ['auth'], levels: ['Warning'] },
        performance: { counters: [String.raw`\Processor(_Total)\% Processor Time`], seconds: 60 },
      },
    },
  };
  const follows = (at: string, name: string, wanted: Partial<WantedAssociation>): Intent<WantedAssociation> => ({
    id: `association ${name}`,
    resource: 'collectionAssociation',
    target: association(at, name),
    after: wanted.rule === undefined ? [] : ['agents'],
    wanted: { machine: name, ...wanted },
  });
  const table: Intent<WantedTable> = {
    id: 'retention',
    resource: 'table',
    target: `${workspace}/tables/Heartbeat`,
    wanted: { name: 'Heartbeat', workspace: 'law-provider', retentionDays: 60, totalRetentionDays: 365 },
  };
  const features: Intent<WantedFeatures> = {
    id: 'switches',
    resource: 'workspaceFeatures',
    target: workspace,
    wanted: { workspace: 'law-provider', resourcePermissions: false, workspaceKeys: false },
  };
  const tags: Intent<WantedTags> = {
    id: 'tags',
    resource: 'tags',
    target: `${subscription}/resourceGroups/rg-logs`,
    wanted: { scopeName: 'its group', tags: { made: text } },
  };
  const workflow: Intent<WantedLogicApp> = {
    id: 'workflow',
    resource: 'logicApp',
    target: `${subscription}/resourceGroups/rg-logs/providers/Microsoft.Logic/workflows/made`,
    wanted: {
      name: 'made',
      region: 'westeurope',
      told: text,
      limits: [],
      properties: {
        state: 'Enabled',
        definition: {
          $schema:
            'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
          contentVersion: '1.0.0.0',
          parameters: { text: { type: 'String' } },
          triggers: { Hourly: { type: 'Recurrence', recurrence: { frequency: 'Hour', interval: 1 } } },
          actions: { Say: { type: 'Compose', inputs: "@concat(parameters('text'), '@{1}')", runAfter: {} } },
          outputs: {},
        },
        parameters: { text: { value: text } },
      },
    },
  };
  const role = world.roleAssignments.find(
    ({ principalId, scope }) => principalId === reader.objectId && scope === workspace,
  )!;
  const offered = world.delegations.find(({ offerName }) => offerName === 'Of old')!;
  return [
    wantResourceProvider({ subscription: toSubscriptionId(home.subscriptionId), namespace: INSIGHTS }),
    agents,
    follows(machine, 'new', { rule, description: text }),
    lock(old, 'old', {}),
    follows(old, 'old', {}),
    setting(workspace, 'audit', ['Audit']),
    setting(workspace, 'old'),
    wantSendingEnd(`${subscription}/providers/${INSIGHTS}/diagnosticSettings/ends`, {
      called: 'diagnostic setting ends',
      workspaces: [workspace.toLowerCase()],
    }),
    settingIntent(
      { id: `${workspace}/providers/${INSIGHTS}/diagnosticSettings/back`, logs: ['allLogs'], metrics: ['AllMetrics'] },
      workspace,
    ),
    setting(subscription, 'activity', ['Administrative', 'Security']),
    setting(ENTRA_SCOPE, 'directory', ['AuditLogs']),
    table,
    features,
    tags,
    workflow,
    wantDelegation(
      {
        name: text.slice(0, 100),
        description: text,
        managedBy: toTenantId(contoso.tenantId),
        authorizations: [{ principalId: world.guid('their group'), name: text, role: findOfferRole('Reader')! }],
      },
      { definition: world.guid('definition'), assignment: world.guid('assignment') },
      { scope: subscription, place: 'it', owner: toTenantId(home.tenantId) },
    ),
    wantDelegationEnd(
      `${subscription}/providers/Microsoft.ManagedServices/registrationAssignments/${offered.assignmentName}`,
      'Of old',
      'it',
    ),
    wantRemoval(`${workspace}/providers/Microsoft.Authorization/roleAssignments/${role.name}`, {
      apiVersion: '2022-04-01',
      called: 'the role of a reader',
      consequence: 'They read it no more',
    }),
    lock(machine, 'keep', { lock: { level: 'CanNotDelete', notes: text } }),
  ] as readonly Intent[];
}

function machineOf(subscription: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/rg-machines/providers/${MACHINES.type}/${name}`;
}
