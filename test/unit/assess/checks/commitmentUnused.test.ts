import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commitmentUnused } from '../../../../src/core/assess/checks/commitmentUnused.ts';
import {
  healthyCustomer,
  judge,
  table,
  usageOf,
  withConfiguration,
  withDeclared,
  without,
  withOwn,
} from '../../../harness/customerFacts.ts';

describe('commitmentUnused', () => {
  const committed = (gb: number, commitmentGb = 100) =>
    withOwn(withConfiguration(healthyCustomer(), { sku: 'CapacityReservation', commitmentGb }), {
      usage: usageOf({ Perf: gb }),
    });

  it('appears where the rows would cost less by the GB', () => {
    assert.deepEqual(judge(commitmentUnused, committed(85.2)).found, ['law-woodgrove:medium']);
    assert.deepEqual(judge(commitmentUnused, committed(85.3)).found, []);
    assert.equal(
      judge(commitmentUnused, committed(50)).outcome.findings[0]!.title,
      'law-woodgrove is committed to 100 GB a day and uses 50 GB: $2,430 a month too much',
    );
    assert.deepEqual(judge(commitmentUnused, committed(150, 200)).found, ['law-woodgrove:medium']);
  });

  it('does not count tables whose plan has a price of its own', () => {
    const basic = withOwn(committed(300), { tables: [table('Perf', { plan: 'Auxiliary' })] });
    assert.deepEqual(judge(commitmentUnused, basic).found, ['law-woodgrove:medium']);
  });

  it('disappears by the GB', () => {
    assert.equal(judge(commitmentUnused, withConfiguration(committed(1), { sku: 'PerGB2018' })).state, 'passed');
  });

  it("is the provider's matter unless the customer pays", () => {
    assert.equal(judge(commitmentUnused, committed(1)).outcome.findings[0]!.internal, undefined);
    assert.equal(
      judge(commitmentUnused, withDeclared(committed(1), { billing: undefined })).outcome.findings[0]!.internal,
      true,
    );
  });

  it('is unknown where a fact is, or the price of the tier', () => {
    assert.equal(judge(commitmentUnused, without(committed(1), 'configuration')).state, 'unknown');
    assert.equal(judge(commitmentUnused, without(committed(1), 'usage')).state, 'unknown');
    assert.equal(judge(commitmentUnused, without(committed(90), 'tables')).state, 'unknown');
    const { state, outcome } = judge(commitmentUnused, committed(1, 123));
    assert.equal(state, 'unknown');
    assert.match(outcome.unknown[0]!.error.message, /a commitment of 123 GB a day, whose price is not known/);
  });
});
