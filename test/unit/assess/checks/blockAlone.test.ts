import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blockAlone } from '../../../../src/core/assess/checks/blockAlone.ts';
import { fact, healthyCustomer, judge, valueOf, withPart, without } from '../../../harness/customerFacts.ts';

describe('blockAlone', () => {
  const configuration = { ...valueOf(healthyCustomer().own[0]!.configuration), localAuth: true };
  const shared = withPart(healthyCustomer(), { customers: 2, legacyAgents: fact(1) }, { configuration });

  it('appears where retired agents of several customers share a key', () => {
    const { found, outcome } = judge(blockAlone, shared);
    assert.deepEqual(found, ['msp-centre:high']);
    assert.equal(
      outcome.findings[0]!.title,
      'One key of msp-centre lets 1 retired agent in, of any of its 2 customers',
    );
    assert.equal(outcome.findings[0]!.internal, true);
  });

  it('disappears without keys, without retired agents, and with one customer', () => {
    const closed = { ...configuration, localAuth: false };
    assert.equal(judge(blockAlone, withPart(shared, {}, { configuration: closed })).state, 'passed');
    assert.equal(judge(blockAlone, withPart(shared, { legacyAgents: fact(0) })).state, 'passed');
    assert.equal(judge(blockAlone, withPart(shared, { customers: 1 })).state, 'passed');
  });

  it('is unknown where the settings or the agents are', () => {
    assert.equal(judge(blockAlone, without(shared, 'configuration')).state, 'unknown');
    assert.equal(judge(blockAlone, without(shared, 'agents')).state, 'unknown');
  });
});
