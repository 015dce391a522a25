import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unlocked } from '../../../../src/core/assess/checks/unlocked.ts';
import {
  healthyCustomer,
  judge,
  SUBSCRIPTION,
  usageOf,
  withDeclared,
  without,
  withOwn,
  withSubscription,
} from '../../../harness/customerFacts.ts';

describe('unlocked', () => {
  const locked = (...scopes: readonly string[]) =>
    withSubscription(healthyCustomer(), {
      locks: scopes.map((scope) => ({ name: 'keep', level: 'CanNotDelete', scope })),
    });
  const WHOLE = `/subscriptions/${SUBSCRIPTION}`;

  it('appears where no lock covers a workspace whose logs have to last', () => {
    const { found, outcome } = judge(unlocked, locked());
    assert.deepEqual(found, ['law-woodgrove:low']);
    assert.match(outcome.findings[0]!.message!, /law-woodgrove \(resource group rg-logs\)/);
    assert.deepEqual(judge(unlocked, locked(`${WHOLE}/resourcegroups/rg-logs2`)).found, ['law-woodgrove:low']);
    const apart = withDeclared(locked(), { retentionDays: undefined, isolation: true });
    assert.deepEqual(judge(unlocked, apart).found, ['law-woodgrove:low']);
  });

  it('disappears with a lock on the workspace, its group or its subscription', () => {
    for (const scope of [healthyCustomer().own[0]!.workspace.key, `${WHOLE}/resourcegroups/rg-logs`, WHOLE])
      assert.equal(judge(unlocked, locked(scope)).state, 'passed', scope);
  });

  it('disappears without data', () => {
    assert.equal(judge(unlocked, withOwn(locked(), { usage: usageOf({}) })).state, 'passed');
  });

  it('has nothing to look at below a year without isolation', () => {
    assert.equal(judge(unlocked, withDeclared(locked(), { retentionDays: 364 })).state, 'notApplicable');
    assert.equal(judge(unlocked, withDeclared(locked(), { retentionDays: 365 })).state, 'found');
  });

  it('is unknown where the locks or the volumes are', () => {
    assert.equal(judge(unlocked, without(locked(), 'locks')).state, 'unknown');
    assert.equal(judge(unlocked, without(locked(), 'usage')).state, 'unknown');
    assert.equal(judge(unlocked, { ...locked(), subscriptions: [] }).state, 'unknown');
  });
});
