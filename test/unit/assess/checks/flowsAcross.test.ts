import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flowsAcross } from '../../../../src/core/assess/checks/flowsAcross.ts';
import {
  healthyCustomer,
  judge,
  PROVIDERS_SUBSCRIPTION,
  STRANGERS_SUBSCRIPTION,
  SUBSCRIPTION,
  UNLISTED_SUBSCRIPTION,
  valueOf,
  withClosedTenant,
  withDeclared,
  without,
  withOwn,
  withTenant,
} from '../../../harness/customerFacts.ts';

describe('flowsAcross', () => {
  const place = (subscription: string) => `/subscriptions/${subscription}/resourcegroups/rg/providers/x/y/z`;
  const ruleTo = (subscription: string) => {
    const [rule] = valueOf(healthyCustomer().tenants[0]!.facts!.rules);
    return withTenant(healthyCustomer(), { rules: [{ ...rule!, workspaces: [place(subscription)] }] });
  };
  const exportTo = (subscription: string, enabled = true) =>
    withOwn(healthyCustomer(), { exports: [{ name: 'copy', tables: [], destination: place(subscription), enabled }] });

  it('appears, critical, where a rule sends to somebody else, declared or not', () => {
    const { found, outcome } = judge(flowsAcross, ruleTo(STRANGERS_SUBSCRIPTION));
    assert.deepEqual(found, ['Woodgrove Bank:critical']);
    assert.equal(
      outcome.findings[0]!.title,
      "1 flow of Woodgrove Bank goes to a tenant that is neither its own nor the provider's",
    );
    assert.match(outcome.findings[0]!.message!, /the collection rule dcr-windows/);
    assert.deepEqual(
      outcome.findings[0]!.evidence.map(({ text }) => text),
      ['the collection rule dcr-windows sends to somebody else'],
    );
    assert.doesNotMatch(JSON.stringify(outcome), /cccccccc/, 'whose it is stays out');
  });

  it('appears, high, where it sends to the provider though isolation is declared', () => {
    const isolated = withDeclared(ruleTo(PROVIDERS_SUBSCRIPTION), { isolation: true });
    const { found, outcome } = judge(flowsAcross, isolated);
    assert.deepEqual(found, ['Woodgrove Bank:high']);
    assert.equal(
      outcome.findings[0]!.title,
      '1 flow of Woodgrove Bank goes to the provider, though isolation is declared',
    );
    assert.match(outcome.findings[0]!.message!, /to us\./);
    assert.equal(judge(flowsAcross, ruleTo(PROVIDERS_SUBSCRIPTION)).state, 'passed');
  });

  it('appears at the workspace for an export or a diagnostic setting', () => {
    assert.deepEqual(judge(flowsAcross, exportTo(STRANGERS_SUBSCRIPTION)).found, ['law-woodgrove:critical']);
    for (const kind of ['workspace', 'storage', 'eventHub'] as const) {
      const settings = [{ name: 'all', categories: ['allLogs'], [kind]: place(STRANGERS_SUBSCRIPTION) }];
      const { found } = judge(flowsAcross, withOwn(healthyCustomer(), { diagnostics: settings }));
      assert.deepEqual(found, ['law-woodgrove:critical'], kind);
    }
    assert.equal(judge(flowsAcross, exportTo(STRANGERS_SUBSCRIPTION, false)).state, 'passed', 'turned off');
  });

  it("disappears within the customer's own subscriptions, and for the provider within its own", () => {
    assert.equal(judge(flowsAcross, withDeclared(ruleTo(SUBSCRIPTION), { isolation: true })).state, 'passed');
    const provider = { ...withDeclared(ruleTo(PROVIDERS_SUBSCRIPTION), { isolation: true }), provider: true };
    assert.equal(judge(flowsAcross, provider).state, 'passed');
  });

  it('is unknown where no account lists the destination', () => {
    const { state, outcome } = judge(flowsAcross, ruleTo(UNLISTED_SUBSCRIPTION));
    assert.equal(state, 'unknown');
    assert.match(outcome.unknown[0]!.error.message, /dcr-windows/);
    assert.equal(judge(flowsAcross, exportTo(UNLISTED_SUBSCRIPTION)).state, 'unknown');
  });

  it('is unknown where rules, exports or settings are', () => {
    for (const name of ['rules', 'exports', 'diagnostics'] as const)
      assert.equal(judge(flowsAcross, without(healthyCustomer(), name)).state, 'unknown', name);
    assert.equal(judge(flowsAcross, withClosedTenant(healthyCustomer())).state, 'unknown');
  });
});
