import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { guestOnly } from '../../../../src/core/assess/checks/guestOnly.ts';
import { toAccountId } from '../../../../src/model/ids.ts';
import {
  healthyCustomer,
  judge,
  withClosedTenant,
  withOwn,
  WOODGROVE,
  workspaceFacts,
} from '../../../harness/customerFacts.ts';

describe('guestOnly', () => {
  const guest = { kind: 'guest', account: toAccountId('ann'), issuer: WOODGROVE } as const;
  const guests = withOwn(healthyCustomer(), {}, { paths: [guest] });

  it('appears once for a tenant', () => {
    const { found, outcome } = judge(guestOnly, {
      ...guests,
      own: [...guests.own, workspaceFacts('law-two', {}, { paths: [guest] })],
    });
    assert.deepEqual(found, ['Woodgrove:medium']);
    assert.equal(outcome.findings[0]!.title, '2 workspaces of Woodgrove are reached by guest accounts alone');
    assert.equal(outcome.findings[0]!.subject.kind, 'tenant');
  });

  it('disappears with another way in', () => {
    const both = withOwn(healthyCustomer(), {}, { paths: [guest, ...healthyCustomer().own[0]!.workspace.paths] });
    assert.equal(judge(guestOnly, both).state, 'passed');
    assert.equal(judge(guestOnly, withOwn(healthyCustomer(), {}, { paths: [] })).state, 'passed');
  });

  it('is unknown where a tenant could not be entered, and has nothing to look at without a workspace', () => {
    assert.equal(judge(guestOnly, withClosedTenant(healthyCustomer())).state, 'unknown');
    assert.equal(judge(guestOnly, { ...healthyCustomer(), own: [] }).state, 'notApplicable');
  });
});
