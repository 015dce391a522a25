import type { BaselineTable, BaselineCollectionRule } from '../../../model/baseline.ts';
import type { AgentRuleState, LastChange, LockState, TableState, WorkspaceFeatures } from '../../../ports/baseline.ts';
import { isTrue, toList, toNumber, toObject, toRegion, toText } from '../assess/wire.ts';
import type { Wire } from '../assess/wire.ts';

const PLANS = ['Analytics', 'Basic', 'Auxiliary'] as const;

/** A table of the tables API (2025-07-01). Throws a SyntaxError for a plan that is none. */
export function toTableState(wire: unknown): TableState {
  const { name, properties } = toObject(wire);
  const table = toObject(properties);
  const plan = PLANS.find((one) => one === table['plan']);
  const [days, total] = [toNumber(table['retentionInDays']), toNumber(table['totalRetentionInDays'])];
  if (plan === undefined || days === undefined || total === undefined)
    throw new SyntaxError(`A table without plan or retention: ${toText(name)}.`);
  const changed = toText(table['lastPlanModifiedDate']);
  return {
    name: toText(name),
    plan,
    retentionDays: days,
    followsWorkspace: table['retentionInDaysAsDefault'] === true,
    totalRetentionDays: total,
    totalFollows: table['totalRetentionInDaysAsDefault'] === true,
    ...(changed === '' ? {} : { planChangedAt: changed }),
    classic: toText(toObject(table['schema'])['tableSubType']) === 'Classic',
    provisioningState: toText(table['provisioningState']),
  };
}

/** The body of a table's PATCH; -1 is the service's word for the workspace's retention. */
export function tableBody({ plan, retentionDays, totalRetentionDays }: BaselineTable): object {
  const days = (value: number | 'workspace'): number => (value === 'workspace' ? -1 : value);
  return {
    properties: {
      ...(plan === undefined ? {} : { plan }),
      ...(retentionDays === undefined ? {} : { retentionInDays: days(retentionDays) }),
      ...(totalRetentionDays === undefined ? {} : { totalRetentionInDays: days(totalRetentionDays) }),
    },
  };
}

/** Switches and tier of a workspace of Resource Manager. */
export function toFeatures(wire: unknown): WorkspaceFeatures {
  const properties = toObject(toObject(wire)['properties']);
  const [sku, features] = [toObject(properties['sku']), toObject(properties['features'])];
  const level = toNumber(sku['capacityReservationLevel']);
  const open = (name: string): boolean => ['', 'Enabled'].includes(toText(properties[name]));
  return {
    sku: toText(sku['name']),
    ...(level === undefined ? {} : { commitmentGb: level }),
    resourcePermissions: isTrue(features['enableLogAccessUsingOnlyResourcePermissions']),
    workspaceKeys: !isTrue(features['disableLocalAuth']),
    publicIngestion: open('publicNetworkAccessForIngestion'),
    publicQuery: open('publicNetworkAccessForQuery'),
  };
}

/** Undefined for a lock that locks nothing. */
export function toLockState(wire: unknown): LockState | undefined {
  const { id, name, properties } = toObject(wire);
  const { level, notes } = toObject(properties);
  const at = toText(id).toLowerCase().lastIndexOf('/providers/microsoft.authorization/locks/');
  if (at < 0) throw new SyntaxError('A lock without its place.');
  if (level !== 'CanNotDelete' && level !== 'ReadOnly') return undefined;
  return {
    name: toText(name),
    level,
    scope: toText(id).slice(0, at).toLowerCase(),
    ...(typeof notes === 'string' && notes !== '' ? { notes } : {}),
  };
}

/** A data collection rule as far as it takes from agents; `wire` has `id`, `location` and `properties`. */
export function toAgentRule(wire: Wire): AgentRuleState {
  const { dataSources, destinations, dataFlows } = toObject(wire['properties']);
  const places = new Set(
    toList(dataFlows)
      .map(toObject)
      .filter(({ streams }) => toList(streams).some((stream) => AGENT_STREAMS.test(toText(stream))))
      .flatMap((flow) => toList(flow['destinations'])),
  );
  const workspaces = toList(toObject(destinations)['logAnalytics'])
    .map(toObject)
    .filter(({ name }) => places.has(name))
    .map((one) => toText(one['workspaceResourceId']).toLowerCase());
  return {
    armId: toText(wire['id']).toLowerCase(),
    region: toRegion(wire['location']),
    sources: toSources(toObject(dataSources)),
    workspaces: [...new Set(workspaces)].sort(),
  };
}

const AGENT_STREAMS = /^Microsoft-(Event|WindowsEvent|Syslog|Perf)$/;

/** Several sources of a kind are one: what their agents send is the same. */
function toSources(sources: Wire): Pick<BaselineCollectionRule, 'windowsEvents' | 'syslog' | 'performance'> {
  const of = (kind: string): readonly Wire[] => toList(sources[kind]).map(toObject);
  const texts = (wires: readonly Wire[], field: string): readonly string[] => [
    ...new Set(wires.flatMap((one) => toList(one[field]).map(toText))),
  ];
  const [events, syslog, counters] = [of('windowsEventLogs'), of('syslog'), of('performanceCounters')];
  return {
    ...(events.length > 0 ? { windowsEvents: texts(events, 'xPathQueries') } : {}),
    ...(syslog.length > 0
      ? { syslog: { facilities: texts(syslog, 'facilityNames'), levels: texts(syslog, 'logLevels') } }
      : {}),
    ...(counters.length > 0
      ? {
          performance: {
            counters: texts(counters, 'counterSpecifiers'),
            seconds: Math.min(...counters.map((one) => toNumber(one['samplingFrequencyInSeconds']) ?? Infinity)),
          },
        }
      : {}),
  };
}

/** The newest event that changed something and succeeded (Microsoft.Insights eventtypes 2015-04-01). */
export function toLastChange(wire: unknown): LastChange | undefined {
  const events = toList(toObject(wire)['value']).map(toObject);
  const textIn = (event: Wire, field: string): string => toText(toObject(event[field])['value']);
  const [newest] = events
    .filter(
      (event) =>
        textIn(event, 'status') === 'Succeeded' && /\/(write|delete|action)$/i.test(textIn(event, 'operationName')),
    )
    .sort((a, b) => toText(b['eventTimestamp']).localeCompare(toText(a['eventTimestamp'])));
  if (!newest) return undefined;
  return {
    at: toText(newest['eventTimestamp']),
    by: toText(newest['caller']),
    operation: textIn(newest, 'operationName'),
  };
}
