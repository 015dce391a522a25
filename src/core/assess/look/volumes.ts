import type { UsageFact } from '../../../model/assessment/facts.ts';
import type { WorkspaceTable } from '../../../model/estate.ts';

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** Tables that the service writes by itself: rows there are no sign that anything is collected. */
const OF_THE_SERVICE: ReadonlySet<string> = new Set(['Usage', 'Operation']);

/** Tables that received anything in the days the fact covers, without those the service fills by itself. Sorted. */
export function tablesWithData({ volumes, last }: UsageFact): readonly string[] {
  const names = new Set([...volumes.filter(({ gb }) => gb > 0).map(({ table }) => table), ...Object.keys(last)]);
  return [...names].filter((table) => !OF_THE_SERVICE.has(table)).sort();
}

/** Whether the workspace received anything in the days the fact covers. */
export function hasData(usage: UsageFact): boolean {
  return tablesWithData(usage).length > 0;
}

/** Billed GB a day on average over the days the fact covers. */
export function billedPerDay({ volumes, days }: UsageFact, except: ReadonlySet<string> = new Set()): number {
  const billed = volumes.filter(({ billable, table }) => billable && !except.has(table));
  return days > 0 ? billed.reduce((sum, { gb }) => sum + gb, 0) / days : 0;
}

/** Tables whose plan has a price of its own, so that they count towards no commitment. */
export function withOwnPrice(tables: readonly WorkspaceTable[]): ReadonlySet<string> {
  return new Set(tables.filter(({ plan }) => plan !== 'Analytics').map(({ name }) => name));
}

/** A table's baseline and its silence. Times are milliseconds since 1970. */
export interface TableRhythm {
  readonly table: string;
  readonly last: number;
  /** Full days from its first one in the fact to the day before its last row, and on how many of them it had data. */
  readonly fullDays: number;
  readonly withData: number;
}

/** How regularly each table received something before its last row. */
export function rhythms(usage: UsageFact): readonly TableRhythm[] {
  const daysOf = new Map<string, number[]>();
  for (const { table, day, gb } of usage.volumes)
    if (gb > 0) daysOf.set(table, [...(daysOf.get(table) ?? []), Date.parse(`${day}T00:00:00Z`)]);
  return tablesWithData(usage).map((table) => {
    const days = daysOf.get(table) ?? [];
    const told = usage.last[table];
    // Without the time of its last row, the latest it can have been: the end of its last day.
    const last = told === undefined ? Math.max(...days) + DAY : Date.parse(told);
    const lastDay = Math.floor(last / DAY) * DAY;
    const before = new Set(days.filter((day) => day < lastDay));
    const fullDays = before.size === 0 ? 0 : Math.round((lastDay - Math.min(...before)) / DAY);
    return { table, last, fullDays, withData: before.size };
  });
}
