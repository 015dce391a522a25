import type { CapHit, CustomerReport, Report, ReportChange, ReportDay } from '../../model/report.ts';

/** What everybody has together; of whom nothing is known there is nothing in it. */
export function estateTotals({ customers }: Pick<Report, 'customers'>): Pick<
  CustomerReport,
  'gb' | 'billedGb' | 'cost' | 'compared'
> & {
  readonly days: readonly ReportDay[];
} {
  const sum = (of: (one: CustomerReport) => number): number => customers.reduce((total, one) => total + of(one), 0);
  const comparable = customers.some(({ compared }) => compared);
  return {
    gb: sum(({ gb }) => gb),
    billedGb: sum(({ billedGb }) => billedGb),
    cost: sum(({ cost }) => cost),
    ...(comparable
      ? {
          compared: {
            gb: sum(({ compared }) => compared?.gb ?? 0),
            expectedGb: sum(({ compared }) => compared?.expectedGb ?? 0),
          },
        }
      : {}),
    days: (customers[0]?.days ?? []).map(({ day }, at) => ({
      day,
      gb: sum(({ days }) => days[at]!.gb),
      billedGb: sum(({ days }) => days[at]!.billedGb),
    })),
  };
}

/** What is out of line at everybody, with whose it is, largest difference first. */
export function topChanges(
  customers: readonly CustomerReport[],
): readonly (ReportChange & { readonly customer: string })[] {
  const difference = ({ gb, expectedGb }: ReportChange): number => Math.abs(gb - expectedGb);
  return customers
    .flatMap(({ name: customer, changes }) => changes.map((one) => ({ customer, ...one })))
    .sort((a, b) => difference(b) - difference(a));
}

/** A workspace and the days on which its cap stopped it; `last` is when it did on the last of them. */
export interface CappedWorkspace {
  readonly customer?: string;
  readonly workspace: string;
  readonly days: readonly string[];
  readonly last: string;
}

/** One row for each workspace that reached its cap, in the order of the hits. */
export function cappedWorkspaces(
  hits: readonly (CapHit & { readonly customer?: string })[],
): readonly CappedWorkspace[] {
  const capped = new Map<string, CappedWorkspace>();
  for (const { customer, workspace, day, first } of hits) {
    const key = JSON.stringify([customer, workspace]);
    const before = capped.get(key);
    capped.set(key, {
      ...(customer === undefined ? {} : { customer }),
      workspace,
      days: [...(before?.days ?? []), day],
      last: before && before.last > first ? before.last : first,
    });
  }
  return [...capped.values()];
}
