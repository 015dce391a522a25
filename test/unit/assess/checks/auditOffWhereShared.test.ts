import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditOffWhereShared } from '../../../../src/core/assess/checks/auditOffWhereShared.ts';
import { healthyCustomer, judge, without, withPart } from '../../../harness/customerFacts.ts';

describe('auditOffWhereShared', () => {
  const audited = (customers: number, ...categories: readonly string[]) =>
    withPart(
      healthyCustomer(),
      { customers },
      { diagnostics: categories.map((name) => ({ name, categories: [name] })) },
    );

  it('appears where several customers share a workspace whose queries nobody records', () => {
    const { found, outcome } = judge(auditOffWhereShared, audited(2));
    assert.deepEqual(found, ['msp-centre:medium']);
    assert.equal(outcome.findings[0]!.title, 'Nothing records who queries msp-centre, which 2 customers share');
    assert.equal(outcome.findings[0]!.internal, true);
    assert.deepEqual(judge(auditOffWhereShared, audited(2, 'SummaryLogs', 'AllMetrics')).found, ['msp-centre:medium']);
  });

  it('disappears with the category, either group, and with one customer', () => {
    for (const category of ['Audit', 'audit', 'allLogs'])
      assert.equal(judge(auditOffWhereShared, audited(2, category)).state, 'passed');
    assert.equal(judge(auditOffWhereShared, audited(1)).state, 'passed');
  });

  it('is unknown where the settings are', () => {
    assert.equal(judge(auditOffWhereShared, without(audited(2), 'diagnostics')).state, 'unknown');
  });
});
