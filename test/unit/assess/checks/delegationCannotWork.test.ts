import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delegationCannotWork } from '../../../../src/core/assess/checks/delegationCannotWork.ts';
import type { DelegationFact } from '../../../../src/model/assessment/facts.ts';
import {
  healthyCustomer,
  judge,
  role,
  SUBSCRIPTION,
  valueOf,
  withConfiguration,
  without,
  withOwn,
  withTenant,
} from '../../../harness/customerFacts.ts';

describe('delegationCannotWork', () => {
  const delegated = (roles: DelegationFact['roles'], scope: string = `/subscriptions/${SUBSCRIPTION}`) => {
    const [delegation] = valueOf(healthyCustomer().tenants[0]!.facts!.delegations);
    return withTenant(healthyCustomer(), { delegations: [{ ...delegation!, roles, scope }] });
  };

  it('appears for each role that works by data actions', () => {
    for (const [id, name] of [
      ['3b03c2da-16b3-4a49-8834-0f8130efdd3b', 'Log Analytics Data Reader'],
      ['dbc9c667-e97f-4491-aee6-90b9cf960190', 'Privileged Monitoring Data Reader'],
      ['3913510d-42f4-4e42-8a64-420c390055eb', 'Monitoring Metrics Publisher'],
    ] as const) {
      const { found, outcome } = judge(delegationCannotWork, delegated([role(id, name)]));
      assert.deepEqual(found, ['Managed logs:high']);
      assert.equal(outcome.findings[0]!.title, `Managed logs delegates 1 role that cannot work: ${name}`);
    }
  });

  const closed = withConfiguration(healthyCustomer(), { dataActionsOnly: true });

  it('appears where a workspace wants data actions and Lighthouse alone leads there', () => {
    const { found, outcome } = judge(delegationCannotWork, closed);
    assert.deepEqual(found, ['law-woodgrove:high']);
    assert.match(outcome.findings[0]!.message!, /law-woodgrove/);
  });

  it('disappears with another way in, and where roles of the control plane read', () => {
    const [path] = healthyCustomer().own[0]!.workspace.paths;
    const both = withOwn(closed, {}, { paths: [path!, { ...path!, kind: 'guest' }] });
    assert.equal(judge(delegationCannotWork, both).state, 'passed');
    assert.equal(judge(delegationCannotWork, withOwn(closed, {}, { paths: [] })).state, 'passed');
    assert.equal(judge(delegationCannotWork, healthyCustomer()).state, 'passed');
  });

  it('is unknown where the delegations or the settings are, unless the estate says it', () => {
    assert.equal(judge(delegationCannotWork, without(healthyCustomer(), 'delegations')).state, 'unknown');
    assert.equal(judge(delegationCannotWork, without(healthyCustomer(), 'configuration')).state, 'unknown');
    const seen = withOwn(healthyCustomer(), {}, { dataActionsOnly: true });
    assert.deepEqual(judge(delegationCannotWork, without(seen, 'configuration')).found, ['law-woodgrove:high']);
  });
});
