/** @jsxRuntime automatic @jsxImportSource preact */
import type { Assessment, AssessmentDifference, CustomerAssessment } from '../model/assessment/assessment.ts';
import { CustomerView } from './customerView.tsx';
import type { VNode } from './draw.ts';
import { EstateView } from './estateView.tsx';
import { PAPER_CSS, REPORT_CSS } from './styles.ts';

/**
 * One customer's page as a document: no script, nothing fetched, its findings open. Give it the customer's copy
 * (`customerCopy`), for everything in the data is in the file.
 */
export function customerPage(assessment: Assessment, customer: CustomerAssessment): VNode {
  // Where nothing is wrong five lines say so: the rest opens, and is open in print.
  const open = customer.findings.length > 0;
  return page(
    `Architecture fit: ${customer.name}`,
    <CustomerView assessment={assessment} customer={customer} open={open} />,
  );
}

/** The whole estate as one document for the provider: the estate's page, then every customer's. */
export function estatePage(assessment: Assessment, difference?: AssessmentDifference): VNode {
  return page(
    'Architecture fit',
    <>
      <EstateView assessment={assessment} difference={difference} />
      {assessment.customers.map((one) => (
        <CustomerView key={one.key} assessment={assessment} customer={one} />
      ))}
    </>,
  );
}

/** The document around a page: its policy forbids scripts and anything from elsewhere. */
function page(title: string, body: VNode): VNode {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: `${PAPER_CSS}${REPORT_CSS}` }} />
      </head>
      <body>
        <main>{body}</main>
      </body>
    </html>
  );
}
