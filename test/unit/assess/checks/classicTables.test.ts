import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classicTables } from '../../../../src/core/assess/checks/classicTables.ts';
import { healthyCustomer, judge, table, TABLES, usageOf, without, withOwn } from '../../../harness/customerFacts.ts';

describe('classicTables', () => {
  const classic = withOwn(healthyCustomer(), {
    tables: [...TABLES.map((name) => table(name)), table('Old_CL', { classic: true, kind: 'CustomLog' })],
  });

  it('appears, high with data and low without', () => {
    const { found: left, outcome: old } = judge(classicTables, classic);
    assert.deepEqual(left, ['law-woodgrove:low']);
    assert.match(
      old.findings[0]!.title,
      /^1 table of the retired Data Collector API is left in law-woodgrove, without data$/,
    );
    assert.equal(old.findings[0]!.evidence[1]!.text, 'No data in 30 days');
    assert.equal(old.findings[0]!.message, undefined, 'nobody writes there');
    const { found, outcome } = judge(classicTables, withOwn(classic, { usage: usageOf({ Old_CL: 0.1 }, 1) }));
    assert.deepEqual(found, ['law-woodgrove:high']);
    assert.equal(
      outcome.findings[0]!.title,
      '1 table of law-woodgrove is still filled by the retired Data Collector API',
    );
  });

  it('disappears without such tables', () => {
    assert.equal(judge(classicTables, healthyCustomer()).state, 'passed');
  });

  it('is unknown where the tables are, or the volumes that say how bad it is', () => {
    assert.equal(judge(classicTables, without(healthyCustomer(), 'tables')).state, 'unknown');
    assert.equal(judge(classicTables, without(classic, 'usage')).state, 'unknown');
    assert.equal(judge(classicTables, without(healthyCustomer(), 'usage')).state, 'passed');
  });
});
