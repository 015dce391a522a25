import type { CollectionRule } from '../../../model/assessment/facts.ts';
import type { SubscriptionId } from '../../../model/ids.ts';
import { TenantRows } from './tenantRows.ts';
import { toList, toObject, toRegion, toText } from './wire.ts';
import type { Wire } from './wire.ts';

/**
 * Data collection rules, and what is associated with them, which lies in another table at the machine: a row of each
 * for each subscription.
 */
export const COLLECTION_RULES = `resources
| where type =~ 'microsoft.insights/datacollectionrules'
| summarize rules = make_list(bag_pack('id', id, 'location', location, 'kind', kind,
    'workspaces', properties.destinations.logAnalytics, 'flows', properties.dataFlows)), total = count() by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId, '/rules')
| union (insightsresources
  | where type =~ 'microsoft.insights/datacollectionruleassociations' and isnotempty(properties.dataCollectionRuleId)
  | extend rule = tolower(tostring(properties.dataCollectionRuleId)),
    machine = tostring(split(tolower(id), '/providers/microsoft.insights/datacollectionruleassociations/')[0])
  | summarize machines = make_list(machine), count = count() by tenantId, subscriptionId, rule
  | summarize associations = make_list(bag_pack('rule', rule, 'machines', machines, 'count', count)), total = count() by tenantId, subscriptionId
  | extend id = strcat('/subscriptions/', subscriptionId, '/associations'))
| order by id asc`;

/** By the tenant of the rule; its machines may lie in others. Sorted by id within a subscription. */
export function toCollectionRules(rows: readonly Wire[]): ReturnType<TenantRows<CollectionRule>['result']> {
  const found = new TenantRows<CollectionRule>();
  const machines = new Map<string, string[]>();
  for (const row of rows) {
    const { tenant } = found.placeOf(row);
    const [rules, associations] = [toList(row['rules']), toList(row['associations'])];
    if (rules.length + associations.length !== row['total']) found.spoil(tenant, 'the collection rules');
    for (const association of associations.map(toObject)) {
      const rule = toText(association['rule']);
      const ids = toList(association['machines']).map(toText);
      if (rule === '' || ids.length !== association['count']) found.spoil(tenant, 'what its collection rules are for');
      machines.set(rule, [...(machines.get(rule) ?? []), ...ids]);
    }
  }
  for (const row of rows) {
    const { tenant, subscription } = found.placeOf(row);
    const rules = toList(row['rules']).map((rule) => toRule(toObject(rule), subscription, machines));
    if (rules.includes(undefined)) found.spoil(tenant, 'where its collection rules send');
    const sorted = rules.filter((rule) => rule !== undefined);
    sorted.sort((a, b) => a.id.localeCompare(b.id));
    for (const rule of sorted) found.add(tenant, rule);
  }
  return found.result();
}

function toRule(
  wire: Wire,
  subscription: SubscriptionId,
  machines: ReadonlyMap<string, readonly string[]>,
): CollectionRule | undefined {
  const id = toText(wire['id']).toLowerCase();
  const destinations = new Map(
    toList(wire['workspaces'])
      .map(toObject)
      .map((one) => [toText(one['name']), toText(one['workspaceResourceId']).toLowerCase()]),
  );
  if (id === '' || [...destinations.values()].includes('')) return undefined;
  const flows = toList(wire['flows'])
    .map(toObject)
    .filter((flow) => toList(flow['destinations']).some((name) => destinations.has(toText(name))));
  return {
    id,
    region: toRegion(wire['location']),
    subscription,
    workspaces: unique([...destinations.values()]),
    streams: unique(flows.flatMap((flow) => toList(flow['streams']).map(toText))),
    direct: toText(wire['kind']).toLowerCase() === 'direct',
    machines: unique(machines.get(id) ?? []),
  };
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
