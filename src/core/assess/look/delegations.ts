import type { DelegatedRole, DelegationFact, Measurement } from '../../../model/assessment/facts.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { Found, Judgement } from '../checks/check.ts';
import { known } from '../checks/check.ts';
import { unreached } from './overWorkspaces.ts';

/** One offer as the customer accepted it: on one or more of its subscriptions and groups. */
export interface Delegation {
  readonly offer: string;
  readonly roles: readonly (DelegatedRole & { readonly wholeSubscription: boolean })[];
  /** ARM ids in lower case. */
  readonly scopes: readonly string[];
  /** The scopes that are whole subscriptions. */
  readonly subscriptions: readonly string[];
  readonly measured: Measurement;
}

/**
 * Judges every delegation of the customer's tenants. The same offer of the same manager on several subscriptions is one
 * delegation.
 */
export function overDelegations(
  customer: CustomerFacts,
  look: (delegation: Delegation, subject: FindingSubject) => Found | void,
): Judgement {
  const unknown: Unknown[] = unreached(customer, 'delegations');
  const findings: Found[] = [];
  let looked = unknown.length > 0;
  for (const { name, facts } of customer.tenants) {
    if (!facts) continue;
    const delegations = known(facts.delegations, 'delegations', { kind: 'tenant', name }, unknown) ?? [];
    for (const delegation of toDelegations(delegations, facts.delegations)) {
      looked = true;
      findings.push(...[look(delegation, { kind: 'delegation', name: delegation.offer }) ?? []].flat());
    }
  }
  return {
    findings,
    unknown,
    ...(looked || unknown.length > 0 ? {} : { notApplicable: 'Nothing of it is delegated with Azure Lighthouse.' }),
  };
}

function toDelegations(facts: readonly DelegationFact[], measured: Measurement): readonly Delegation[] {
  const byOffer = new Map<string, DelegationFact[]>();
  for (const fact of facts) {
    const key = JSON.stringify([fact.managedBy, fact.offer]);
    byOffer.set(key, [...(byOffer.get(key) ?? []), fact]);
  }
  return [...byOffer.values()].map((same) => ({
    offer: same[0]!.offer,
    roles: same.flatMap((fact) => fact.roles.map((role) => ({ ...role, wholeSubscription: isWhole(fact) }))),
    scopes: same.map(({ scope }) => scope),
    subscriptions: same.filter(isWhole).map(({ scope }) => scope),
    measured,
  }));
}

function isWhole({ scope }: DelegationFact): boolean {
  return /^\/subscriptions\/[^/]+\/?$/.test(scope);
}
