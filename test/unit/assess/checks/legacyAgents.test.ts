import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { legacyAgents } from '../../../../src/core/assess/checks/legacyAgents.ts';
import { agent, healthyCustomer, judge, without, withOwn } from '../../../harness/customerFacts.ts';

describe('legacyAgents', () => {
  const agents = (...legacy: readonly boolean[]) =>
    withOwn(healthyCustomer(), { agents: legacy.map((each, at) => agent(`srv${at}`, { legacy: each })) });

  it('appears where a machine reports with the retired agent', () => {
    const { found, outcome } = judge(legacyAgents, agents(true, false, true));
    assert.deepEqual(found, ['law-woodgrove:high']);
    assert.equal(outcome.findings[0]!.title, '2 of 3 machines of law-woodgrove report with the retired agent');
    assert.match(outcome.findings[0]!.message!, /srv0 and srv2/);
  });

  it('disappears when none does', () => {
    assert.equal(judge(legacyAgents, agents(false)).state, 'passed');
  });

  it('is unknown where the heartbeats are', () => {
    assert.equal(judge(legacyAgents, without(agents(true), 'agents')).state, 'unknown');
  });
});
