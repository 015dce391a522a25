import { assessCustomer } from '../../src/core/assess/assessCustomer.ts';
import { ALL_CHECKS } from '../../src/core/assess/checks/allChecks.ts';
import { DEFAULT_WEIGHTS } from '../../src/core/assess/fit/judgeFit.ts';
import { readersOf } from '../../src/core/assess/readers.ts';
import type { Assessment, CustomerAssessment } from '../../src/model/assessment/assessment.ts';
import type { CustomerFacts } from '../../src/model/assessment/subject.ts';
import type { Tenant } from '../../src/model/estate.ts';
import { toCustomerKey } from '../../src/model/ids.ts';
import { NOW, healthyCustomer, withDeclared, withOwn, withPart } from './customerFacts.ts';

/** The same facts as another customer's. */
export function called(name: string, facts: CustomerFacts, groups: readonly string[] = []): CustomerFacts {
  const key = toCustomerKey(name.toLowerCase().replaceAll(' ', '-'));
  return { ...facts, customer: { ...facts.customer, key, name, groups } };
}

export function assessed(facts: CustomerFacts): CustomerAssessment {
  return assessCustomer(facts, ALL_CHECKS, DEFAULT_WEIGHTS, readersOf(facts));
}

/** Nothing wrong; two whose logs are in trouble, one of them with hostile names; one that nobody could look into. */
export function sampleCustomers(): readonly CustomerFacts[] {
  const healthy = healthyCustomer();
  const capped = withOwn(healthy, {
    operations: { capDays: ['2026-11-20', '2026-11-22'], rateLimited: 0 },
    agents: [],
  });
  const central = withDeclared(
    {
      ...withPart(healthy, {
        tables: { Perf: 900 },
        rows: 900,
        gb: 4,
        unattributed: { rows: 180, gb: 1, of: 1000 },
      }),
      own: [],
    },
    { regions: ['uksouth'], isolation: true, billing: undefined },
  );
  const shut: Tenant = {
    ...healthy.tenants[0]!,
    state: 'signInRequired',
    error: { code: 'auth.signInRequired', message: 'Nobody is signed in to this tenant. Sign in.', retryable: false },
  };
  const { facts: _facts, ...closed } = shut as Tenant & { facts?: unknown };
  return [
    healthy,
    called('Fabrikam', capped, ['gold']),
    called('<img src=x onerror=alert(1)> Ltd', central),
    { ...called('Alpine Ski House', { ...healthy, own: [], central: [], subscriptions: [] }), tenants: [closed] },
  ];
}

/** An assessment of these customers. */
export function assessmentOf(
  customers: readonly CustomerFacts[] = sampleCustomers(),
  more: Partial<Assessment> = {},
): Assessment {
  return {
    version: 1,
    id: 'assessment-1',
    at: NOW,
    ms: 41_000,
    cloud: 'emulator',
    scope: 'all',
    complete: false,
    cancelled: false,
    numbers: { customers: customers.length, tenants: customers.length, workspaces: 3 },
    customers: customers.map(assessed),
    costs: [],
    weights: DEFAULT_WEIGHTS,
    ...more,
  };
}
