import { toSubscriptionId } from '../../../model/ids.ts';
import type { AgentRuleState, AlertingState, TypedResource } from '../../../ports/baseline.ts';
import { toActionGroup, toRule } from '../alerts/alertsWire.ts';
import { TenantRows } from '../assess/tenantRows.ts';
import { toList, toObject, toText } from '../assess/wire.ts';
import type { Wire } from '../assess/wire.ts';
import { toAgentRule } from './baselineWire.ts';

/** Data collection rules with what they collect: a row for each subscription, so that many are one page. */
export const AGENT_RULES = `resources
| where type =~ 'microsoft.insights/datacollectionrules'
| summarize rules = make_list(bag_pack('id', id, 'location', location, 'properties', properties)), total = count()
  by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId)
| order by id asc`;

/** By the tenant of the rule. */
export function toAgentRules(rows: readonly Wire[]): ReturnType<TenantRows<AgentRuleState>['result']> {
  const found = new TenantRows<AgentRuleState>();
  for (const row of rows) {
    const { tenant } = found.placeOf(row);
    const rules = toList(row['rules']).map((rule) => toAgentRule(toObject(rule)));
    if (rules.length !== row['total']) found.spoil(tenant, 'the collection rules');
    for (const rule of rules) found.add(tenant, rule);
  }
  return found.result();
}

/** Every resource of these types (lower case, of letters, digits, `.` and `/`): a row for each subscription. */
export function resourcesQuery(types: readonly string[]): string {
  const list = types.map((type) => `'${type.replaceAll(/[^\w./]/g, '')}'`).join(', ');
  return `resources
| where type in~ (${list})
| summarize found = make_list(bag_pack('id', id, 'type', type, 'name', name)), total = count() by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId)
| order by id asc`;
}

/** By the tenant that owns them. */
export function toTypedResources(rows: readonly Wire[]): ReturnType<TenantRows<TypedResource>['result']> {
  const found = new TenantRows<TypedResource>();
  for (const row of rows) {
    const { tenant, subscription } = found.placeOf(row);
    const resources = toList(row['found']).map(toObject);
    if (resources.length !== row['total']) found.spoil(tenant, 'the resources');
    for (const one of resources)
      found.add(tenant, {
        id: toText(one['id']),
        type: toText(one['type']).toLowerCase(),
        name: toText(one['name']),
        subscription: toSubscriptionId(subscription),
      });
  }
  return found.result();
}

/** Alert rules and action groups: a row for each subscription. */
export const ALERTING = `resources
| where type in~ ('microsoft.insights/scheduledqueryrules', 'microsoft.insights/actiongroups')
| summarize found = make_list(bag_pack('id', id, 'type', type, 'location', location, 'tags', tags, 'identity', identity,
  'properties', properties)), total = count() by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId)
| order by id asc`;

/** By the tenant that owns them. */
export function toAlerting(rows: readonly Wire[]): ReturnType<TenantRows<AlertingState>['result']> {
  const found = new TenantRows<AlertingState>();
  for (const row of rows) {
    const { tenant } = found.placeOf(row);
    const resources = toList(row['found']).map(toObject);
    if (resources.length !== row['total']) found.spoil(tenant, 'the alert rules');
    for (const one of resources)
      found.add(tenant, {
        armId: toText(one['id']).toLowerCase(),
        state: toText(one['type']).toLowerCase().endsWith('/actiongroups') ? toActionGroup(one) : toRule(one),
      });
  }
  return found.result();
}
