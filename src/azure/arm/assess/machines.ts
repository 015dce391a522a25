import type { MachineFact } from '../../../model/assessment/facts.ts';
import { TenantRows } from './tenantRows.ts';
import { toList, toObject, toRegion, toText } from './wire.ts';
import type { Wire } from './wire.ts';

const ARC = 'microsoft.hybridcompute/machines';

/**
 * Virtual machines and machines of Arc: a row for each subscription, however many there are. A machine's id is made of
 * its parts again.
 */
export const MACHINES = `resources
| where type in~ ('microsoft.compute/virtualmachines', '${ARC}')
| summarize machines = make_list(bag_pack('group', resourceGroup, 'type', type, 'name', name, 'location', location)), total = count()
  by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId)
| order by id asc`;

/** Sorted by id within a subscription. */
export function toMachines(rows: readonly Wire[]): ReturnType<TenantRows<MachineFact>['result']> {
  const found = new TenantRows<MachineFact>();
  for (const row of rows) {
    const { tenant, subscription } = found.placeOf(row);
    const machines = toList(row['machines']).map((entry): MachineFact | undefined => {
      const wire = toObject(entry);
      const [group, type, name] = ['group', 'type', 'name'].map((part) => toText(wire[part]));
      return group && type && name
        ? {
            id: `/subscriptions/${subscription}/resourcegroups/${group}/providers/${type}/${name}`.toLowerCase(),
            name,
            subscription,
            region: toRegion(wire['location']),
            arc: type.toLowerCase() === ARC,
          }
        : undefined;
    });
    if (machines.length !== row['total'] || machines.includes(undefined)) found.spoil(tenant, 'the machines');
    const sorted = machines.filter((machine) => machine !== undefined);
    sorted.sort((a, b) => a.id.localeCompare(b.id));
    for (const machine of sorted) found.add(tenant, machine);
  }
  return found.result();
}
