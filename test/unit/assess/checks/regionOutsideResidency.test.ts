import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { regionOutsideResidency } from '../../../../src/core/assess/checks/regionOutsideResidency.ts';
import {
  healthyCustomer,
  judge,
  withClosedTenant,
  withDeclared,
  withOwn,
  withPart,
} from '../../../harness/customerFacts.ts';

describe('regionOutsideResidency', () => {
  const moved = withOwn(healthyCustomer(), {}, { region: 'westeurope' });

  it('appears where an own workspace lies elsewhere', () => {
    const { found, outcome } = judge(regionOutsideResidency, moved);
    assert.deepEqual(found, ['law-woodgrove:critical']);
    assert.equal(outcome.findings[0]!.title, 'law-woodgrove lies in westeurope; declared: switzerlandnorth');
    assert.deepEqual(outcome.findings[0]!.actions[0], { kind: 'provisionWorkspace', region: 'switzerlandnorth' });
  });

  it("appears where the provider's workspace that holds its rows does", () => {
    const facts = withPart(healthyCustomer(), {}, {}, { region: 'westeurope' });
    assert.deepEqual(judge(regionOutsideResidency, facts).found, ['msp-centre:critical']);
  });

  it('disappears when the region is agreed on, however it is written', () => {
    assert.equal(
      judge(regionOutsideResidency, withDeclared(moved, { regions: ['switzerlandnorth', 'westeurope'] })).state,
      'passed',
    );
    assert.equal(
      judge(regionOutsideResidency, withOwn(healthyCustomer(), {}, { region: 'Switzerland North' })).state,
      'passed',
    );
  });

  it('has nothing to look at where no region is declared', () => {
    for (const regions of [undefined, []])
      assert.equal(judge(regionOutsideResidency, withDeclared(moved, { regions })).state, 'notApplicable');
  });

  it('is unknown where a tenant could not be entered', () => {
    assert.equal(judge(regionOutsideResidency, withClosedTenant(healthyCustomer())).state, 'unknown');
  });
});
