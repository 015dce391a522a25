import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { uncollected } from '../../../../src/core/assess/checks/uncollected.ts';
import {
  agent,
  healthyCustomer,
  judge,
  usageOf,
  withClosedTenant,
  withDeclared,
  without,
  withOwn,
  withPart,
  withTenant,
} from '../../../harness/customerFacts.ts';

describe('uncollected', () => {
  const dark = withOwn(healthyCustomer(), {
    agents: [agent('srv01.woodgrove.example'), agent('srv02'), agent('srv03')],
  });

  it('appears where a machine sends no heartbeat anywhere', () => {
    const { found, outcome } = judge(uncollected, dark);
    assert.deepEqual(found, ['Woodgrove Bank:medium']);
    assert.equal(outcome.findings[0]!.title, 'Woodgrove Bank: 1 of 4 machines of Woodgrove not collected');
    assert.equal(outcome.findings[0]!.evidence[0]!.text, 'No heartbeat of srv04');
    assert.deepEqual(outcome.findings[0]!.actions, [{ kind: 'openCustomers' }]);
    const homeless = judge(uncollected, { ...dark, own: [] }).outcome.findings[0]!;
    assert.deepEqual(homeless.actions[0], { kind: 'provisionWorkspace', region: 'switzerlandnorth' });
    assert.match(outcome.findings[0]!.message!, /sends no logs\. No heartbeat of srv04\. Is that/);
  });

  it('appears where a declared source has no data in any of its tables', () => {
    const { found, outcome } = judge(
      uncollected,
      withDeclared(healthyCustomer(), { sources: ['machines', 'network', 'microsoft365'] }),
    );
    assert.deepEqual(found, ['Woodgrove Bank:medium']);
    assert.equal(outcome.findings[0]!.title, 'Woodgrove Bank: 2 declared sources not collected');
    assert.match(
      outcome.findings[0]!.evidence[0]!.text,
      /network \(CommonSecurityLog\) and microsoft365 \(OfficeActivity\)/,
    );
  });

  it('is one finding for both', () => {
    assert.deepEqual(judge(uncollected, withDeclared(dark, { sources: ['network'] })).found, ['Woodgrove Bank:medium']);
  });

  it("disappears where the machine sends to the provider's workspace, by its id or by a name attributed to it", () => {
    assert.equal(judge(uncollected, withPart(dark, {}, { agents: [agent('srv04')] })).state, 'passed');
    assert.equal(judge(uncollected, withPart(dark, { computers: ['srv04.woodgrove.example'] })).state, 'passed');
    const others = withPart(dark, {}, { agents: [agent('srv04.fabrikam.example', { resourceId: '' })] });
    assert.equal(judge(uncollected, others).state, 'found', "a name in a shared workspace may be another customer's");
  });

  it("disappears where an agent without a resource id has the machine's name", () => {
    const named = withOwn(dark, {
      agents: ['srv01', 'srv02', 'srv03', 'SRV04.corp'].map((name) => agent(name, { resourceId: '' })),
    });
    assert.equal(judge(uncollected, named).state, 'passed');
  });

  it("disappears where the source's rows lie at the centre", () => {
    const facts = withDeclared(withOwn(healthyCustomer(), { usage: usageOf({ Perf: 1 }) }), { sources: ['network'] });
    assert.equal(judge(uncollected, facts).state, 'found');
    assert.equal(judge(uncollected, withPart(facts, { tables: { CommonSecurityLog: 5 } })).state, 'passed');
  });

  it('is unknown where machines, heartbeats or volumes are, or somewhere nobody could look', () => {
    for (const name of ['machines', 'agents', 'usage'] as const)
      assert.equal(judge(uncollected, without(healthyCustomer(), name)).state, 'unknown', name);
    assert.equal(judge(uncollected, without(dark, 'agents')).state, 'unknown');
    assert.equal(judge(uncollected, { ...dark, unknownCentral: 1 }).state, 'unknown');
    assert.equal(judge(uncollected, withClosedTenant(healthyCustomer())).state, 'unknown');
    const lacking = withDeclared(healthyCustomer(), { sources: ['network'] });
    assert.equal(judge(uncollected, withClosedTenant(lacking)).state, 'unknown', 'it may lie in the other tenant');
  });

  it('has nothing to look at without machines and sources', () => {
    const none = withTenant(withDeclared(healthyCustomer(), { sources: undefined }), { machines: [] });
    assert.equal(judge(uncollected, none).state, 'notApplicable');
    const quiet = withDeclared(healthyCustomer(), { sources: undefined });
    assert.equal(judge(uncollected, quiet).state, 'passed');
    assert.equal(judge(uncollected, without(none, 'agents')).state, 'unknown');
  });
});
