import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { payAsYouGo } from '../../../../src/core/assess/checks/payAsYouGo.ts';
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

describe('payAsYouGo', () => {
  const billed = (gb: number) => withOwn(healthyCustomer(), { usage: usageOf({ Perf: gb }) });

  it('appears from the break-even of the smallest tier on: 196 against 2.30 dollars', () => {
    assert.deepEqual(judge(payAsYouGo, billed(85.2)).found, []);
    assert.deepEqual(judge(payAsYouGo, billed(85.3)).found, ['law-woodgrove:medium']);
  });

  it('says what the best tier would save a month', () => {
    const [finding] = judge(payAsYouGo, billed(250)).outcome.findings;
    // 250 GB: 575 dollars a day by the GB, 250 * 1.84 = 460 in the tier of 200 GB, 540 in that of 300.
    assert.equal(
      finding!.title,
      'law-woodgrove pays by the GB for 250 GB a day: the tier of 200 GB would cost $3,450 a month less',
    );
  });

  it('does not count free tables, nor those whose plan has a price of its own', () => {
    assert.equal(judge(payAsYouGo, withOwn(healthyCustomer(), { usage: usageOf({ Heartbeat: 500 }) })).state, 'passed');
    const basic = withOwn(billed(90), { tables: [table('Perf', { plan: 'Basic' })] });
    assert.equal(judge(payAsYouGo, basic).state, 'passed');
  });

  it('disappears in another tier', () => {
    assert.equal(judge(payAsYouGo, withConfiguration(billed(500), { sku: 'CapacityReservation' })).state, 'passed');
  });

  it("is the provider's matter unless the customer pays", () => {
    assert.equal(judge(payAsYouGo, billed(90)).outcome.findings[0]!.internal, undefined);
    for (const billing of ['provider', 'both', undefined] as const)
      assert.equal(judge(payAsYouGo, withDeclared(billed(90), { billing })).outcome.findings[0]!.internal, true);
  });

  it('is unknown where tier or volume are, and the plans only where they could matter', () => {
    assert.equal(judge(payAsYouGo, without(billed(90), 'configuration')).state, 'unknown');
    assert.equal(judge(payAsYouGo, without(billed(90), 'usage')).state, 'unknown');
    assert.equal(judge(payAsYouGo, without(billed(90), 'tables')).state, 'unknown');
    assert.equal(judge(payAsYouGo, without(billed(80), 'tables')).state, 'passed');
  });
});
