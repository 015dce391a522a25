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

/**
 * Billed GB on an average full day: from the workspace's first day in the fact to its last one, both of which are
 * partial and count only where there is none between them.
 */
export function billedPerDay({ volumes }: UsageFact, except: ReadonlySet<string> = new Set()): number {
  const days = volumes.map(({ day }) => Date.parse(`${day}T00:00:00Z`));
  if (days.length === 0) return 0;
  const first = days.reduce((a, b) => Math.min(a, b)),
    last = days.reduce((a, b) => Math.max(a, b));
  const full = (last - first) / DAY - 1;
  const counted = (at: number): boolean => full < 1 || (days[at]! > first && days[at]! < last);
  const billed = volumes.filter(({ billable, table }, at) => billable && !except.has(table) && counted(at));
  return billed.reduce((sum, { gb }) => sum + gb, 0) / (full < 1 ? (last - first) / DAY + 1 : full);
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
  const daysOf = new Map<string, Set<number>>();
  for (const { table, day, gb } of usage.volumes) {
    if (gb <= 0) continue;
    const days = daysOf.get(table) ?? new Set();
    daysOf.set(table, days.add(Date.parse(`${day}T00:00:00Z`)));
  }
  return tablesWithData(usage).map((table) => {
    const days = [...(daysOf.get(table) ?? [])].sort((a, b) => a - b);
    const told = usage.last[table];
    // Without the time of its last row, the latest it can have been: the end of its last day.
    const last = told === undefined ? days.at(-1)! + DAY : Date.parse(told);
    const lastDay = Math.floor(last / DAY) * DAY;
    const before = days.filter((day) => day < lastDay);
    const fullDays = before.length === 0 ? 0 : Math.round((lastDay - before[0]!) / DAY);
    return { table, last, fullDays, withData: before.length };
  });
}
