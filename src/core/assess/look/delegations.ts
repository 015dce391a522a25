import type { DelegatedRole, DelegationFact, Measurement } from '../../../model/assessment/facts.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { Found, Judgement } from '../checks/check.ts';
import { known } from '../checks/check.ts';
import { unreached } from './overWorkspaces.ts';

/** One offer as the customer accepted it: on one or more subscriptions and groups, in any of its tenants. */
export interface Delegation {
  readonly offer: string;
  readonly roles: readonly (DelegatedRole & { readonly wholeSubscription: boolean })[];
  /** The roles of each of its scopes, in their order. */
  readonly each: readonly (readonly DelegatedRole[])[];
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
  const told = customer.tenants.flatMap(({ name, facts }): Told[] => {
    if (!facts) return [];
    const delegations = known(facts.delegations, 'delegations', { kind: 'tenant', name }, unknown) ?? [];
    return delegations.map((fact) => ({ fact, measured: facts.delegations }));
  });
  const findings = toDelegations(told).flatMap(
    (delegation) => look(delegation, { kind: 'delegation', name: delegation.offer }) ?? [],
  );
  const nothing = told.length === 0 && unknown.length === 0;
  return {
    findings,
    unknown,
    ...(nothing ? { notApplicable: 'Nothing of it is delegated with Azure Lighthouse.' } : {}),
  };
}

interface Told {
  readonly fact: DelegationFact;
  readonly measured: Measurement;
}

function toDelegations(told: readonly Told[]): readonly Delegation[] {
  const byOffer = new Map<string, Told[]>();
  for (const one of told) {
    const key = JSON.stringify([one.fact.managedBy, one.fact.offer]);
    byOffer.set(key, [...(byOffer.get(key) ?? []), one]);
  }
  return [...byOffer.values()].map((same) => {
    const facts = same.map(({ fact }) => fact);
    return {
      offer: facts[0]!.offer,
      roles: facts.flatMap((fact) => fact.roles.map((role) => ({ ...role, wholeSubscription: isWhole(fact) }))),
      each: facts.map(({ roles }) => roles),
      scopes: facts.map(({ scope }) => scope),
      subscriptions: facts.filter(isWhole).map(({ scope }) => scope),
      measured: same[0]!.measured,
    };
  });
}

function isWhole({ scope }: DelegationFact): boolean {
  return /^\/subscriptions\/[^/]+\/?$/.test(scope);
}
