import type { Architecture, TodayState } from '../../model/assessment/verdict.ts';
import { customerAnswers } from './answers/customerAnswers.ts';
import { hasData, ownAnswers } from './answers/ownAnswers.ts';
import { sharedAnswers } from './answers/sharedAnswers.ts';
import { line, type SharedWorkspace, type Subject } from './answers/subject.ts';
import { madeTables, OFFER, type CustomerPlan, type TenantPlan } from './estatePlan.ts';

/** What an assessment has to say of one customer. */
export interface CustomerAnswer {
  readonly today: TodayState;
  /** Absent where nothing may be expected: who cannot be entered, who declared nothing plain, the provider itself. */
  readonly best?: Architecture;
  /** `check:subject:severity`, sorted; one that is there twice is found twice. */
  readonly findings: readonly string[];
}

/** What an assessment has to say of an estate, by customer key. */
export interface AnswerKey {
  readonly customers: Readonly<Record<string, CustomerAnswer>>;
}

/**
 * Who looks: `engineer` is a person, a guest in some tenants and kept out where more factors are asked for;
 * `automation` is an application, which no tenant asks for those and which is nobody's guest.
 */
export type Visitor = 'engineer' | 'automation';

/**
 * What an assessment finds in an estate of these plans, by the rules of the checks and from the plans alone. Throws an
 * Error where a plan is too near to a limit to say.
 */
export function answerKey(customers: readonly CustomerPlan[], as: Visitor = 'engineer'): AnswerKey {
  const subjects = customers.map((customer) => toSubject(customer, customers, as === 'engineer'));
  return {
    customers: Object.fromEntries(
      subjects
        .map((subject) => [subject.customer.key, toAnswer(subject)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

function isEntered(tenant: TenantPlan, person: boolean): boolean {
  if (tenant.access === 'none') return false;
  return !(person && tenant.mfaRequired && tenant.access === 'guest');
}

function toSubject(customer: CustomerPlan, all: readonly CustomerPlan[], person: boolean): Subject {
  const entered = customer.tenants.filter((tenant) => isEntered(tenant, person));
  const reachable = all
    .flatMap(({ tenants }) => tenants)
    .filter((tenant) => isEntered(tenant, person))
    .flatMap(({ workspaces }) => workspaces.filter(({ softDeleted }) => !softDeleted));
  return {
    customer,
    person,
    provider: customer.provider ?? false,
    entered,
    closed: customer.tenants.filter((tenant) => !isEntered(tenant, person)),
    own: entered.flatMap((tenant) =>
      tenant.workspaces.filter(({ softDeleted }) => !softDeleted).map((plan) => ({ tenant, plan })),
    ),
    shared: customer.provider ? [] : sharedOf(customer, all),
    estate: { workspaces: reachable.length, regions: new Set(reachable.map(({ region }) => region)).size },
    ownerOf: (name) =>
      all.find(({ tenants }) => tenants.some(({ workspaces }) => workspaces.some((plan) => plan.name === name))),
  };
}

function sharedOf({ key }: CustomerPlan, all: readonly CustomerPlan[]): SharedWorkspace[] {
  const workspaces = all
    .filter(({ provider }) => provider)
    .flatMap(({ tenants }) => tenants.flatMap((tenant) => tenant.workspaces));
  return workspaces.flatMap((plan): SharedWorkspace[] => {
    const raw = plan.sharedWith ?? [];
    const sums = plan.rollupsOf ?? [];
    if (![...raw, ...sums].includes(key)) return [];
    const customers = new Set([...raw, ...sums].filter((one) => all.some((other) => other.key === one))).size;
    return [{ plan, customers, derived: !raw.includes(key) }];
  });
}

function toAnswer(subject: Subject): CustomerAnswer {
  const { customer, closed, entered } = subject;
  const drift = customer.drift ? [line('baselineDrift', customer.name, customer.drift)] : [];
  const shut = closed.map(({ name }) => line('tenantUnreachable', name, 'high'));
  if (entered.length === 0) return { today: 'unknown', findings: shut };
  return {
    today: todayOf(subject),
    ...(customer.fits ? { best: customer.fits } : {}),
    findings: [
      ...shut,
      ...drift,
      ...ownAnswers(subject),
      ...sharedAnswers(subject),
      ...customerAnswers(subject, OFFER),
    ].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  };
}

function todayOf(subject: Subject): TodayState {
  const { own, shared, closed } = subject;
  const known = own.filter(({ plan }) => !plan.dataActionsOnly);
  const isOwn = known.some(hasData);
  const isCentral = shared.length > 0;
  if (!isCentral) {
    if (isOwn) return 'distributed';
    if (own.length === 0 ? closed.length > 0 : known.length === 0) return 'unknown';
    return 'none';
  }
  if (!isOwn) return 'central';
  const derives =
    shared.every(({ derived }) => derived) ||
    known.some(
      ({ plan }) => madeTables(plan).includes('HostsDaily_CL') || (plan.exports ?? []).some(({ enabled }) => enabled),
    );
  return derives ? 'hybrid' : 'mixed';
}
