import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { capHit } from '../../../../src/core/assess/checks/capHit.ts';
import { healthyCustomer, judge, withConfiguration, without, withOwn } from '../../../harness/customerFacts.ts';

describe('capHit', () => {
  const stopped = withOwn(healthyCustomer(), { operations: { capDays: ['2026-11-20', '2026-11-21'], rateLimited: 0 } });

  it('appears where the cap stopped the logs within 30 days', () => {
    const { found, outcome } = judge(capHit, stopped);
    assert.deepEqual(found, ['law-woodgrove:high']);
    assert.equal(outcome.findings[0]!.title, 'The daily cap stopped law-woodgrove on 2 days of the last 30');
    assert.deepEqual(
      outcome.findings[0]!.evidence.map(({ text }) => text),
      ['Stopped on 2026-11-20 and 2026-11-21'],
    );
    assert.deepEqual(
      outcome.findings[0]!.actions.map(({ kind }) => kind),
      ['setCap', 'openQuery'],
    );
  });

  it('appears where it is over the cap now', () => {
    const { outcome } = judge(capHit, withConfiguration(healthyCustomer(), { cap: 'hit' }));
    assert.equal(outcome.findings[0]!.title, 'law-woodgrove is over its daily cap of 10 GB now');
    assert.deepEqual(
      outcome.findings[0]!.evidence.map(({ text }) => text),
      ['It is over its daily cap of 10 GB'],
    );
  });

  it('disappears when neither is so any more', () => {
    assert.equal(judge(capHit, withOwn(stopped, { operations: { capDays: [], rateLimited: 3 } })).state, 'passed');
    assert.equal(judge(capHit, withConfiguration(healthyCustomer(), { cap: 'approaching' })).state, 'passed');
  });

  it('is unknown where nobody could ask, and still found by what is known', () => {
    assert.equal(judge(capHit, without(healthyCustomer(), 'operations')).state, 'unknown');
    const { state, outcome } = judge(capHit, without(stopped, 'configuration'));
    assert.equal(state, 'found');
    assert.equal(outcome.unknown.length, 1);
  });

  it('has nothing to look at where the customer has no workspace', () => {
    assert.equal(judge(capHit, { ...healthyCustomer(), own: [] }).state, 'notApplicable');
  });
});
