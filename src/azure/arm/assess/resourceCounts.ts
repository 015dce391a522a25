import type { ResourceCount } from '../../../model/assessment/facts.ts';
import { TenantRows } from './tenantRows.ts';
import { toList, toNumber, toObject, toRegion, toText } from './wire.ts';
import type { Wire } from './wire.ts';

/**
 * How many resources of which type lie where: a row for each subscription, so that a thousand of them are one page. The
 * id is made up, because Azure pages only rows that have one.
 */
export const RESOURCE_COUNTS = `resources
| summarize total = count() by tenantId, subscriptionId, type, location
| summarize counts = make_list(bag_pack('type', type, 'location', location, 'total', total)), kinds = count() by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId)
| order by id asc`;

/** Sorted by type and region within a subscription. */
export function toResourceCounts(rows: readonly Wire[]): ReturnType<TenantRows<ResourceCount>['result']> {
  const found = new TenantRows<ResourceCount>();
  for (const row of rows) {
    const { tenant, subscription } = found.placeOf(row);
    const counts = toList(row['counts']).map((entry): ResourceCount | undefined => {
      const { type, location, total } = toObject(entry);
      const count = toNumber(total);
      return toText(type) === '' || count === undefined
        ? undefined
        : { subscription, type: toText(type).toLowerCase(), region: toRegion(location), count };
    });
    if (counts.length !== row['kinds'] || counts.includes(undefined)) found.spoil(tenant, 'the resources');
    const sorted = counts.filter((count) => count !== undefined);
    sorted.sort((a, b) => a.type.localeCompare(b.type) || a.region.localeCompare(b.region));
    for (const count of sorted) found.add(tenant, count);
  }
  return found.result();
}
