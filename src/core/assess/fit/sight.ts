import type { CustomerFacts } from '../../../model/assessment/subject.ts';

/** Whether all of its own workspaces are known: every tenant of it was entered. */
export function seesOwn({ tenants }: Pick<CustomerFacts, 'tenants'>): boolean {
  return tenants.every(({ state }) => state === 'entered');
}

/** Whether all of its rows at the provider are known: every workspace there could be looked into. */
export function seesCentres({ unknownCentral }: Pick<CustomerFacts, 'unknownCentral'>): boolean {
  return unknownCentral === 0;
}

/** Whether no place that may hold its logs is closed to us. */
export function seesAll(customer: Pick<CustomerFacts, 'tenants' | 'unknownCentral'>): boolean {
  return seesOwn(customer) && seesCentres(customer);
}
