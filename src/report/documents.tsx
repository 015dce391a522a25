/** @jsxRuntime automatic @jsxImportSource preact */
import type { Assessment, AssessmentDifference, CustomerAssessment } from '../model/assessment/assessment.ts';
import { CustomerView } from './customerView.tsx';
import { documentPage as page } from './documentPage.tsx';
import type { VNode } from './draw.ts';
import { EstateView } from './estateView.tsx';

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
