import type { CustomerAssessment } from '../model/assessment/assessment.ts';
import { SEVERITIES } from '../model/assessment/findings.ts';
import type { Severity } from '../model/assessment/findings.ts';
import type { Architecture, TodayState } from '../model/assessment/verdict.ts';

/** Which customers of an estate are shown; everything absent lets all pass. */
export interface EstateFilter {
  readonly today?: TodayState;
  readonly fits?: Architecture | 'unknown';
  /** The worst finding; `none` for those without any. */
  readonly worst?: Severity | 'none';
  /** A part of the name, a group or the line of why, in any case. */
  readonly text?: string;
}

/** Whether a customer passes. */
export function passes(filter: EstateFilter, customer: CustomerAssessment): boolean {
  const { today, fits, worst, text } = filter;
  const wanted = text?.trim().toLowerCase() ?? '';
  return (
    (today === undefined || customer.today.state === today) &&
    (fits === undefined || (customer.fit.best ?? 'unknown') === fits) &&
    (worst === undefined || worstOf(customer) === worst) &&
    (wanted === '' ||
      [customer.name, customer.why, ...customer.groups].some((one) => one.toLowerCase().includes(wanted)))
  );
}

/** Whether the filter leaves anybody out. */
export function isFiltering({ today, fits, worst, text }: EstateFilter): boolean {
  return today !== undefined || fits !== undefined || worst !== undefined || (text ?? '').trim() !== '';
}

/** The worst severity of a customer's findings. */
export function worstOf({ findings }: CustomerAssessment): Severity | 'none' {
  return SEVERITIES.find((severity) => findings.some((one) => one.severity === severity)) ?? 'none';
}

/**
 * Those who need the provider first: by worst finding, then by how much better the best fit is than today's, then by
 * name. Who could not be assessed stands above everything.
 */
export function byNeed(a: CustomerAssessment, b: CustomerAssessment): number {
  const rank = (one: CustomerAssessment): number => [...SEVERITIES, 'none'].indexOf(worstOf(one));
  return (
    Number(a.assessed) - Number(b.assessed) ||
    rank(a) - rank(b) ||
    distance(b) - distance(a) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
}

/** Points between the best fit and today's architecture; 0 where today is no architecture. */
export function distance({ fit, today }: CustomerAssessment): number {
  const { scores, best } = fit;
  if (!scores || !best) return 0;
  return today.state in scores ? scores[best] - scores[today.state as Architecture] : 0;
}
