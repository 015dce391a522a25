import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { paidTwice } from '../../../../src/core/assess/checks/paidTwice.ts';
import {
  agent,
  healthyCustomer,
  judge,
  usageOf,
  withDeclared,
  without,
  withOwn,
  withPart,
  workspaceFacts,
} from '../../../harness/customerFacts.ts';

describe('paidTwice', () => {
  const srv01 = agent('srv01').resourceId;
  const row = (source: string, gb: number, table = 'Perf') => ({ source, table, rows: 100, gb });
  const central = (...sources: ReturnType<typeof row>[]) => withPart(healthyCustomer(), {}, { sources });

  it("appears where a resource writes the same table into the own and the provider's workspace", () => {
    const { found, outcome } = judge(paidTwice, central(row(srv01, 0.4), row('srv09.fabrikam.example', 9)));
    assert.deepEqual(found, ['law-woodgrove:medium']);
    assert.equal(
      outcome.findings[0]!.title,
      '1 source sends 0.4 GB a day to law-woodgrove and to msp-centre: $28 a month for the copy',
    );
    assert.match(outcome.findings[0]!.evidence[0]!.text, /at the list price of East US \(2026-11-29\)/);
  });

  it("takes a computer's name in a shared workspace for the customer's only where it was attributed to it", () => {
    const facts = withOwn(central(row('srv01', 0.4)), { sources: [row('srv01', 0.5)] });
    assert.equal(judge(paidTwice, facts).state, 'passed');
    assert.deepEqual(judge(paidTwice, withPart(facts, { computers: ['srv01'] })).found, ['law-woodgrove:medium']);
  });

  it('appears for two own workspaces, at the one that is billed for less', () => {
    const facts = healthyCustomer();
    const second = workspaceFacts('law-small', { usage: usageOf({ Perf: 0.1 }) });
    assert.deepEqual(judge(paidTwice, { ...facts, own: [...facts.own, second] }).found, ['law-small:medium']);
    const alike = workspaceFacts('law-zzz');
    assert.deepEqual(judge(paidTwice, { ...facts, own: [alike, ...facts.own] }).found, ['law-zzz:medium']);
  });

  it('disappears for another table, another source, and a table that is free', () => {
    assert.equal(judge(paidTwice, central(row(srv01, 0.4, 'SecurityEvent'))).state, 'passed');
    assert.equal(judge(paidTwice, central(row(agent('srv02').resourceId, 0.4))).state, 'passed');
    assert.equal(judge(paidTwice, central(row(srv01, 0))).state, 'passed', 'rows that are not billed');
    const free = withOwn(central(row(srv01, 0.4, 'Heartbeat')), { sources: [row(srv01, 0.5, 'Heartbeat')] });
    assert.equal(judge(paidTwice, free).state, 'passed');
  });

  it("is the provider's matter unless the customer pays", () => {
    const facts = central(row(srv01, 0.4));
    assert.equal(judge(paidTwice, facts).outcome.findings[0]!.internal, undefined);
    assert.equal(judge(paidTwice, withDeclared(facts, { billing: 'provider' })).outcome.findings[0]!.internal, true);
  });

  it('passes where nobody had to ask, for there is no second place', () => {
    const [own] = healthyCustomer().own;
    const error = { code: 'input.notNeeded', message: 'Not asked.', retryable: false } as const;
    const { value: _, ...unasked } = { ...own!.sources, value: [], state: 'unknown' as const, error };
    assert.equal(judge(paidTwice, { ...healthyCustomer(), own: [{ ...own!, sources: unasked }] }).state, 'passed');
  });

  it('is unknown where sources or volumes are, and has nothing to look at with one workspace', () => {
    assert.equal(judge(paidTwice, without(healthyCustomer(), 'sources')).state, 'unknown');
    assert.equal(judge(paidTwice, without(healthyCustomer(), 'usage')).state, 'unknown');
    const alone = { ...healthyCustomer(), central: [] };
    assert.equal(judge(paidTwice, alone).state, 'notApplicable');
    assert.equal(judge(paidTwice, { ...alone, unknownCentral: 1 }).state, 'unknown');
  });
});
