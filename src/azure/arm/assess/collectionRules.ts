import type { CollectionRule } from '../../../model/assessment/facts.ts';
import { TenantRows } from './tenantRows.ts';
import { toList, toObject, toRegion, toText } from './wire.ts';
import type { Wire } from './wire.ts';

/**
 * Data collection rules, a row each, and what is associated with them: a row for each rule and subscription of machines.
 * An association lies in another table, at the machine.
 */
export const COLLECTION_RULES = `resources
| where type =~ 'microsoft.insights/datacollectionrules'
| project id, tenantId, subscriptionId, location, kind, workspaces = properties.destinations.logAnalytics, flows = properties.dataFlows
| union (insightsresources
  | where type =~ 'microsoft.insights/datacollectionruleassociations' and isnotempty(properties.dataCollectionRuleId)
  | extend rule = tolower(tostring(properties.dataCollectionRuleId)),
    machine = tostring(split(tolower(id), '/providers/microsoft.insights/datacollectionruleassociations/')[0])
  | summarize machines = make_list(machine), total = count() by tenantId, subscriptionId, rule
  | extend id = strcat(rule, '/associations/', subscriptionId))
| order by id asc`;

/** By the tenant of the rule; its machines may lie in others. */
export function toCollectionRules(rows: readonly Wire[]): ReturnType<TenantRows<CollectionRule>['result']> {
  const found = new TenantRows<CollectionRule>();
  const machines = new Map<string, string[]>();
  for (const row of rows) {
    const rule = toText(row['rule']);
    if (rule === '') continue;
    const { tenant } = found.placeOf(row);
    const ids = toList(row['machines']).map(toText);
    if (ids.length !== row['total'] || ids.includes('')) found.spoil(tenant, 'what its collection rules are for');
    machines.set(rule, [...(machines.get(rule) ?? []), ...ids].sort());
  }
  for (const row of rows) {
    if (toText(row['rule']) !== '') continue;
    const { tenant, subscription } = found.placeOf(row);
    const id = toText(row['id']).toLowerCase();
    const destinations = new Map(
      toList(row['workspaces'])
        .map(toObject)
        .map((one) => [toText(one['name']), toText(one['workspaceResourceId'])]),
    );
    if (id === '' || [...destinations.values()].includes('')) found.spoil(tenant, 'where its collection rules send');
    const flows = toList(row['flows'])
      .map(toObject)
      .filter((flow) => toList(flow['destinations']).some((name) => destinations.has(toText(name))));
    found.add(tenant, {
      id,
      region: toRegion(row['location']),
      subscription,
      workspaces: unique([...destinations.values()].map((one) => one.toLowerCase())),
      streams: unique(flows.flatMap((flow) => toList(flow['streams']).map(toText))),
      direct: toText(row['kind']).toLowerCase() === 'direct',
      machines: unique(machines.get(id) ?? []),
    });
  }
  return found.result();
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
