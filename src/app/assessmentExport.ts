import { AppError } from '../base/errors.ts';
import { ALL_CHECKS } from '../core/assess/checks/allChecks.ts';
import { findProvider } from '../core/assess/attribution.ts';
import { customerCopy } from '../core/assess/customerCopy.ts';
import type { Assessment, AssessmentDifference } from '../model/assessment/assessment.ts';
import type { Estate } from '../model/estate.ts';
import type { CustomerKey } from '../model/ids.ts';

/** A report to write: its form, and of which customer; of all of them, for the provider, where none is named. */
export interface ReportRequest {
  readonly format: 'html' | 'md' | 'json' | 'sarif';
  readonly customer?: CustomerKey;
  readonly difference?: AssessmentDifference;
  /** The product's version. */
  readonly version: string;
}

/**
 * The text of a report. One customer's is always the copy that may go there: it holds nothing of anybody else. Rejects
 * with `input.unknownCustomer`.
 */
export async function exportAssessment(
  assessment: Assessment,
  estate: Estate,
  { format, customer: key, difference, version }: ReportRequest,
): Promise<string> {
  if (key === undefined) return writeAll(assessment, format, version, difference);
  const found = assessment.customers.find((one) => one.key === key);
  if (!found) throw new AppError('input.unknownCustomer', 'This assessment does not have that customer.');
  const copy = customerCopy(assessment, found, namesFor(key, assessment, estate));
  switch (format) {
    case 'html':
      return (await import('../report/toHtml.ts')).customerHtml(copy.assessment, copy.customer);
    case 'md':
      return (await import('../report/markdown.ts')).customerMarkdown(copy.assessment, copy.customer);
    case 'json':
    case 'sarif':
      return writeAll(copy.assessment, format, version);
  }
}

async function writeAll(
  assessment: Assessment,
  format: ReportRequest['format'],
  version: string,
  difference?: AssessmentDifference,
): Promise<string> {
  switch (format) {
    case 'html':
      return (await import('../report/toHtml.ts')).estateHtml(assessment, difference);
    case 'md':
      return (await import('../report/markdown.ts')).estateMarkdown(assessment);
    case 'json':
      return `${JSON.stringify(assessment, undefined, 2)}\n`;
    case 'sarif': {
      const { assessmentSarif } = await import('../report/sarif.ts');
      return `${JSON.stringify(assessmentSarif(assessment, version, ALL_CHECKS), undefined, 2)}\n`;
    }
  }
}

/**
 * Names that a customer's copy must not hold: the provider's workspaces, and what every other customer of the estate is
 * called and has, whether it was assessed or not. A name that is a part of the customer's own is its own.
 */
function namesFor(
  key: CustomerKey,
  assessment: Assessment,
  estate: Estate,
): { readonly provider: readonly string[]; readonly others: readonly string[] } {
  const isOwn = ({ customer }: { readonly customer: CustomerKey }): boolean => customer === key;
  const mine = [
    key,
    ...[...assessment.customers, ...estate.customers].filter((one) => one.key === key).map(({ name }) => name),
    ...estate.workspaces.filter(isOwn).flatMap(({ name, armId, region }) => [name, armId, region]),
    ...estate.tenants.filter(isOwn).flatMap(({ name, defaultDomain, id }) => [name, defaultDomain ?? id, id]),
  ]
    .join('\n')
    .toLowerCase();
  const foreign = (name: string): boolean => name.length > 2 && !mine.includes(name.toLowerCase());
  const providers = new Set([
    ...findProvider({ estate, entries: [] }).customers,
    ...[...estate.customers, ...assessment.customers].flatMap((one) => (one.provider === true ? [one.key] : [])),
  ]);
  const workspaces = (provider: boolean): string[] =>
    estate.workspaces
      .filter((one) => !isOwn(one) && providers.has(one.customer) === provider)
      .flatMap(({ name, key: id, guid }) => [name, id, guid]);
  const isOther = (customer: CustomerKey): boolean => customer !== key && !providers.has(customer);
  return {
    provider: workspaces(true).filter(foreign),
    others: [
      ...workspaces(false),
      ...[...estate.customers, ...assessment.customers]
        .filter((one) => isOther(one.key))
        .flatMap((one) => [one.name, one.key]),
      ...estate.tenants
        .filter(({ customer }) => isOther(customer))
        .flatMap(({ name, defaultDomain, id }) => [name, defaultDomain ?? id, id]),
      ...estate.workspaces.filter(({ customer }) => isOther(customer)).map(({ subscription }) => subscription),
    ].filter(foreign),
  };
}
