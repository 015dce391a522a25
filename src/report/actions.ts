import type { CustomerKey } from '../model/ids.ts';
import type { FactSource } from '../model/assessment/facts.ts';
import type { Finding, FindingAction } from '../model/assessment/findings.ts';
import type { EstateFilter } from './estateFilter.ts';

/**
 * What a reader can do on a live page. A page on paper or in a file has none of it, and then shows no button at all.
 */
export interface ReportActions {
  readonly openCustomer: (customer: CustomerKey) => void;
  readonly openEstate: () => void;
  /** Shows what gave a fact: the query in an editor with its scope, or the call and its row. */
  readonly openSource: (source: FactSource) => void;
  readonly act: (action: FindingAction, finding: Finding) => void;
  readonly copyMessage: (text: string) => void;
  readonly filter: (filter: EstateFilter) => void;
}
