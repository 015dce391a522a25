import type { Gathered, GatheredWorkspace, VolumeRow } from '../../../src/core/reports/gathered.ts';
import { baselineOf, periodOf } from '../../../src/core/reports/period.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';

/** The day that sample reports are of, a Saturday. */
export const DAY = '2026-02-28';
export const PERIOD = periodOf('daily', DAY, Date.parse('2026-03-02T10:00:00Z'));
const DAYS = [...baselineOf(PERIOD), DAY];

/** Megabytes of a table on each of the 29 days: 100 on working days and 40 at weekends, the last day `last`. */
export function weekly(table: string, last: number, more: Partial<VolumeRow> = {}): readonly VolumeRow[] {
  return DAYS.map((day, at) => {
    const weekend = new Date(day).getUTCDay() % 6 === 0;
    const megabytes = at === DAYS.length - 1 ? last : (weekend ? 40 : 100) + (at % 3);
    return { day, table, billable: true, megabytes, last: `${day}T24:00:00.000Z`.replace('T24:00', 'T23:00'), ...more };
  }).filter(({ megabytes }) => megabytes > 0);
}

/** One workspace of a customer, of which everything is known. */
export function workspaceOf(
  customer: string,
  volume: readonly VolumeRow[],
  more: Partial<GatheredWorkspace> = {},
): GatheredWorkspace {
  return {
    customer: toCustomerKey(customer),
    name: `law-${customer}`,
    volume: { rows: volume },
    machines: { rows: [] },
    caps: { rows: [] },
    ...more,
  };
}

/** What was gathered of these, each customer called as its key with a capital. */
export function gatheredOf(workspaces: readonly GatheredWorkspace[], more: Partial<Gathered> = {}): Gathered {
  const keys = [
    ...new Set([...workspaces.map(({ customer }) => customer), ...(more.gaps ?? []).map(({ customer }) => customer)]),
  ];
  return {
    from: 'live',
    customers: keys.map((key) => ({ key, name: `${key.slice(0, 1).toUpperCase()}${key.slice(1)}` })),
    workspaces,
    gaps: [],
    ...more,
  };
}
