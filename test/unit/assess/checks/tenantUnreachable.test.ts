import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tenantUnreachable } from '../../../../src/core/assess/checks/tenantUnreachable.ts';
import { healthyCustomer, judge, withClosedTenant } from '../../../harness/customerFacts.ts';

describe('tenantUnreachable', () => {
  it('appears for each tenant that nobody could enter, with how to get in', () => {
    for (const state of ['noAccess', 'failed', 'signInRequired'] as const) {
      const { found, outcome } = judge(tenantUnreachable, withClosedTenant(healthyCustomer(), { state }));
      assert.deepEqual(found, ['Woodgrove Asia:high']);
      const [finding] = outcome.findings;
      assert.equal(finding!.subject.kind, 'tenant');
      assert.match(
        finding!.message!,
        /your directory Woodgrove Asia \(aaaaaaaa-0000-4000-8000-00000000000c\).*Azure Lighthouse/,
      );
      assert.equal(finding!.evidence[0]!.text, 'Nobody may read this.');
    }
  });

  it('says what the directory wants', () => {
    const asked = withClosedTenant(healthyCustomer(), { state: 'signInRequired' });
    const [finding] = judge(tenantUnreachable, asked).outcome.findings;
    assert.match(finding!.title, /Woodgrove Asia wants a sign-in/);
    assert.match(finding!.message!, /trust our multifactor authentication/);
    const closed = judge(tenantUnreachable, withClosedTenant(healthyCustomer())).outcome.findings[0];
    assert.match(closed!.message!, /invite an account of ours as a guest/);
  });

  it('disappears when all are entered', () => {
    assert.equal(judge(tenantUnreachable, healthyCustomer()).state, 'passed');
  });

  it('has nothing to look at without a tenant', () => {
    assert.equal(judge(tenantUnreachable, { ...healthyCustomer(), tenants: [] }).state, 'notApplicable');
  });
});
