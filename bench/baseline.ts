import { checkBaseline } from '../src/core/baseline/checkBaseline.ts';
import type { CheckWorld } from '../src/core/baseline/checkBaseline.ts';
import { agentRuleHandler } from '../src/core/baseline/handlers/agentRuleHandler.ts';
import { diagnosticSettingHandler } from '../src/core/baseline/handlers/diagnosticSettingHandler.ts';
import { featuresHandler } from '../src/core/baseline/handlers/featuresHandler.ts';
import { lockHandler } from '../src/core/baseline/handlers/lockHandler.ts';
import { tableHandler } from '../src/core/baseline/handlers/tableHandler.ts';
import { parseBaseline } from '../src/core/baseline/parseBaseline.ts';
import { LISTS_AT_ONCE } from '../src/core/baseline/readLists.ts';
import { workspaceHandler } from '../src/core/provision/workspaceHandler.ts';
import { savedQueryHandler } from '../src/core/queryPacks/savedQueryHandler.ts';
import { toSubscriptionId, toWorkspaceKey } from '../src/model/ids.ts';
import { EVERYTHING } from '../src/model/scope.ts';
import { estateOf } from '../test/unit/runs/world.ts';
import { VirtualClock } from '../test/unit/runs/virtualClock.ts';
import type { Measurement } from './main.ts';

const CUSTOMERS = 100;
const LATENCY_MS = 100;
const TABLES = ['Heartbeat', 'Syslog', 'Event', 'Perf', 'SigninLogs', 'AuditLogs', 'AzureActivity', 'SecurityEvent'];

/** Twenty settings of each customer. */
const BASELINE = {
  provider: {
    workspace: { retentionDays: 30, features: { workspaceKeys: true } },
    tables: Object.fromEntries(TABLES.map((table) => [table, { totalRetentionDays: 365 }])),
    functions: Object.fromEntries(['A', 'B', 'C', 'D'].map((name) => [name, { query: `print '${name}'` }])),
    savedQueries: {
      'Who is there': { query: 'Heartbeat | distinct Computer' },
      Silent: { query: 'Heartbeat | take 1' },
    },
    collectionRules: { 'dcr-baseline': { windowsEvents: ['System!*'] } },
    diagnosticSettings: {
      audit: { on: 'workspace', categories: ['Audit'] },
      activity: { on: 'subscription', categories: ['Administrative'] },
    },
    locks: { keep: { on: 'workspace', level: 'CanNotDelete' } },
  },
};
/** Lists of Resource Manager for each customer: tables, saved searches, two of diagnostic settings, locks. */
const LISTS = 5;

/**
 * 100 customers with 20 settings each, of which one differs, in virtual time: against the shortest schedule that so
 * many requests at once allow, questions to Resource Graph beside them and the activity log behind them.
 */
export async function benchBaseline(): Promise<Measurement[]> {
  const clock = new VirtualClock();
  const counted = { now: 0, most: 0 };
  const { baseline } = parseBaseline(JSON.stringify(BASELINE), 'baseline.json');
  const estate = estateOf(CUSTOMERS, (workspace, i) => {
    const armId = `/subscriptions/s${i}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/ws${i}`;
    return { ...workspace, armId, key: toWorkspaceKey(armId), subscription: toSubscriptionId(`s${i}`) };
  });
  const work = checkBaseline({ file: baseline, estate, scope: EVERYTHING }, worldOf(clock, counted), undefined);
  const { report } = await clock.run(work);
  const settings = report.customers.reduce((sum, one) => sum + one.settings, 0);
  if (settings !== CUSTOMERS * 20 || report.unknown.length > 0)
    throw new Error(`${settings} settings, ${report.unknown[0]?.error.message ?? 'all read'}`);
  const rounds = Math.ceil((CUSTOMERS * LISTS) / LISTS_AT_ONCE) + Math.ceil(report.drift.length / LISTS_AT_ONCE);
  const ideal = rounds * LATENCY_MS;
  return [
    {
      name: `baseline of ${CUSTOMERS} customers against the ideal schedule`,
      ratio: report.ms / ideal,
      bar: 1.2,
      detail: `${report.ms} of ${ideal} ms of virtual time, ${report.calls} calls, ${counted.most} at once, ${report.drift.length} differences`,
    },
  ];
}

function worldOf(clock: VirtualClock, counted: { now: number; most: number }): CheckWorld {
  const answer = async <T>(value: T): Promise<T> => {
    counted.most = Math.max(counted.most, ++counted.now);
    await clock.sleep(LATENCY_MS);
    counted.now--;
    return value;
  };
  const never = (): Promise<never> => Promise.reject(new Error('not asked'));
  const asked = <T>(value: T) => answer({ value, calls: 1 });
  return {
    clock,
    tags: { containers: never },
    // Each customer's rule is missing; everything else is as it should be.
    assess: {
      graph: (() => asked(ANY_CONFIGURATION)) as unknown as CheckWorld['assess']['graph'],
      subscription: ((_name: string, _issuer: unknown, subscription: string) =>
        asked([
          { name: 'keep', level: 'CanNotDelete', scope: `/subscriptions/${subscription}` },
        ])) as unknown as CheckWorld['assess']['subscription'],
    },
    savedQueries: {
      queries: (_issuer, place) =>
        answer([
          ...['A', 'B', 'C', 'D'].map((name) => ({
            ...{
              armId: `${place}/savedSearches/${name}`,
              name,
              text: `print '${name}'`,
              tags: [],
              functionAlias: name,
            },
          })),
          ...Object.entries(BASELINE.provider.savedQueries).map(([name, { query }]) => ({
            ...{ armId: `${place}/savedSearches/${name}`, name, text: query, tags: [] },
          })),
        ]),
    },
    baseline: {
      tables: () =>
        answer(
          TABLES.map((name) => ({
            ...{ name, plan: 'Analytics' as const, retentionDays: 30, followsWorkspace: true, totalRetentionDays: 365 },
            ...{ totalFollows: false, classic: false, provisioningState: 'Succeeded' },
          })),
        ),
      diagnostics: (_issuer, scope) => {
        const subscription = /^\/subscriptions\/(s\d+)/.exec(scope)![1]!;
        const workspace = `/subscriptions/${subscription}/resourcegroups/rg/providers/microsoft.operationalinsights/workspaces/ws${subscription.slice(1)}`;
        return answer([{ name: 'x', categories: ['allLogs'], workspace }]);
      },
      agentRules: () => asked(new Map()),
      alerting: never,
      resourcesOf: never,
      lastChange: () => answer(undefined),
    },
    handlers: [
      workspaceHandler({
        ...{
          workspace: never,
          deletedWorkspaces: never,
          putWorkspace: never,
          patchWorkspace: never,
          deleteWorkspace: never,
        },
      }),
      featuresHandler({ features: never, changeFeatures: never }),
      tableHandler({ table: never, changeTable: never }, () => 0),
      savedQueryHandler({ query: never, putQuery: never }),
      agentRuleHandler({ agentRule: never, putAgentRule: never }),
      diagnosticSettingHandler({ diagnostic: never, putDiagnostic: never, deleteDiagnostic: never }),
      lockHandler({ lock: never, putLock: never, deleteLock: never }),
    ] as CheckWorld['handlers'],
  };
}

/** The same settings for whichever workspace is asked for. */
const ANY_CONFIGURATION = {
  get: () => ({
    ...{ sku: 'PerGB2018', retentionDays: 30, cap: 'none', localAuth: true, resourcePermissions: true },
    ...{ dataActionsOnly: false, sentinel: false, publicIngestion: true, publicQuery: true },
  }),
};
