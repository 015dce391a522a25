import { AppError } from '../base/errors.ts';
import { ALL_CHECKS } from '../core/assess/checks/allChecks.ts';
import { hiddenNames } from '../core/assess/copy/hiddenNames.ts';
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
  const copy = customerCopy(assessment, found, hiddenNames(key, assessment, estate));
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
      return jsonText(assessment);
    case 'sarif': {
      const { assessmentSarif } = await import('../report/sarif.ts');
      return jsonText(assessmentSarif(assessment, version, ALL_CHECKS));
    }
  }
}

/** JSON of which no character steers a terminal: such ones are escaped, as JSON may. */
async function jsonText(value: object): Promise<string> {
  const { plainText } = await import('../report/plainText.ts');
  return `${plainText(JSON.stringify(value, undefined, 2))}\n`;
}
