import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rowsUnattributable } from '../../../../src/core/assess/checks/rowsUnattributable.ts';
import { healthyCustomer, judge, withPart } from '../../../harness/customerFacts.ts';

describe('rowsUnattributable', () => {
  const lost = (rows: number, customers = 3) =>
    judge(rowsUnattributable, withPart(healthyCustomer(), { customers, unattributed: { rows, gb: 0.5, of: 1000 } }));

  it('appears from 1 % on, and is critical from 10 % on', () => {
    assert.deepEqual(lost(9).found, []);
    assert.deepEqual(lost(10).found, ['msp-centre:high']);
    assert.deepEqual(lost(10, 2).found, ['msp-centre:high']);
    assert.deepEqual(lost(99).found, ['msp-centre:high']);
    assert.deepEqual(lost(100).found, ['msp-centre:critical']);
    assert.equal(
      lost(100).outcome.findings[0]!.title,
      '100 rows of msp-centre in one day belong to nobody: 10 % of all',
    );
  });

  it("disappears where every row is somebody's, or all are one customer's", () => {
    assert.equal(lost(0).state, 'passed');
    assert.equal(lost(500, 1).state, 'passed');
    assert.equal(
      judge(rowsUnattributable, withPart(healthyCustomer(), { unattributed: { rows: 0, gb: 0, of: 0 } })).state,
      'passed',
    );
  });

  it('is unknown where tables of the workspace could not be read, and no less found', () => {
    const unread = (rows: number) =>
      judge(
        rowsUnattributable,
        withPart(healthyCustomer(), { customers: 3, unread: 2, unattributed: { rows, gb: 0.5, of: 1000 } }),
      );
    assert.equal(unread(0).state, 'unknown');
    assert.match(unread(0).outcome.unknown[0]!.error.message, /2 tables of msp-centre/);
    assert.deepEqual(unread(100).found, ['msp-centre:critical']);
  });

  it('speaks of others, so it is not for the customer', () => {
    assert.equal(lost(100).outcome.findings[0]!.internal, true);
  });

  it('is unknown where a workspace of the provider could not be looked into, and has nothing to look at without one', () => {
    const none = { ...healthyCustomer(), central: [] };
    assert.equal(judge(rowsUnattributable, { ...none, unknownCentral: 2 }).state, 'unknown');
    assert.equal(judge(rowsUnattributable, none).state, 'notApplicable');
  });
});
