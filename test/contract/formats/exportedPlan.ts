import { SecretText } from '../../../src/base/secretText.ts';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import type { CollectionRuleWanted } from '../../../src/core/centre/collectionRuleHandler.ts';
import type { CustomTableWanted } from '../../../src/core/centre/customTableHandler.ts';
import { METRICS_PUBLISHER } from '../../../src/core/centre/roleAssignmentHandler.ts';
import type { RoleAssignmentWanted } from '../../../src/core/centre/roleAssignmentHandler.ts';
import type { WantedActionGroup } from '../../../src/core/alerts/actionGroupHandler.ts';
import type { WantedRule } from '../../../src/core/alerts/ruleHandler.ts';
import type { ChangeHandler, Intent } from '../../../src/core/changes/changeHandler.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { PreparedPlan } from '../../../src/core/changes/makePlan.ts';
import { draftWorkspace } from '../../../src/core/provision/draftWorkspace.ts';
import type { WantedQuery } from '../../../src/core/queryPacks/savedQueryHandler.ts';
import type { WantedSummaryRule } from '../../../src/core/runners/summaryRule/summaryRuleHandler.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { WorkspaceRequest } from '../../../src/model/plan.ts';
import { toAccountId, toPlanId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { connect, signedIn } from '../azure/connect.ts';
import { ask, smallEstate, userToken } from '../emulator/smallEstate.ts';
import { furnish, settingIntents } from './settingIntents.ts';
import type { RawAnswer, SmallEstate } from '../emulator/smallEstate.ts';

/** An emulator of its own on the small estate, and a person there who may do everything. */
export interface OpenedEstate {
  readonly estate: SmallEstate;
  readonly emulator: Emulator;
  readonly handlers: readonly ChangeHandler[];
  send(method: string, path: string, body?: object): Promise<RawAnswer>;
  /** Reads as somebody else: whoever carries a plan out has used up a part of what Resource Manager lets one read. */
  look(path: string): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** The moment of every estate here, so that what is made of times is the same. */
const BEGIN = Math.floor(Date.now() / 3_600_000) * 3_600_000;

let engine: Promise<LocalEngine> | undefined;

/** Ends what the estates have in common. */
export async function closeEngine(): Promise<void> {
  await (await engine)?.close();
  engine = undefined;
}

/** Opens one. Every one is like the other, ids too. */
export async function openEstate(): Promise<OpenedEstate> {
  const estate = smallEstate(new EmulatedClock(BEGIN, true));
  const { engineer, provider } = estate;
  furnish(estate);
  const emulator = await startEmulator({
    world: estate.world,
    operations: { durationMs: 0, retryAfterSeconds: 0 },
    // One for all: it is what takes the time.
    engine: async () => {
      const shared = await (engine ??= openEngine({ memoryLimitMb: 500 }));
      return Object.assign(Object.create(shared) as LocalEngine, { close: () => Promise.resolve() });
    },
  });
  const person = signedIn(emulator, engineer, 'pass');
  const connection = connect(emulator, person);
  const { access_token: token } = await userToken(emulator, engineer.username!, provider.tenantId);
  const { access_token: another } = await userToken(emulator, estate.reader.username!, provider.tenantId);
  return {
    estate,
    emulator,
    handlers: changeHandlers(connection.clients),
    look: (path) => ask(emulator, path, { token: another }),
    send: (method, path, body) => ask(emulator, path, { token, method, ...(body ? { body } : {}) }),
    close: async () => {
      person.close();
      connection.dispose();
      await emulator.close();
    },
  };
}

/** A webhook's address: whoever knows it may call it. */
export const WEBHOOK = 'https://hooks.example/in?sig=s%3Dcr3t"\\';

/** A plan with a resource of every kind that the product makes, with these texts where others choose them. */
export async function planOf(
  { estate, handlers }: OpenedEstate,
  texts: readonly string[] = ['plain'],
): Promise<PreparedPlan> {
  const { provider, home, engineer } = estate;
  const subscription = toSubscriptionId(home.subscriptionId);
  const issuer = { account: toAccountId('test:engineer@provider.example'), tenant: toTenantId(provider.tenantId) };
  const [group, name] = ['rg-made(x)', 'law-made'];
  const request: WorkspaceRequest = {
    account: issuer.account,
    issuer: issuer.tenant,
    tenant: issuer.tenant,
    subscription,
    resourceGroup: group,
    createResourceGroup: true,
    name,
    region: 'westeurope',
    sku: { name: 'PerGB2018' },
    retentionDays: 90,
    dailyCapGb: 0.5,
    tags: Object.fromEntries(texts.slice(0, 50).map((text, at) => [`tag${at}`, text.slice(0, 256)])),
  };
  const draft = draftWorkspace(request);
  // The rest is made in a workspace that is there: so it is a deployment of two resource groups.
  const inGroup = `/subscriptions/${subscription}/resourceGroups/rg-logs`;
  const workspace = workspaceScope(estate.workspaces.provider);
  const after = [`workspace ${name}`];
  const table: Intent<CustomTableWanted> = {
    id: 'table',
    resource: 'customTable',
    target: `${workspace}/tables/Made_CL`,
    after,
    wanted: {
      name: 'Made_CL',
      workspace: name,
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Text', type: 'string' },
      ],
    },
  };
  const rule = `${inGroup}/providers/Microsoft.Insights/dataCollectionRules/dcr-made`;
  const collection: Intent<CollectionRuleWanted> = {
    id: 'rule',
    resource: 'dataCollectionRule',
    target: rule,
    after: ['table'],
    wanted: {
      name: 'dcr-made',
      workspaceName: name,
      region: 'westeurope',
      workspace,
      streams: [
        {
          stream: 'Custom-Made_CL',
          columns: [{ name: 'Text', type: 'string' }],
          output: 'Custom-Made_CL',
          transform: 'source | extend TimeGenerated = now()',
        },
      ],
    },
  };
  const role: Intent<RoleAssignmentWanted> = {
    id: 'role',
    resource: 'roleAssignment',
    target: `${rule}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555`,
    after: ['rule'],
    wanted: {
      scope: rule,
      scopeName: 'dcr-made',
      role: METRICS_PUBLISHER,
      writer: { principalId: engineer.objectId, name: 'the engineer', principalType: 'User' },
      owner: issuer.tenant,
      issuer: issuer.tenant,
    },
  };
  const queries = texts.map((text, at): Intent<WantedQuery> => ({
    id: `query ${at}`,
    resource: 'savedQuery',
    target: `${workspace}/savedSearches/made-${at}`,
    after,
    wanted: {
      place: name,
      name: text,
      text: `Heartbeat | where Computer != ${JSON.stringify(text)} // ${text}`,
      description: text,
      category: text,
      tags: ['made'],
      ...(at === 0 ? { functionAlias: 'made', functionParameters: 'age: timespan = 1h' } : {}),
    },
  }));
  const summary: Intent<WantedSummaryRule> = {
    id: 'summary',
    resource: 'summaryRule',
    target: `${workspace}/summaryLogs/made`,
    after,
    wanted: {
      place: name,
      description: texts[0]!,
      query: 'Heartbeat | summarize Beats = count() by bin(TimeGenerated, 1h)',
      binMinutes: 60,
      table: 'MadeSums_CL',
      start: new Date(BEGIN + 3_600_000).toISOString(),
    },
  };
  const hooks = `${inGroup}/providers/Microsoft.Insights/actionGroups/ag-made`;
  const actions: Intent<WantedActionGroup> = {
    id: 'actions',
    resource: 'actionGroup',
    target: hooks,
    after,
    wanted: {
      name: 'ag-made',
      groupShortName: 'made',
      enabled: true,
      webhookReceivers: [{ name: 'hook', serviceUri: new SecretText(WEBHOOK, 'serviceUri') }],
    },
  };
  const alert: Intent<WantedRule> = {
    id: 'alert',
    resource: 'scheduledQueryRule',
    target: `${inGroup}/providers/Microsoft.Insights/scheduledQueryRules/made`,
    after: ['actions'],
    wanted: {
      name: 'made',
      place: name,
      location: 'westeurope',
      tags: { made: texts.at(-1)! },
      identity: false,
      properties: {
        displayName: texts.at(-1)!,
        description: texts.join(' '),
        severity: 2,
        enabled: true,
        evaluationFrequency: 'PT5M',
        windowSize: 'PT15M',
        scopes: [workspace],
        criteria: {
          allOf: [
            {
              criterionType: 'StaticThresholdCriterion',
              query: 'Heartbeat | where Computer != "none"',
              timeAggregation: 'Count',
              dimensions: [{ name: 'Computer', operator: 'Include', values: ['*'] }],
              operator: 'GreaterThan',
              threshold: 1.5,
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
            },
          ],
        },
        autoMitigate: true,
        actions: { actionGroups: [hooks], customProperties: { customer: texts[0]! } },
      },
    },
  };
  const [provider1, ...settings] = settingIntents(estate, texts);
  const intents = [
    provider1!,
    ...draft.intents,
    table,
    collection,
    role,
    ...queries,
    summary,
    actions,
    alert,
    ...settings,
  ];
  return makePlan(toPlanId('plan'), { ...draft, intents: intents as Intent[] }, handlers);
}

/** What the plan's resources are like, as the service tells it, without what it chose by itself. */
export async function standingOf({ look }: OpenedEstate, { plan }: PreparedPlan): Promise<object> {
  const told: Record<string, unknown> = {};
  for (const { target } of plan.changes) {
    const path = target.split('/').map(encodeURIComponent).join('/');
    const { status, text } = await look(`${path}?api-version=${versionOf(target)}`);
    if (status !== 200 && status !== 404) throw new Error(`GET ${target}: ${status} ${text}`);
    told[target] = status === 200 ? steady(JSON.parse(text)) : status;
  }
  return told;
}

/** The version of the API that a resource is read in. */
export function versionOf(path: string): string {
  if (/\/scheduledQueryRules\//i.test(path)) return '2025-01-01-preview';
  if (/\/actionGroups\//i.test(path)) return '2023-01-01';
  if (/\/dataCollectionRule(s|Associations)\/[^/]+$/i.test(path)) return '2024-03-11';
  if (/\/aadiam\//i.test(path) || /microsoft\.aadiam/i.test(path)) return '2017-04-01';
  if (/\/diagnosticSettings\//i.test(path)) return '2021-05-01-preview';
  if (/\/locks\//i.test(path)) return '2020-05-01';
  if (/\/registrationAssignments\//i.test(path)) return '2022-10-01';
  if (/Microsoft\.Logic/i.test(path)) return '2019-05-01';
  if (/\/roleAssignments\//i.test(path)) return '2022-04-01';
  return /OperationalInsights\//i.test(path) ? '2025-07-01' : '2025-04-01';
}

/** Times, marks of versions and ids that are made anew each time. */
const CHOSEN =
  /^(etag|version|systemData|createdOn|updatedOn|createdDate|modifiedDate|customerId|immutableId|endpoints|logsIngestion|createdBy|updatedBy|quotaNextResetTime|lastSkuUpdate|timeModified)$/;

function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !CHOSEN.test(name) && !(name === 'principalId' && 'tenantId' in value))
      // What is not said is so.
      .filter(([name, item]) => !(name === 'disableLocalAuth' && item === false))
      .map(([name, item]) => [name, steady(item)]),
  );
}
