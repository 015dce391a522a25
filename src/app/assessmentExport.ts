import { AppError } from '../base/errors.ts';
import { ALL_CHECKS } from '../core/assess/checks/allChecks.ts';
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
 * Names that a customer's copy must not hold: the provider's workspaces, and what every other customer is called and
 * has. A name that is a part of the customer's own is its own.
 */
function namesFor(
  key: CustomerKey,
  assessment: Assessment,
  estate: Estate,
): { readonly provider: readonly string[]; readonly others: readonly string[] } {
  const own = estate.workspaces.filter(({ customer }) => customer === key);
  const me = assessment.customers.find((one) => one.key === key);
  const mine = [me?.name ?? '', key, ...own.flatMap(({ name, armId, region }) => [name, armId, region])]
    .join('\n')
    .toLowerCase();
  const foreign = (name: string): boolean => name.length > 2 && !mine.includes(name.toLowerCase());
  const providers = new Set(assessment.customers.filter(({ provider }) => provider).map((one) => one.key));
  const names = (provider: boolean): string[] => [
    ...estate.workspaces
      .filter(({ customer }) => customer !== key && providers.has(customer) === provider)
      .flatMap(({ name, key: id, guid }) => [name, id, guid]),
    ...assessment.customers
      .filter((one) => one.key !== key && providers.has(one.key) === provider)
      .flatMap((one) => [one.name, one.key]),
  ];
  return { provider: names(true).filter(foreign), others: names(false).filter(foreign) };
}
