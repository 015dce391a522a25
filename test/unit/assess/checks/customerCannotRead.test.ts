import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { customerCannotRead } from '../../../../src/core/assess/checks/customerCannotRead.ts';
import {
  healthyCustomer,
  judge,
  usageOf,
  withClosedTenant,
  withDeclared,
  without,
  withOwn,
  withPart,
} from '../../../harness/customerFacts.ts';

describe('customerCannotRead', () => {
  const empty = withOwn(healthyCustomer(), { usage: { days: 30, volumes: [], last: {} } });

  it('appears where the customer decides on access, and its rows lie at the centre alone', () => {
    const { found, outcome } = judge(customerCannotRead, empty);
    assert.deepEqual(found, ['Woodgrove Bank:medium']);
    assert.equal(
      outcome.findings[0]!.title,
      'Woodgrove Bank cannot read the 24 rows a day that lie at the centre, and has no logs of its own',
    );
    assert.deepEqual(outcome.findings[0]!.actions, [{ kind: 'provisionWorkspace', region: 'switzerlandnorth' }]);
    const none = withDeclared({ ...healthyCustomer(), own: [] }, { access: 'both' });
    assert.deepEqual(judge(customerCannotRead, none).found, ['Woodgrove Bank:medium']);
  });

  it('disappears with data of its own', () => {
    assert.equal(judge(customerCannotRead, withOwn(empty, { usage: usageOf({ Perf: 0.1 }, 1) })).state, 'passed');
  });

  it('has nothing to look at where the provider decides, where nobody said, and without rows at a centre', () => {
    for (const access of ['provider', undefined] as const)
      assert.equal(judge(customerCannotRead, withDeclared(empty, { access })).state, 'notApplicable');
    assert.equal(judge(customerCannotRead, { ...empty, central: [] }).state, 'notApplicable');
    assert.equal(judge(customerCannotRead, withPart(empty, { rows: 0 })).state, 'passed');
  });

  it('is unknown where its volumes are, a tenant could not be entered, or a centre not looked into', () => {
    assert.equal(judge(customerCannotRead, without(empty, 'usage')).state, 'unknown');
    assert.equal(judge(customerCannotRead, withClosedTenant(empty)).state, 'unknown');
    assert.equal(judge(customerCannotRead, { ...empty, central: [], unknownCentral: 1 }).state, 'unknown');
  });
});
