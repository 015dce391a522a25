import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentMachines } from '../../../../src/core/assess/checks/silentMachines.ts';
import { agent, healthyCustomer, hoursAgo, judge, without, withOwn } from '../../../harness/customerFacts.ts';

describe('silentMachines', () => {
  const last = (...hours: readonly number[]) =>
    judge(
      silentMachines,
      withOwn(healthyCustomer(), {
        agents: hours.map((ago, i) => agent(`srv${i}.woodgrove.example`, { last: hoursAgo(ago) })),
      }),
    );

  it('appears where a machine is silent for more than 24 hours, high from a quarter on', () => {
    assert.deepEqual(last(24, 1, 1, 1, 1).found, []);
    assert.deepEqual(last(24.1, 1, 1, 1, 1).found, ['law-woodgrove:medium']);
    assert.deepEqual(last(25, 1, 1, 1).found, ['law-woodgrove:high']);
    assert.equal(
      last(25, 1, 1, 1).outcome.findings[0]!.title,
      '1 of 4 machines of law-woodgrove sent no heartbeat for a day (25 %)',
    );
  });

  it('names the longest silent first', () => {
    assert.equal(
      last(30, 60, 1).outcome.findings[0]!.evidence[0]!.text,
      'Longest silent first: srv1.woodgrove.example and srv0.woodgrove.example',
    );
  });

  it('disappears when all report, and where there are none', () => {
    assert.equal(last(1, 2, 3).state, 'passed');
    assert.equal(last().state, 'passed');
  });

  it('is unknown where the heartbeats are', () => {
    assert.equal(judge(silentMachines, without(healthyCustomer(), 'agents')).state, 'unknown');
  });
});
