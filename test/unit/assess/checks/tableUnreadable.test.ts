import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tableUnreadable } from '../../../../src/core/assess/checks/tableUnreadable.ts';
import type { CustomerFacts } from '../../../../src/model/assessment/subject.ts';
import type { AccessPathKind } from '../../../../src/model/estate.ts';
import {
  healthyCustomer,
  judge,
  role,
  SUBSCRIPTION,
  table,
  TABLES,
  withConfiguration,
  without,
  withOwn,
  withSubscription,
} from '../../../harness/customerFacts.ts';

describe('tableUnreadable', () => {
  const hidden = withOwn(healthyCustomer(), { tables: [table('SigninLogs', { protected: true }), table(TABLES[0])] });
  const closed = withConfiguration(healthyCustomer(), { dataActionsOnly: true });
  const by = (facts: CustomerFacts, kind: AccessPathKind) =>
    withOwn(facts, {}, { paths: [{ ...healthyCustomer().own[0]!.workspace.paths[0]!, kind }] });
  const assigned = (facts: CustomerFacts, id: string, scope: string, conditioned = false) =>
    withSubscription(facts, { roles: [{ ...role(id, 'A role'), principalType: 'User', scope, conditioned }] });
  const READER = '3b03c2da-16b3-4a49-8834-0f8130efdd3b',
    PRIVILEGED = 'dbc9c667-e97f-4491-aee6-90b9cf960190',
    WHOLE = `/subscriptions/${SUBSCRIPTION}`;

  it('appears for a protected table that Lighthouse leads to', () => {
    const { found, outcome } = judge(tableUnreadable, hidden);
    assert.deepEqual(found, ['SigninLogs in law-woodgrove:high']);
    assert.equal(
      outcome.findings[0]!.title,
      'SigninLogs in law-woodgrove is protected: we come by Lighthouse and get 0 rows',
    );
    assert.match(outcome.findings[0]!.message!, /SigninLogs of your workspace law-woodgrove/);
  });

  it('appears for a workspace that is read by data actions alone', () => {
    assert.deepEqual(judge(tableUnreadable, closed).found, ['law-woodgrove:high']);
  });

  it('appears for a guest where nobody has a data role that covers the workspace', () => {
    assert.deepEqual(judge(tableUnreadable, by(closed, 'guest')).found, ['law-woodgrove:high']);
    const elsewhere = assigned(by(closed, 'guest'), READER, `${WHOLE}/resourcegroups/rg-log`);
    assert.deepEqual(judge(tableUnreadable, elsewhere).found, ['law-woodgrove:high']);
    const plain = assigned(by(hidden, 'guest'), READER, WHOLE);
    assert.deepEqual(judge(tableUnreadable, plain).found, ['SigninLogs in law-woodgrove:high']);
  });

  it('disappears with a data role for a guest, in our own tenant, and where nothing is hidden', () => {
    assert.equal(judge(tableUnreadable, assigned(by(closed, 'guest'), READER, WHOLE)).state, 'passed');
    assert.equal(judge(tableUnreadable, assigned(by(hidden, 'guest'), PRIVILEGED, '/')).state, 'passed');
    assert.equal(judge(tableUnreadable, assigned(by(hidden, 'guest'), READER, WHOLE, true)).state, 'passed');
    assert.equal(judge(tableUnreadable, by(hidden, 'home')).state, 'passed');
    assert.equal(judge(tableUnreadable, withOwn(hidden, {}, { paths: [] })).state, 'passed');
    const [path] = hidden.own[0]!.workspace.paths;
    const both = (kind: AccessPathKind) => withOwn(hidden, {}, { paths: [path!, { ...path!, kind }] });
    assert.equal(judge(tableUnreadable, both('servicePrincipal')).state, 'passed');
    assert.equal(judge(tableUnreadable, assigned(both('guest'), PRIVILEGED, WHOLE)).state, 'passed');
    assert.equal(judge(tableUnreadable, healthyCustomer()).state, 'passed');
  });

  it('is unknown where the tables or the settings are, and for a guest the roles', () => {
    assert.equal(judge(tableUnreadable, without(healthyCustomer(), 'tables')).state, 'unknown');
    assert.equal(judge(tableUnreadable, without(healthyCustomer(), 'configuration')).state, 'unknown');
    assert.equal(judge(tableUnreadable, without(by(closed, 'guest'), 'roles')).state, 'unknown');
    assert.equal(judge(tableUnreadable, { ...by(closed, 'guest'), subscriptions: [] }).state, 'unknown');
    assert.equal(judge(tableUnreadable, without(closed, 'roles')).state, 'found');
  });
});
