import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noCap } from '../../../../src/core/assess/checks/noCap.ts';
import { healthyCustomer, judge, valueOf, withDeclared, without, withOwn } from '../../../harness/customerFacts.ts';

describe('noCap', () => {
  const uncapped = () => {
    const { dailyCapGb: _, ...configuration } = valueOf(healthyCustomer().own[0]!.configuration);
    return withDeclared(withOwn(healthyCustomer(), { configuration }), { billing: 'provider' });
  };

  it('appears where the provider pays without a cap, and proposes one', () => {
    const { found, outcome } = judge(noCap, uncapped());
    assert.deepEqual(found, ['law-woodgrove:low']);
    assert.equal(outcome.findings[0]!.title, 'law-woodgrove has no daily cap; its usual day is 3.5 GB');
    assert.deepEqual(outcome.findings[0]!.actions, [
      { kind: 'setCap', workspace: healthyCustomer().own[0]!.workspace.key, gb: 7 },
    ]);
    assert.equal(outcome.findings[0]!.internal, true);
    assert.equal(
      judge(noCap, without(uncapped(), 'usage')).outcome.findings[0]!.title,
      'law-woodgrove has no daily cap',
    );
  });

  it('disappears with a cap', () => {
    assert.equal(judge(noCap, withDeclared(healthyCustomer(), { billing: 'provider' })).state, 'passed');
  });

  it('has nothing to look at where somebody else pays, or nobody said who', () => {
    for (const billing of ['customer', 'both', undefined] as const)
      assert.equal(judge(noCap, withDeclared(uncapped(), { billing })).state, 'notApplicable');
  });

  it('is unknown where the settings are', () => {
    assert.equal(judge(noCap, without(uncapped(), 'configuration')).state, 'unknown');
  });
});
