import type { Assessment, AssessmentDifference } from '../../model/assessment/assessment.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { byNeed } from '../../report/estateFilter.ts';
import { TODAY_WORD, confidenceText, count, countSeverities } from '../../report/words.ts';

/** The table of an assessment: a row for each customer, those who need the provider first. */
export const COLUMNS: readonly Column[] = (
  ['Customer', 'Today', 'Fits', 'Distributed', 'Central', 'Hybrid', 'Findings', 'Confidence', 'Why'] as const
).map((name) => ({ name, type: ['Distributed', 'Central', 'Hybrid'].includes(name) ? 'int' : 'string' }));

/** The rows of `COLUMNS`. */
export function assessmentRows({ customers }: Assessment): Cell[][] {
  return [...customers].sort(byNeed).map((one) => [
    one.name,
    TODAY_WORD[one.today.state],
    one.fit.best ?? (one.assessed ? 'not known' : 'not assessed'),
    one.fit.scores?.distributed ?? null,
    one.fit.scores?.central ?? null,
    one.fit.scores?.hybrid ?? null,
    countSeverities(one.findings)
      .map(({ severity, count: number }) => `${number} ${severity}`)
      .join(', ') || 'none',
    one.assessed ? confidenceText(one.fit) : '',
    one.why,
  ]);
}

/**
 * What is different since an earlier assessment, a line for each. Who is missing now is told only where both were asked
 * of the same.
 */
export function differenceLines(
  { before, appeared, gone, moved, newCustomers, goneCustomers }: AssessmentDifference,
  { customers, scope }: Assessment,
  scopeBefore: string,
): readonly string[] {
  const name = (key: string): string => customers.find((one) => one.key === key)?.name ?? key;
  return [
    `Since ${before}: ${count(appeared.length, 'new finding')}, ${gone.length} gone, ${count(moved.length, 'verdict')} changed.`,
    ...moved.map(
      (one) =>
        `  ${one.name}: ${[one.today && `${one.today.before} became ${one.today.after}`, one.best && `${one.best.before ?? 'unknown'} fitted, now ${one.best.after ?? 'unknown'}`].filter(Boolean).join('; ')}`,
    ),
    ...appeared.map(({ customer, finding }) => `  + ${name(customer)}: ${finding.severity}: ${finding.title}`),
    ...gone.map(({ customer, finding }) => `  - ${name(customer)}: ${finding.severity}: ${finding.title}`),
    ...newCustomers.map((key) => `  ${name(key)}: not assessed then.`),
    ...(scope === scopeBefore && goneCustomers.length > 0
      ? [`  ${count(goneCustomers.length, 'customer')} of then not assessed now: ${goneCustomers.join(', ')}.`]
      : []),
  ];
}
