/** @jsxRuntime automatic @jsxImportSource preact */
import { renderToString } from 'preact-render-to-string';
import type { Assessment, AssessmentDifference, CustomerAssessment } from '../model/assessment/assessment.ts';
import { CustomerView } from './customerView.tsx';
import type { VNode } from './draw.ts';
import { EstateView } from './estateView.tsx';
import { PAPER_CSS, REPORT_CSS } from './styles.ts';

/**
 * A self-contained HTML file for one customer: no script, nothing fetched, everything open. Give it the customer's copy
 * (`customerCopy`), for everything in the data is in the file.
 */
export function customerHtml(assessment: Assessment, customer: CustomerAssessment): string {
  return page(`Architecture fit: ${customer.name}`, <CustomerView assessment={assessment} customer={customer} open />);
}

/** The whole estate as one file for the provider: the estate's page, then every customer's. */
export function estateHtml(assessment: Assessment, difference?: AssessmentDifference): string {
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

function page(title: string, body: VNode): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return `<!DOCTYPE html>
${renderToString(
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
  </html>,
)}
`;
}
