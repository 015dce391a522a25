import { renderToString } from 'preact-render-to-string';
import type { Assessment, AssessmentDifference, CustomerAssessment } from '../model/assessment/assessment.ts';
import { customerPage, estatePage } from './documents.tsx';

/**
 * A self-contained HTML file for one customer: no script, nothing fetched, everything open. Give it the customer's copy
 * (`customerCopy`), for everything in the data is in the file.
 */
export function customerHtml(assessment: Assessment, customer: CustomerAssessment): string {
  return `<!DOCTYPE html>\n${renderToString(customerPage(assessment, customer))}\n`;
}

/** The whole estate as one file for the provider: the estate's page, then every customer's. */
export function estateHtml(assessment: Assessment, difference?: AssessmentDifference): string {
  return `<!DOCTYPE html>\n${renderToString(estatePage(assessment, difference))}\n`;
}
