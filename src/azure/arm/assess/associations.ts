import type { AssociationFact } from '../../../model/assessment/facts.ts';
import { TenantRows } from './tenantRows.ts';
import { toList, toObject, toText } from './wire.ts';
import type { Wire } from './wire.ts';

/** Associations with data collection rules, which lie at the machines: a row for each subscription. */
export const ASSOCIATIONS = `insightsresources
| where type =~ 'microsoft.insights/datacollectionruleassociations' and isnotempty(properties.dataCollectionRuleId)
| summarize found = make_list(bag_pack('id', id, 'rule', properties.dataCollectionRuleId, 'description', properties.description)),
  total = count() by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId)
| order by id asc`;

const KIND = '/providers/microsoft.insights/datacollectionruleassociations/';

/** By the tenant of the machine, sorted by id within a subscription. */
export function toAssociations(rows: readonly Wire[]): ReturnType<TenantRows<AssociationFact>['result']> {
  const found = new TenantRows<AssociationFact>();
  for (const row of rows) {
    const { tenant } = found.placeOf(row);
    const associations = toList(row['found']).map((one): AssociationFact | undefined => {
      const wire = toObject(one);
      const [id, rule, description] = ['id', 'rule', 'description'].map((name) => toText(wire[name]));
      const at = id!.toLowerCase().lastIndexOf(KIND);
      if (at < 0 || !rule) return undefined;
      const machine = id!.slice(0, at).toLowerCase();
      return { id: id!, machine, rule: rule.toLowerCase(), ...(description ? { description } : {}) };
    });
    if (associations.length !== row['total'] || associations.includes(undefined))
      found.spoil(tenant, 'what its machines follow');
    const sorted = associations.filter((one) => one !== undefined);
    sorted.sort((a, b) => a.id.localeCompare(b.id));
    for (const one of sorted) found.add(tenant, one);
  }
  return found.result();
}
