import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { workspaceEmpty } from '../../../../src/core/assess/checks/workspaceEmpty.ts';
import type { UsageFact } from '../../../../src/model/assessment/facts.ts';
import {
  healthyCustomer,
  hoursAgo,
  judge,
  usageOf,
  withClosedTenant,
  without,
  withOwn,
} from '../../../harness/customerFacts.ts';

describe('workspaceEmpty', () => {
  const used = (usage: UsageFact) => judge(workspaceEmpty, withOwn(healthyCustomer(), { usage }));

  it('appears where nothing came in 30 days', () => {
    const { found, outcome } = used({ days: 30, volumes: [], last: {} });
    assert.deepEqual(found, ['law-woodgrove:low']);
    assert.equal(outcome.findings[0]!.title, 'law-woodgrove has received nothing in 30 days');
  });

  it('appears where only the service itself wrote', () => {
    assert.deepEqual(used({ days: 30, volumes: [], last: { Usage: hoursAgo(1), Operation: hoursAgo(2) } }).found, [
      'law-woodgrove:low',
    ]);
  });

  it('disappears with anything, free or not', () => {
    assert.equal(used(usageOf({ Heartbeat: 0.001 }, 1)).state, 'passed');
    assert.equal(used({ days: 30, volumes: [], last: { Perf: hoursAgo(600) } }).state, 'passed');
  });

  it('is unknown where the volumes are, or a tenant could not be entered', () => {
    assert.equal(judge(workspaceEmpty, without(healthyCustomer(), 'usage')).state, 'unknown');
    assert.equal(judge(workspaceEmpty, withClosedTenant(healthyCustomer())).state, 'unknown');
  });
});
