import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { ClaimHere, TodayState } from '../../../model/assessment/verdict.ts';
import CLAIMS from './claims.json' with { type: 'json' };
import { HERE } from './claimsHere.ts';

/** One row of the table of claims (`claims.json`). `here` names who judges it at a customer. */
export type Claim = Omit<ClaimHere, 'here'> & { readonly here: string };

/** The three architectures and their consequences: what the guidance of 2019 said, what holds today, and the source. */
export const ALL_CLAIMS: readonly Claim[] = CLAIMS as readonly Claim[];

/** The comparison for one customer: every claim, and whether it is so there. */
export function compareHere(customer: CustomerFacts, today: TodayState): readonly ClaimHere[] {
  return ALL_CLAIMS.map(({ here, ...claim }) => ({
    ...claim,
    here: HERE[here]?.(customer, today) ?? { state: 'unknown', text: 'Nobody judges this claim' },
  }));
}
