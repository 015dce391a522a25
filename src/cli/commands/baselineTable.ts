import type { DriftReport } from '../../model/drift.ts';
import { differenceText, settingText, sinceText } from '../../model/driftTexts.ts';

/** A check of the baseline as a table, and what its numbers in brackets stand for. */
export interface DriftTable {
  readonly rows: readonly (readonly string[])[];
  /** `[1] why`, each reason once however many lines have it. */
  readonly notes: readonly string[];
}

/** Heads of `driftTable`'s columns. */
export const DRIFT_COLUMNS: readonly string[] = ['Customer', 'Severity', 'Where', 'Setting', 'Difference', 'Since'];

/** What differs, then what could not be read. What a service refused is long, and often the same for many. */
export function driftTable({ drift, unknown }: Pick<DriftReport, 'drift' | 'unknown'>): DriftTable {
  const reasons: string[] = [];
  const note = (reason: string): string => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return `[${reasons.indexOf(reason) + 1}]`;
  };
  const rows = [
    ...drift.map((one) => [
      one.customerName,
      one.severity,
      one.where,
      settingText(one),
      differenceText(one),
      one.since?.state === 'unknown' ? `${sinceText(one)} ${note(one.since.reason)}` : sinceText(one),
    ]),
    ...unknown.map(({ customerName, where, error, ...one }) => [
      customerName,
      'not read',
      where,
      settingText(one),
      note(error.message),
      '',
    ]),
  ];
  return { rows, notes: reasons.map((reason, i) => `[${i + 1}] ${reason}`) };
}
