import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delegationCannotEnd } from '../../../../src/core/assess/checks/delegationCannotEnd.ts';
import type { DelegationFact } from '../../../../src/model/assessment/facts.ts';
import {
  healthyCustomer,
  judge,
  role,
  SUBSCRIPTION,
  valueOf,
  without,
  withTenant,
} from '../../../harness/customerFacts.ts';

describe('delegationCannotEnd', () => {
  const delegated = (roles: DelegationFact['roles'], scope: string = `/subscriptions/${SUBSCRIPTION}`) => {
    const [delegation] = valueOf(healthyCustomer().tenants[0]!.facts!.delegations);
    return withTenant(healthyCustomer(), { delegations: [{ ...delegation!, roles, scope }] });
  };

  const reader = role('73c42c96-874c-492b-b04d-ab87d138a893', 'Log Analytics Reader');

  it('appears where no role lets us end it', () => {
    const { found, outcome } = judge(delegationCannotEnd, delegated([reader]));
    assert.deepEqual(found, ['Managed logs:low']);
    assert.equal(outcome.findings[0]!.title, 'None of the 1 role of Managed logs lets us end it');
  });

  it('disappears with the role, though it is eligible only', () => {
    const end = role(
      '91c1777a-f3dc-4fae-b103-61d183457e46',
      'Managed Services Registration assignment Delete Role',
      true,
    );
    assert.equal(judge(delegationCannotEnd, delegated([reader, end])).state, 'passed');
  });

  it('is one finding where two tenants accepted the same offer, and names only where it cannot be ended', () => {
    const facts = delegated([reader]);
    const [good] = valueOf(healthyCustomer().tenants[0]!.facts!.delegations);
    const [tenant] = facts.tenants;
    const second = withTenant(healthyCustomer(), { delegations: [{ ...good!, scope: '/subscriptions/second' }] })
      .tenants[0]!;
    const { found, outcome } = judge(delegationCannotEnd, { ...facts, tenants: [second, tenant!] });
    assert.deepEqual(found, ['Managed logs:low']);
    assert.equal(outcome.findings[0]!.evidence[0]!.text, `On /subscriptions/${SUBSCRIPTION}`);
  });

  it('is unknown where the delegations are', () => {
    assert.equal(judge(delegationCannotEnd, without(healthyCustomer(), 'delegations')).state, 'unknown');
  });
});
