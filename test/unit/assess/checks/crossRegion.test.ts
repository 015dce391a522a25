import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crossRegion } from '../../../../src/core/assess/checks/crossRegion.ts';
import {
  agent,
  healthyCustomer,
  judge,
  SUBSCRIPTION,
  without,
  withOwn,
  withTenant,
} from '../../../harness/customerFacts.ts';

describe('crossRegion', () => {
  /** Machines in other regions, in the workspace's own, and such as nobody knows the region of. */
  const placed = (away: number, here: number, unplaced = 0) => {
    const names = Array.from({ length: away + here + unplaced }, (_, at) => `srv${at}`);
    const machines = names.slice(0, away + here).map((name, at) => ({
      id: agent(name).resourceId,
      name,
      subscription: SUBSCRIPTION,
      region: at < away ? 'westeurope' : 'switzerlandnorth',
      arc: false,
    }));
    return withTenant(withOwn(healthyCustomer(), { agents: names.map((name) => agent(name)) }), { machines });
  };

  it('appears from two machines and a quarter on', () => {
    assert.deepEqual(judge(crossRegion, placed(1, 0)).found, []);
    assert.deepEqual(judge(crossRegion, placed(2, 6)).found, ['law-woodgrove:low']);
    assert.deepEqual(judge(crossRegion, placed(2, 7)).found, []);
    assert.deepEqual(
      judge(crossRegion, placed(2, 6, 5)).found,
      ['law-woodgrove:low'],
      'of those whose region is known',
    );
    assert.equal(
      judge(crossRegion, placed(2, 6)).outcome.findings[0]!.title,
      '2 of 8 machines send to law-woodgrove in switzerlandnorth from westeurope (25 %)',
    );
  });

  it('disappears when all are in its region', () => {
    assert.equal(judge(crossRegion, placed(0, 4)).state, 'passed');
  });

  it('is unknown where the heartbeats or the machines are', () => {
    assert.equal(judge(crossRegion, without(placed(2, 0), 'agents')).state, 'unknown');
    assert.equal(judge(crossRegion, without(placed(2, 0), 'machines')).state, 'unknown');
  });

  it('has nothing to look at without a workspace', () => {
    assert.equal(judge(crossRegion, { ...placed(2, 0), own: [] }).state, 'notApplicable');
  });
});
