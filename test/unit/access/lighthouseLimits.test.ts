import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lighthouseLimit, limitText } from '../../../src/core/access/lighthouseLimits.ts';
import type { LimitQuestion } from '../../../src/core/access/lighthouseLimits.ts';
import { METRICS_PUBLISHER, roleAssignmentHandler } from '../../../src/core/centre/roleAssignmentHandler.ts';
import { PROVIDER, WOODGROVE } from '../../harness/customerFacts.ts';

const role = (id: string, name: string) => ({ id, name });
const OWNER = role('8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner');
const CONTRIBUTOR = role('b24988ac-6180-42a0-ab88-20f7382dd24c', 'Contributor');
const LOGS_READER = role('73c42c96-874c-492b-b04d-ab87d138a893', 'Log Analytics Reader');
const DATA_READER = role('3b03c2da-16b3-4a49-8834-0f8130efdd3b', 'Log Analytics Data Reader');
const ACCESS = role('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator');
const LOCKS = role('28BF596F-4eb7-45ce-b5bc-6cf482fec137', 'Locks Contributor');

const offer = (more: Omit<Extract<LimitQuestion, { action: 'offerRole' }>, 'action'>): string =>
  limitText(lighthouseLimit({ action: 'offerRole', ...more }));

describe('what Azure Lighthouse cannot do', () => {
  test('an offer passes on readers and contributors; no owner, no rights on data, nothing that changes access', () => {
    for (const fine of [LOGS_READER, CONTRIBUTOR]) assert.equal(offer({ role: fine }), '');
    assert.match(
      offer({ role: OWNER }),
      /^Owner cannot be delegated.*Owner is never delegated.*must be run by an Owner/,
    );
    assert.match(offer({ role: DATA_READER }), /no rights on data/);
    assert.match(offer({ role: LOCKS }), /it changes locks/);
    assert.match(offer({ role: { ...role('1', 'Our reader'), custom: true } }), /only built-in roles are/);
    assert.match(offer({ role: role('2', 'A data role of tomorrow'), delegatedRoles: [] }), /^$/);
    assert.match(offer({ role: { ...role('2', 'A data role of tomorrow'), ofData: true } }), /no rights on data/);
  });

  test('an application activates nothing', () => {
    assert.match(offer({ role: CONTRIBUTOR, eligible: true, principal: 'ServicePrincipal' }), /nobody is there/);
    assert.equal(offer({ role: CONTRIBUTOR, eligible: true, principal: 'Group' }), '');
  });

  test('User Access Administrator is for named roles and managed identities', () => {
    assert.match(offer({ role: ACCESS }), /none is named/);
    assert.match(offer({ role: ACCESS, delegatedRoles: [CONTRIBUTOR] }), /to managed identities of the customer/);
    for (const wrong of [OWNER, DATA_READER, ACCESS])
      assert.match(
        offer({ role: ACCESS, delegatedRoles: [CONTRIBUTOR, wrong] }),
        new RegExp(`^${wrong.name} is no role`),
      );
  });

  test('roles are given to managed identities alone, and none of data to anybody', () => {
    const give = (more: object): string =>
      limitText(lighthouseLimit({ action: 'giveRole', path: 'lighthouse', role: LOGS_READER, ...more }));
    assert.match(give({ principal: 'User' }), /cannot be given to a person/);
    assert.match(give({ principal: 'Group' }), /cannot be given to a group/);
    assert.match(give({}), /cannot be given to a person/);
    assert.match(
      give({ principal: 'ManagedIdentity' }),
      /^It works only for who is delegated User Access Administrator/,
    );
    assert.match(
      give({ principal: 'ManagedIdentity', role: METRICS_PUBLISHER }),
      /no rights on data.*tenant of who sends/,
    );
    assert.equal(give({ path: 'guest', principal: 'User' }), '');
  });

  test('locks are read, never changed', () => {
    const lock = lighthouseLimit({ action: 'changeLock', path: 'lighthouse' });
    assert.ok(!lock.allowed);
    assert.match(lock.runBy, /customer's own tenant/);
    assert.deepEqual(lighthouseLimit({ action: 'changeLock', path: 'servicePrincipal' }), { allowed: true });
  });

  test('a plan that gives a role over a delegation is refused with the way round, before anything is sent', () => {
    const handler = roleAssignmentHandler({
      roleAssignments: async () => [],
      putRoleAssignment: () => assert.fail('nothing is sent'),
    });
    const wanted = {
      scope: '/subscriptions/s',
      scopeName: 'subscription s',
      role: { ...LOGS_READER, ofData: false },
      writer: { principalId: 'p', name: 'Ada', principalType: 'User' as const },
      owner: WOODGROVE,
      issuer: PROVIDER,
    };
    const intent = { id: 'role', resource: 'roleAssignment', target: '/subscriptions/s/x', wanted };
    assert.throws(() => handler.diff(intent, undefined, []), /cannot be given to a person.*Lighthouse offer/);
    // What sends roll-ups to a rule of a customer, and who is central there.
    const publisher = { ...wanted, role: METRICS_PUBLISHER, writer: { ...wanted.writer, principalType: undefined } };
    assert.throws(
      () => handler.diff({ ...intent, wanted: publisher as never }, undefined, []),
      /Monitoring Metrics Publisher cannot be given.*no rights on data.*must be run by an Owner or User Access/,
    );
    const own = { ...intent, wanted: { ...wanted, issuer: WOODGROVE } };
    assert.equal(handler.diff(own, undefined, []).action, 'create');
  });
});
