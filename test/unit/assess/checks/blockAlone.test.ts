import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blockAlone } from '../../../../src/core/assess/checks/blockAlone.ts';
import { agent, healthyCustomer, judge, valueOf, without, withPart } from '../../../harness/customerFacts.ts';

describe('blockAlone', () => {
  const legacy = agent('srv09.fabrikam.example', { legacy: true });
  const configuration = { ...valueOf(healthyCustomer().own[0]!.configuration), localAuth: true };
  const shared = withPart(healthyCustomer(), { customers: 2 }, { configuration, agents: [legacy] });

  it('appears where retired agents of several customers share a key', () => {
    const { found, outcome } = judge(blockAlone, shared);
    assert.deepEqual(found, ['msp-centre:high']);
    assert.equal(
      outcome.findings[0]!.title,
      'One key of msp-centre lets 1 retired agent in, of any of its 2 customers',
    );
    assert.equal(outcome.findings[0]!.internal, true);
    assert.doesNotMatch(JSON.stringify(outcome), /fabrikam/);
  });

  it("counts the customer's own among them", () => {
    const own = withPart(shared, { computers: ['srv09.fabrikam.example'] });
    assert.match(judge(blockAlone, own).outcome.findings[0]!.evidence[0]!.text, /1 of this customer/);
  });

  it('disappears without keys, without retired agents, and with one customer', () => {
    assert.equal(
      judge(blockAlone, withPart(shared, {}, { configuration: { ...configuration, localAuth: false } })).state,
      'passed',
    );
    assert.equal(judge(blockAlone, withPart(shared, {}, { agents: [agent('srv09')] })).state, 'passed');
    assert.equal(judge(blockAlone, withPart(shared, { customers: 1 })).state, 'passed');
  });

  it('is unknown where the settings or the agents are', () => {
    assert.equal(judge(blockAlone, without(shared, 'configuration')).state, 'unknown');
    assert.equal(judge(blockAlone, without(shared, 'agents')).state, 'unknown');
  });
});
