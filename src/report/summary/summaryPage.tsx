/** @jsxRuntime automatic @jsxImportSource preact */
import type { Report } from '../../model/report.ts';
import { documentPage } from '../documentPage.tsx';
import type { VNode } from '../draw.ts';
import { CustomerSummary } from './customerSummary.tsx';
import { EstateSummary } from './estateSummary.tsx';
import type { LinkOf } from './linkOf.ts';
import { SUMMARY_CSS } from './summaryStyles.ts';
import { periodText } from './summaryWords.ts';

/** A report as a document: of the estate where `linkOf` is given, else of its one customer. */
export function summaryPage(report: Report, linkOf?: LinkOf): VNode {
  const [first] = report.customers;
  const title = linkOf ? 'Logs of all customers' : `Logs of ${first!.name}`;
  return documentPage(
    `${title}, ${periodText(report)}`,
    linkOf ? <EstateSummary report={report} linkOf={linkOf} /> : <CustomerSummary report={report} customer={first!} />,
    SUMMARY_CSS,
  );
}
