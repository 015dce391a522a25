import type { CustomerAssessment } from '../../model/assessment/assessment.ts';
import type { EstateFilter } from '../../report/estateFilter.ts';

/** Where the page looks: the estate, or one customer; and what the estate's table is filtered by. */
export interface PageState {
  readonly customer?: string;
  readonly filter: EstateFilter;
}

/** What a page kept of where it looked, of which nothing is believed but its texts. */
export function toPageState(kept: Record<string, unknown>): PageState {
  const { customer, text } = kept;
  return {
    ...(typeof customer === 'string' ? { customer } : {}),
    filter: typeof text === 'string' && text !== '' ? { text } : {},
  };
}

/** The whole diagnosis of a customer once it came; it belongs to one assessment. */
export interface LoadedCustomer {
  readonly assessment: string;
  readonly customer: CustomerAssessment;
}
