import { cutEstate } from '../../src/core/assess/customerFacts.ts';
import type { AssessScope, EstateFacts } from '../../src/core/assess/estateFacts.ts';
import type { CustomerFacts } from '../../src/model/assessment/subject.ts';

/** All pieces of an estate at once. */
export function toCustomerFacts(scope: AssessScope, measured: EstateFacts): readonly CustomerFacts[] {
  return [...cutEstate(scope, measured)];
}
