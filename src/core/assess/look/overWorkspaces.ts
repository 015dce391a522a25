import type { Fact, FactName, Measurement, WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import type { CentralPart, CustomerFacts } from '../../../model/assessment/subject.ts';
import type { Found, Judgement } from '../checks/check.ts';
import { workspaceSubject } from '../checks/subjects.ts';

/** What a check says of one thing: findings, one, or none; what it could not look at goes to `unknown`. */
export type Look<Thing> = (
  thing: Thing,
  subject: FindingSubject,
  unknown: Unknown[],
) => readonly Found[] | Found | void;

/**
 * Judges every workspace in the customer's own tenants. A tenant that could not be entered may hold more of them, so it
 * is unknown; `fact` is what could not be asked there.
 */
export function overOwn(customer: CustomerFacts, fact: FactName, look: Look<WorkspaceFacts>): Judgement {
  const unknown = unreached(customer, fact);
  if (customer.own.length === 0 && unknown.length === 0)
    return { findings: [], unknown, notApplicable: 'It has no workspace of its own.' };
  const findings = customer.own.flatMap((facts) => look(facts, workspaceSubject(facts), unknown) ?? []);
  return { findings, unknown };
}

/** Judges what every shared workspace of the provider holds of the customer. */
export function overParts(customer: CustomerFacts, look: Look<CentralPart>): Judgement {
  const parts = partsOf(customer);
  const unknown = unreadCentres(customer);
  if (parts.length === 0 && unknown.length === 0)
    return { findings: [], unknown, notApplicable: 'None of its logs lie in a workspace of the provider.' };
  const findings = parts.flatMap((part) => look(part, workspaceSubject(part.shared), unknown) ?? []);
  return { findings, unknown };
}

/** Both judgements as one; it has nothing to look at only where neither had. */
export function together(first: Judgement, second: Judgement): Judgement {
  const notApplicable = first.notApplicable && second.notApplicable;
  return {
    findings: [...first.findings, ...second.findings],
    unknown: [...first.unknown, ...second.unknown],
    ...(notApplicable ? { notApplicable } : {}),
  };
}

/** What the provider's workspaces hold of it; a workspace of its own is no centre, though it be the provider's. */
export function partsOf(customer: CustomerFacts): readonly CentralPart[] {
  const own = new Set(customer.own.map(({ workspace }) => workspace.key));
  return customer.central.filter(({ shared }) => !own.has(shared.workspace.key));
}

/** Its tenants that nobody could enter, as what is unknown of them. */
export function unreached(customer: CustomerFacts, fact: FactName): Unknown[] {
  return customer.tenants
    .filter(({ state }) => state !== 'entered')
    .map(({ name, error }) => ({
      subject: { kind: 'tenant', name },
      fact,
      error: error ?? {
        code: 'access.notInTenant',
        message: `The tenant ${name} could not be entered.`,
        retryable: false,
      },
    }));
}

/** Workspaces of the provider that could not be looked into and may hold rows of the customer. */
export function unreadCentres(customer: CustomerFacts): Unknown[] {
  const many = customer.unknownCentral;
  if (many === 0 || customer.provider) return [];
  const which = many === 1 ? 'A workspace of the provider' : `${many} workspaces of the provider`;
  return [
    {
      subject: { kind: 'customer', name: customer.customer.name },
      fact: 'attribution',
      error: {
        code: 'access.unreadCentre',
        message: `${which} could not be looked into, so nobody knows whether rows of ${customer.customer.name} lie there.`,
        retryable: false,
      },
    },
  ];
}

/** The value of a fact where it is known, without a word where it is not. */
export function valueOf<V>(fact: Fact<V>): V | undefined {
  return fact.state === 'known' ? fact.value : undefined;
}

/** Where what the estate's own picture says comes from. */
export function seen(customer: CustomerFacts): Measurement {
  return { source: { kind: 'estate' }, at: customer.at, ms: 0, calls: 0 };
}

/** Where what a field of the customers file says comes from. */
export function declaredIn(customer: CustomerFacts, field: string): Measurement {
  return { source: { kind: 'declared', field: `declared.${field}` }, at: customer.at, ms: 0, calls: 0 };
}

/** The customer itself as what a finding is about. */
export function customerSubject({ customer }: CustomerFacts): FindingSubject {
  return { kind: 'customer', name: customer.name };
}
