import { AppError } from '../../base/errors.ts';
import type { ReportKind, ReportPeriod } from '../../model/report.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Usage is written hours after the fact: so long after its end a day is taken for settled. */
const SETTLED_AFTER = 3 * HOUR;

/** Days before the period that it is compared with: four weeks, each day of the week four times. */
export const BASELINE_DAYS = 28;

/**
 * The day or month (UTC) that `date` names, the last one that is over where it is absent. Throws `input.usage` for what
 * is no date, and for one that has not begun.
 */
export function periodOf(kind: ReportKind, date: string | undefined, now: number): ReportPeriod {
  const [from, to] = kind === 'daily' ? dayOf(date, now) : monthOf(date, now);
  const label = day(from).slice(0, kind === 'daily' ? 10 : 7);
  if (from >= now) throw new AppError('input.usage', `${label} has not begun yet (days are those of UTC).`);
  const until = Math.min(to, now);
  const days = daysBetween(from, until);
  const wholeDays = days.filter((one) => Date.parse(one) + DAY + SETTLED_AFTER <= now).length;
  return { kind, label, from: iso(from), to: iso(to), until: iso(until), days, wholeDays };
}

/** The days before a period that it is compared with, in their order. */
export function baselineOf({ from }: Pick<ReportPeriod, 'from'>): readonly string[] {
  const end = Date.parse(from);
  return daysBetween(end - BASELINE_DAYS * DAY, end);
}

/** Up to when what is said of a period has come in. */
export function settledAt({ until }: Pick<ReportPeriod, 'until'>): number {
  return Date.parse(until) + SETTLED_AFTER;
}

/** The days (`YYYY-MM-DD`) that begin from `from`, a midnight, to before `to`. */
export function daysBetween(from: number, to: number): readonly string[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / DAY)) }, (_, i) => day(from + i * DAY));
}

function dayOf(date: string | undefined, now: number): readonly [number, number] {
  const from = date === undefined ? Math.floor(now / DAY) * DAY - DAY : midnight(date, date, 'a day, 2026-11-28');
  return [from, from + DAY];
}

function monthOf(date: string | undefined, now: number): readonly [number, number] {
  const today = new Date(now);
  const first =
    date === undefined
      ? Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1)
      : midnight(/^\d{4}-\d\d$/.test(date) ? `${date}-01` : date, date, 'a month, 2026-11');
  const at = new Date(first);
  const from = Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
  return [from, Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1)];
}

/** The midnight of a day that there is: not of 30 February, which would be one in March. */
function midnight(text: string, said: string, wanted: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || day(at) !== text)
    throw new AppError('input.usage', `The date of a report is ${wanted}, not "${said.slice(0, 40)}".`);
  return at;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function day(at: number): string {
  return iso(at).slice(0, 10);
}
