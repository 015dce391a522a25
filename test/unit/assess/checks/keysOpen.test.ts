import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keysOpen } from '../../../../src/core/assess/checks/keysOpen.ts';
import { agent, healthyCustomer, judge, withConfiguration, without, withOwn } from '../../../harness/customerFacts.ts';

describe('keysOpen', () => {
  const open = withConfiguration(healthyCustomer(), { localAuth: true });

  it('appears where keys are accepted and no retired agent needs them', () => {
    const { found, outcome } = judge(keysOpen, open);
    assert.deepEqual(found, ['law-woodgrove:low']);
    assert.equal(outcome.findings[0]!.title, 'law-woodgrove accepts its keys, and none of its 4 agents needs them');
  });

  it('appears where there is no agent at all', () => {
    const [finding] = judge(keysOpen, withOwn(open, { agents: [] })).outcome.findings;
    assert.equal(finding!.title, 'law-woodgrove accepts its keys, and has 0 agents that could need them');
  });

  it('disappears when the keys are off, and where a retired agent needs them', () => {
    assert.equal(judge(keysOpen, healthyCustomer()).state, 'passed');
    assert.equal(
      judge(keysOpen, withOwn(open, { agents: [agent('new'), agent('old', { legacy: true })] })).state,
      'passed',
    );
  });

  it('is unknown where the settings or the agents are', () => {
    assert.equal(judge(keysOpen, without(open, 'configuration')).state, 'unknown');
    assert.equal(judge(keysOpen, without(open, 'agents')).state, 'unknown');
  });
});
