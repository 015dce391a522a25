import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delegationTooBroad } from '../../../../src/core/assess/checks/delegationTooBroad.ts';
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

describe('delegationTooBroad', () => {
  const delegated = (roles: DelegationFact['roles'], scope: string = `/subscriptions/${SUBSCRIPTION}`) => {
    const [delegation] = valueOf(healthyCustomer().tenants[0]!.facts!.delegations);
    return withTenant(healthyCustomer(), { delegations: [{ ...delegation!, roles, scope }] });
  };

  const contributor = role('b24988ac-6180-42a0-ab88-20f7382dd24c', 'Contributor');
  const granting = role('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator');

  it('appears for roles that can grant access', () => {
    const { found, outcome } = judge(delegationTooBroad, delegated([contributor, granting]));
    assert.deepEqual(found, ['Managed logs:medium']);
    assert.equal(
      outcome.findings[0]!.title,
      'Managed logs delegates 1 role that can grant access: User Access Administrator',
    );
    assert.match(outcome.findings[0]!.message!, /Managed logs/);
    const rbac = role(
      '/providers/Microsoft.Authorization/roleDefinitions/F58310D9-A9F6-439A-9E8D-F62E7B41A168',
      'RBAC Administrator',
    );
    assert.deepEqual(judge(delegationTooBroad, delegated([rbac])).found, ['Managed logs:medium']);
  });

  it('appears for Contributor for good on a whole subscription', () => {
    const { found, outcome } = judge(delegationTooBroad, delegated([contributor]));
    assert.deepEqual(found, ['Managed logs:low']);
    assert.equal(outcome.findings[0]!.title, 'Managed logs delegates Contributor for good on 1 whole subscription');
  });

  it('disappears when it is eligible, or for one resource group', () => {
    assert.equal(judge(delegationTooBroad, delegated([{ ...contributor, eligible: true }])).state, 'passed');
    assert.equal(
      judge(delegationTooBroad, delegated([contributor], `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg`)).state,
      'passed',
    );
  });

  it('is one finding where the same offer was accepted on two subscriptions', () => {
    const facts = delegated([contributor]);
    const [one] = valueOf(facts.tenants[0]!.facts!.delegations);
    const twice = withTenant(facts, { delegations: [one!, { ...one!, scope: '/subscriptions/other' }] });
    assert.deepEqual(judge(delegationTooBroad, twice).found, ['Managed logs:low']);
  });

  it('is unknown where the delegations are, and has nothing to look at where there are none', () => {
    assert.equal(judge(delegationTooBroad, without(healthyCustomer(), 'delegations')).state, 'unknown');
    assert.equal(judge(delegationTooBroad, withTenant(healthyCustomer(), { delegations: [] })).state, 'notApplicable');
  });
});
