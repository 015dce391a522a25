import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportOff } from '../../../../src/core/assess/checks/exportOff.ts';
import { healthyCustomer, judge, without, withOwn } from '../../../harness/customerFacts.ts';

describe('exportOff', () => {
  const rules = (...enabled: readonly boolean[]) =>
    withOwn(healthyCustomer(), {
      exports: enabled.map((each, at) => ({
        name: `rule${at}`,
        tables: ['Perf', 'Event'],
        destination: '',
        enabled: each,
      })),
    });

  it('appears where a rule is turned off', () => {
    const { found, outcome } = judge(exportOff, rules(true, false));
    assert.deepEqual(found, ['law-woodgrove:medium']);
    assert.equal(outcome.findings[0]!.title, '1 of 2 export rules of law-woodgrove is turned off');
    assert.equal(outcome.findings[0]!.evidence[0]!.text, 'rule1 (Perf and Event)');
  });

  it('disappears when all run, and without any', () => {
    assert.equal(judge(exportOff, rules(true)).state, 'passed');
    assert.equal(judge(exportOff, rules()).state, 'passed');
  });

  it('is unknown where the rules are', () => {
    assert.equal(judge(exportOff, without(rules(false), 'exports')).state, 'unknown');
  });
});
