import { renderToString } from 'preact-render-to-string';
import type { Assessment, AssessmentDifference, CustomerAssessment } from '../model/assessment/assessment.ts';
import { customerPage, estatePage } from './documents.tsx';
import type { VNode } from './draw.ts';
import { notebookPage } from './notebook/notebookPage.tsx';
import type { NotebookReport } from './notebook/notebookReport.ts';
import { plainText } from './plainText.ts';
import type { Report } from '../model/report.ts';
import { summaryPage } from './summary/summaryPage.tsx';
import type { LinkOf } from './summary/linkOf.ts';

/**
 * A self-contained HTML file for one customer: no script, nothing fetched, everything open. Give it the customer's copy
 * (`customerCopy`), for everything in the data is in the file.
 */
export function customerHtml(assessment: Assessment, customer: CustomerAssessment): string {
  return documentOf(customerPage(assessment, customer));
}

/** The whole estate as one file for the provider: the estate's page, then every customer's. */
export function estateHtml(assessment: Assessment, difference?: AssessmentDifference): string {
  return documentOf(estatePage(assessment, difference));
}

/** A notebook that was run, its answers in it, as one file. */
export function notebookHtml(report: NotebookReport): string {
  return documentOf(notebookPage(report));
}

/**
 * A daily or monthly report as one file: of the estate, with a link to each customer's, where `linkOf` is given, else
 * of its one customer. Give it the customer's copy (`reportCopy`), for everything in the data is in the file.
 */
export function summaryHtml(report: Report, linkOf?: LinkOf): string {
  return documentOf(summaryPage(report, linkOf));
}

/** A bare carriage return is a line break to browsers and to nobody else. */
function documentOf(page: VNode): string {
  return `<!DOCTYPE html>\n${plainText(renderToString(page)).replace(/\r\n?/g, '\n')}\n`;
}
