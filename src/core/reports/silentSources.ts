import type { ReportPeriod, SilentSource } from '../../model/report.ts';
import { isSteady } from '../assess/checks/silentTable.ts';
import { DAY, rhythms } from '../assess/look/volumes.ts';
import type { GatheredWorkspace } from './gathered.ts';

/** Machines that were heard within two weeks and not on the last day before the end; one that moved is not silent. */
export function silentMachines(
  workspaces: readonly Pick<GatheredWorkspace, 'name' | 'machines'>[],
  { until }: Pick<ReportPeriod, 'until'>,
): readonly SilentSource[] {
  const newest = new Map<string, SilentSource>();
  // Where the last days are not stored nobody can say that a machine was not heard.
  for (const { name: workspace, machines } of workspaces.filter((one) => one.machines.reason === undefined))
    for (const { computer: name, last } of machines.rows)
      if (last > (newest.get(name)?.last ?? '')) newest.set(name, { kind: 'machine', name, workspace, last });
  return [...newest.values()].filter(isBefore(until)).sort(oldestFirst);
}

/**
 * Tables that had data nearly every day, and none on the last day before the end; where no table at all had any, the
 * workspace instead of all of them.
 */
export function silentTables(
  { name: workspace, volume }: Pick<GatheredWorkspace, 'name' | 'volume'>,
  { until }: Pick<ReportPeriod, 'until'>,
): readonly SilentSource[] {
  // Of days that are not stored nobody can say that nothing came.
  if (volume.reason !== undefined) return [];
  const last: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const row of volume.rows) if (row.last > (last[row.table] ?? '')) last[row.table] = row.last;
  const volumes = volume.rows.map(({ table, day, megabytes, billable }) => ({
    ...{ table, day, billable },
    gb: megabytes / 1000,
  }));
  const all = rhythms({ days: volumes.length, volumes, last: { ...last } });
  const silent = all
    .filter(isSteady)
    .map(({ table: name, last: at }): SilentSource => ({
      kind: 'table',
      name,
      workspace,
      last: new Date(at).toISOString(),
    }))
    .filter(isBefore(until))
    .sort(oldestFirst);
  const newest = new Date(all.reduce((most, { last: at }) => Math.max(most, at), 0)).toISOString();
  return silent.length > 0 && isBefore(until)({ last: newest })
    ? [{ kind: 'workspace', name: workspace, workspace, last: newest }]
    : silent;
}

function isBefore(until: string): (source: Pick<SilentSource, 'last'>) => boolean {
  return ({ last }) => Date.parse(until) - Date.parse(last) > DAY;
}

function oldestFirst(a: SilentSource, b: SilentSource): number {
  return a.last < b.last ? -1 : a.last > b.last ? 1 : a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
