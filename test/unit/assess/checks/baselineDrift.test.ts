import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { baselineFacts } from '../../../../src/core/assess/baselineFacts.ts';
import { baselineDrift } from '../../../../src/core/assess/checks/baselineDrift.ts';
import type { BaselineFact } from '../../../../src/model/assessment/facts.ts';
import type { Drift } from '../../../../src/model/drift.ts';
import { NEVER } from '../../../../src/base/cancel.ts';
import { SYSTEM_CLOCK } from '../../../../src/engine/runtime/systemClock.ts';
import { DENIED, fact, healthyCustomer, judge, unknownFact } from '../../../harness/customerFacts.ts';
import { estateOf } from '../../runs/world.ts';

const place = { customer: healthyCustomer().customer.key, customerName: 'Woodgrove', target: '' };

function drift(where: string, more: Partial<Drift> = {}): Drift {
  return {
    ...{ ...place, section: 'tables', name: 'Syslog', where, severity: 'high', title: '', missing: false },
    differences: [{ name: 'Retention', before: '30 days', after: '90 days' }],
    since: { state: 'known', at: '2026-11-20T08:30:00Z', by: 'admin@woodgrove.example', operation: 'x' },
    ...more,
  };
}

function withBaseline(value: Partial<BaselineFact>) {
  const baseline = fact<BaselineFact>({ settings: 4, drift: [], unknown: [], ...value }, { kind: 'baseline' });
  return { ...healthyCustomer(), baseline };
}

describe('baselineDrift', () => {
  it('appears with setting, what was found, what was agreed and since when, the worst first', () => {
    const { found, outcome } = judge(
      baselineDrift,
      withBaseline({
        drift: [
          drift('workspace law-a', { section: 'functions', name: 'F', severity: 'medium', missing: true }),
          drift('workspace law-a'),
          drift('workspace law-b'),
        ],
      }),
    );
    assert.equal(found.length, 1);
    assert.match(found[0]!, /:high$/);
    const [{ title, evidence, remedy, actions }] = outcome.findings as [(typeof outcome.findings)[0]];
    assert.match(title, /^3 settings of .* are not as the baseline agrees$/);
    assert.deepEqual(
      evidence.map(({ text }) => text),
      [
        'workspace law-a and workspace law-b, table Syslog: Retention: 30 days instead of 90 days. Last changed 2026-11-20 08:30 UTC by admin@woodgrove.example.',
        'workspace law-a, function F: missing. Last changed 2026-11-20 08:30 UTC by admin@woodgrove.example.',
      ],
    );
    assert.match(remedy, /baseline fix/);
    assert.deepEqual(actions, [{ kind: 'fixBaseline' }]);
  });

  it('is as bad as the worst that differs', () => {
    const { found } = judge(baselineDrift, withBaseline({ drift: [drift('workspace law-a', { severity: 'low' })] }));
    assert.match(found[0]!, /:low$/);
  });

  it('disappears where everything is as agreed, and what nobody could read is unknown', () => {
    assert.equal(judge(baselineDrift, withBaseline({})).state, 'passed');
    const unread = { ...place, section: 'tables' as const, name: 'Syslog', where: 'workspace law-a', error: DENIED };
    const { state, outcome } = judge(baselineDrift, withBaseline({ unknown: [unread, { ...unread, name: 'Perf' }] }));
    assert.equal(state, 'unknown');
    assert.deepEqual(
      outcome.unknown.map(({ error }) => error.message),
      [DENIED.message],
    );
    assert.equal(
      judge(baselineDrift, { ...healthyCustomer(), baseline: unknownFact<BaselineFact>() }).state,
      'unknown',
    );
  });

  it('has nothing to look at without a baseline, or where none speaks of the customer', () => {
    const { baseline: _agreed, ...without } = healthyCustomer();
    assert.equal(judge(baselineDrift, without).state, 'notApplicable');
    assert.equal(judge(baselineDrift, withBaseline({ settings: 0 })).state, 'notApplicable');
  });
});

describe('the baseline of an assessment', () => {
  it('that could not be checked as a whole is unknown for everybody, and costs nothing else', async () => {
    const estate = estateOf(2);
    const file = { provider: {}, architectures: [], groups: [], customers: [] };
    const checker = { check: () => Promise.reject(new Error('The network is gone.')) };
    const customers = estate.customers.map(({ key }) => key);
    const { facts, cost } = await baselineFacts(file, estate, customers, { checker, clock: SYSTEM_CLOCK }, NEVER);
    assert.deepEqual(
      [...facts.values()].map(({ state }) => state),
      ['unknown', 'unknown'],
    );
    assert.deepEqual([cost.fact, cost.known, cost.unknown], ['baseline', 0, 2]);
  });
});
