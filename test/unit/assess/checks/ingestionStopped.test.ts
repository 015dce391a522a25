import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ingestionStopped } from '../../../../src/core/assess/checks/ingestionStopped.ts';
import {
  healthyCustomer,
  judge,
  valueOf,
  withConfiguration,
  without,
  withPart,
} from '../../../harness/customerFacts.ts';

describe('ingestionStopped', () => {
  const suspended = withConfiguration(healthyCustomer(), { cap: 'suspended' });

  it('appears where the subscription of an own workspace is suspended', () => {
    const { found, outcome } = judge(ingestionStopped, suspended);
    assert.deepEqual(found, ['law-woodgrove:critical']);
    assert.match(
      outcome.findings[0]!.title,
      /law-woodgrove takes no logs in: its subscription sub-woodgrove is suspended/,
    );
    assert.match(outcome.findings[0]!.message!, /sub-woodgrove/);
  });

  it("appears for the provider's workspace that holds its rows, without a message to the customer", () => {
    const configuration = { ...valueOf(suspended.own[0]!.configuration) };
    const { found, outcome } = judge(ingestionStopped, withPart(healthyCustomer(), {}, { configuration }));
    assert.deepEqual(found, ['msp-centre:critical']);
    assert.equal(outcome.findings[0]!.message, undefined);
  });

  it('disappears in every other state of the cap', () => {
    for (const cap of ['none', 'respected', 'approaching', 'hit'] as const)
      assert.equal(judge(ingestionStopped, withConfiguration(healthyCustomer(), { cap })).state, 'passed', cap);
  });

  it('is unknown where the settings are', () => {
    assert.equal(judge(ingestionStopped, without(suspended, 'configuration')).state, 'unknown');
  });

  it('has nothing to look at without any workspace', () => {
    assert.equal(judge(ingestionStopped, { ...suspended, own: [], central: [] }).state, 'notApplicable');
  });
});
