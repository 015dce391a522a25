import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditShowsQueries } from '../../../../src/core/assess/checks/auditShowsQueries.ts';
import { healthyCustomer, judge, withDeclared, without, withOwn } from '../../../harness/customerFacts.ts';

describe('auditShowsQueries', () => {
  const secret = withDeclared(healthyCustomer(), { confidentialQueries: true });

  it('appears where queries are confidential and the audit is on', () => {
    const { found, outcome } = judge(auditShowsQueries, secret);
    assert.deepEqual(found, ['law-woodgrove:medium']);
    assert.equal(outcome.findings[0]!.title, '1 diagnostic setting of law-woodgrove records the text of our queries');
    assert.equal(outcome.findings[0]!.internal, true);
  });

  it('disappears without the audit', () => {
    const off = withOwn(secret, { diagnostics: [{ name: 'metrics', categories: ['AllMetrics'] }] });
    assert.equal(judge(auditShowsQueries, off).state, 'passed');
  });

  it('has nothing to look at where queries are not confidential', () => {
    assert.equal(judge(auditShowsQueries, withDeclared(secret, { confidentialQueries: false })).state, 'notApplicable');
  });

  it('is unknown where the settings are', () => {
    assert.equal(judge(auditShowsQueries, without(secret, 'diagnostics')).state, 'unknown');
  });
});
