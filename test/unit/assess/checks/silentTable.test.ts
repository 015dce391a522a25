import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentTable } from '../../../../src/core/assess/checks/silentTable.ts';
import { dayAgo, healthyCustomer, hoursAgo, judge, usageOf, without, withOwn } from '../../../harness/customerFacts.ts';

describe('silentTable', () => {
  const usage = usageOf({ Perf: 1, SecurityEvent: 1 });
  /** Perf had its last row so many hours ago, on each of `days` days before that day; SecurityEvent goes on. */
  const silent = (hours: number, days = 20, skip = 0) => {
    const end = Math.floor(hours / 24);
    const volumes = Array.from({ length: days + 1 }, (_, i) => ({
      table: 'Perf',
      day: dayAgo(end + i),
      gb: 1,
      billable: true,
    }));
    return withOwn(healthyCustomer(), {
      usage: {
        ...usage,
        volumes: [
          ...usage.volumes.filter(({ table }) => table !== 'Perf'),
          ...volumes.filter((_, i) => i === 0 || i === days || i > skip),
        ],
        last: { ...usage.last, Perf: hoursAgo(hours) },
      },
    });
  };

  it('appears where a steady table is silent for more than 24 hours', () => {
    assert.deepEqual(judge(silentTable, silent(24)).found, []);
    assert.deepEqual(judge(silentTable, silent(24.1)).found, ['Perf in law-woodgrove:high']);
    const [finding] = judge(silentTable, silent(50)).outcome.findings;
    assert.equal(finding!.title, 'Perf in law-woodgrove has been silent for 50 hours');
    assert.equal(finding!.subject.kind, 'table');
    assert.match(judge(silentTable, silent(24 * 5)).outcome.findings[0]!.title, /5 days$/);
  });

  it('wants seven full days, with data on four of five', () => {
    assert.deepEqual(judge(silentTable, silent(48, 6)).found, []);
    assert.deepEqual(judge(silentTable, silent(48, 7)).found, ['Perf in law-woodgrove:high']);
    assert.deepEqual(judge(silentTable, silent(48, 20, 4)).found, ['Perf in law-woodgrove:high']);
    assert.deepEqual(judge(silentTable, silent(48, 20, 5)).found, []);
  });

  it('is one critical finding of the workspace where everything is silent', () => {
    const facts = withOwn(healthyCustomer(), {
      usage: { ...usage, last: { Perf: hoursAgo(30), SecurityEvent: hoursAgo(40) } },
    });
    const { found, outcome } = judge(silentTable, facts);
    assert.deepEqual(found, ['law-woodgrove:critical']);
    assert.equal(outcome.findings[0]!.title, 'law-woodgrove received nothing for 30 hours, in none of 2 tables');
  });

  it('is of the table as long as anything else came within 24 hours', () => {
    const facts = withOwn(healthyCustomer(), {
      usage: { ...usage, last: { Perf: hoursAgo(72), SecurityEvent: hoursAgo(24) } },
    });
    const { found, outcome } = judge(silentTable, facts);
    assert.deepEqual(found, ['Perf in law-woodgrove:high']);
    assert.match(outcome.findings[0]!.title, /for 3 days$/);
  });

  it('takes what the service writes by itself for no sign of life', () => {
    const facts = withOwn(healthyCustomer(), {
      usage: {
        ...usage,
        last: { Perf: hoursAgo(30), SecurityEvent: hoursAgo(40), Usage: hoursAgo(1), Operation: hoursAgo(1) },
      },
    });
    assert.deepEqual(judge(silentTable, facts).found, ['law-woodgrove:critical']);
  });

  it('disappears when rows come again', () => {
    assert.equal(judge(silentTable, silent(2)).state, 'passed');
  });

  it('is unknown where the volumes are', () => {
    assert.equal(judge(silentTable, without(silent(50), 'usage')).state, 'unknown');
  });
});
