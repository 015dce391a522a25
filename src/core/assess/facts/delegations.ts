import type { DelegationFact } from '../../../model/assessment/facts.ts';
import type { ListFact } from './listFact.ts';

/** Azure Lighthouse delegations of a tenant: one question to Resource Graph per issuer. */
export const delegations: ListFact<'delegations', DelegationFact> = {
  name: 'delegations',
  key: ({ scope, managedBy, offer }) => `${scope} ${managedBy} ${offer}`,
};
