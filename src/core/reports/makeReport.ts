import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Comparison, CustomerReport, Report, ReportGap, ReportPeriod } from '../../model/report.ts';
import type { LocalKqlPort } from '../../ports/reports.ts';
import { AT_LIST_PRICE, byTheGb } from '../assess/look/prices.ts';
import { compareTables } from './compareTables.ts';
import type { TableSeries } from './compareTables.ts';
import type { Gathered, GatheredWorkspace } from './gathered.ts';
import { baselineOf } from './period.ts';
import { silentMachines, silentTables } from './silentSources.ts';

/** Less is noise whatever the statistics say: a tenth of what was expected, and a megabyte. */
const LEAST_SHARE = 0.1;
const LEAST_GB = 0.001;

/**
 * A report of what was gathered: the same for the same rows, in whatever order they came. Rejects as the port does.
 */
export async function makeReport(
  gathered: Gathered,
  period: ReportPeriod,
  kql: LocalKqlPort,
  signal: CancelSignal = NEVER,
): Promise<Report> {
  const baselineDays = baselineOf(period);
  const whole = period.days.slice(0, period.wholeDays);
  const sheets = [...gathered.customers]
    .sort((a, b) => compare(a.name, b.name) || compare(a.key, b.key))
    .map((customer) => sheetOf(customer, gathered, [...baselineDays, ...period.days]));
  const series = sheets.flatMap((sheet) => seriesOf(sheet, baselineDays.length + whole.length));
  const comparisons = await compareTables(series, whole, kql, signal);
  const byPlace = new Map(series.map(({ customer, table }, at) => [`${customer}\n${table}`, comparisons[at]]));
  return {
    period,
    from: gathered.from,
    baselineDays,
    price: AT_LIST_PRICE,
    customers: sheets.map((sheet) =>
      customerReport(sheet, period, baselineDays.length, (table) => byPlace.get(`${sheet.key}\n${table}`)),
    ),
  };
}

/** A customer's numbers by table and day, in MB. */
interface Sheet {
  readonly key: CustomerKey;
  readonly name: string;
  readonly days: readonly string[];
  readonly workspaces: readonly GatheredWorkspace[];
  readonly gaps: readonly ReportGap[];
  readonly tables: ReadonlyMap<string, { readonly all: number[]; readonly billed: number[] }>;
}

function sheetOf(
  { key, name }: Pick<Sheet, 'key' | 'name'>,
  { workspaces: all, gaps: tenants }: Gathered,
  days: readonly string[],
): Sheet {
  const workspaces = all.filter(({ customer }) => customer === key).sort((a, b) => compare(a.name, b.name));
  const at = new Map(days.map((day, place) => [day, place]));
  const tables = new Map<string, { all: number[]; billed: number[] }>();
  for (const { volume } of workspaces)
    for (const { day, table, billable, megabytes } of volume.rows) {
      const place = at.get(day);
      if (place === undefined) continue;
      let sums = tables.get(table);
      if (!sums) tables.set(table, (sums = { all: days.map(() => 0), billed: days.map(() => 0) }));
      sums.all[place]! += megabytes;
      if (billable) sums.billed[place]! += megabytes;
    }
  const gaps = [
    ...tenants
      .filter(({ customer }) => customer === key)
      .map(({ of, reason }): ReportGap => ({ of, part: 'everything', reason })),
    ...workspaces.flatMap(gapsOf),
  ];
  return { key, name, days, workspaces, gaps, tables };
}

/** One line for a workspace that tells nothing for one reason. */
function gapsOf({ name: of, volume, machines, caps }: GatheredWorkspace): readonly ReportGap[] {
  const parts = [
    ['volume', volume.reason],
    ['machines', machines.reason],
    ['caps', caps.reason],
  ] as const;
  const [[, first]] = parts;
  if (first !== undefined && parts.every(([, reason]) => reason === first))
    return [{ of, part: 'everything', reason: first }];
  return parts.flatMap(([part, reason]): ReportGap[] => (reason === undefined ? [] : [{ of, part, reason }]));
}

/** What can be compared: nothing of a customer of whom days or workspaces are missing. */
function seriesOf({ key, tables, gaps, workspaces, days }: Sheet, whole: number): readonly TableSeries[] {
  if (gaps.some(({ part }) => part === 'everything' || part === 'volume')) return [];
  const since = workspaces.flatMap(({ knownFrom }) => (knownFrom === undefined ? [] : [knownFrom])).sort();
  const known = since.length === 0 ? 0 : days.filter((day) => day < since.at(-1)!).length;
  return [...tables].map(([table, { all }]) => ({
    customer: key,
    table,
    values: all.slice(0, whole).map(gigabytes),
    knownFrom: known,
  }));
}

function customerReport(
  { key, name, days, workspaces, gaps, tables }: Sheet,
  period: ReportPeriod,
  baseline: number,
  find: (table: string) => Comparison | undefined,
): CustomerReport {
  const made = [...tables]
    .map(([table, { all, billed }]) => {
      const compared = find(table);
      const billedGb = gigabytes(sum(billed.slice(baseline)));
      return {
        table,
        gb: gigabytes(sum(all.slice(baseline))),
        billedGb,
        cost: byTheGb(billedGb),
        series: all.map(gigabytes),
        ...(compared ? { compared } : {}),
      };
    })
    .filter(({ gb, compared }) => gb > 0 || (compared?.expectedGb ?? 0) > 0)
    .sort((a, b) => b.gb - a.gb || compare(a.table, b.table));
  const comparable = made.flatMap(({ compared }) => (compared ? [compared] : []));
  const columns = [...tables.values()];
  const billedGb = sum(made.map((one) => one.billedGb));
  return {
    key,
    name,
    workspaces: workspaces.length,
    gaps,
    unknown:
      gaps.length > 0 && workspaces.every(({ volume }) => volume.reason !== undefined && volume.rows.length === 0),
    gb: sum(made.map((one) => one.gb)),
    billedGb,
    cost: byTheGb(billedGb),
    ...(comparable.length > 0
      ? {
          compared: {
            gb: sum(comparable.map((one) => one.gb)),
            expectedGb: sum(comparable.map((one) => one.expectedGb)),
          },
        }
      : {}),
    days: days.map((day, at) => ({
      day,
      gb: gigabytes(sum(columns.map(({ all }) => all[at]!))),
      billedGb: gigabytes(sum(columns.map(({ billed }) => billed[at]!))),
    })),
    tables: made,
    changes: made
      .flatMap(({ table, compared }) => (compared && isChange(compared) ? [{ table, ...compared }] : []))
      .sort((a, b) => difference(b) - difference(a) || compare(a.table, b.table)),
    silent: [...silentMachines(workspaces, period), ...workspaces.flatMap((one) => silentTables(one, period))],
    capHits: workspaces.flatMap(({ name: workspace, caps }) =>
      caps.rows.map(({ day, first }) => ({ workspace, day, first })),
    ),
  };
}

function isChange(one: Comparison): boolean {
  return one.unusualDays.length > 0 && difference(one) >= Math.max(LEAST_GB, LEAST_SHARE * one.expectedGb);
}

function difference({ gb, expectedGb }: Comparison): number {
  return Math.abs(gb - expectedGb);
}

/** GB of 1,000 MB, as they are billed; to the byte, so that the order of a sum is not seen in it. */
function gigabytes(megabytes: number): number {
  return Math.round(megabytes * 1e6) / 1e9;
}

function sum(values: readonly number[]): number {
  return Math.round(values.reduce((total, value) => total + value, 0) * 1e9) / 1e9;
}

/** By code unit, the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
