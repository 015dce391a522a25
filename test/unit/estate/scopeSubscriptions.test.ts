import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assembleEstate } from '../../../src/core/estate/assemble.ts';
import { resolveSubscriptions, subscriptionsLabel } from '../../../src/core/estate/scopeSubscriptions.ts';
import { Sightings } from '../../../src/core/estate/sightings.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { Estate, Subscription } from '../../../src/model/estate.ts';
import { toAccountId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { estateOf } from '../runs/world.ts';

const PATH = { kind: 'lighthouse', account: toAccountId('sp:app'), issuer: toTenantId('home') } as const;

/** Two customers: the first has a subscription with its workspace and one without any, the second one with its own. */
function estate(): Estate {
  const base = estateOf(2, (workspace, i) => ({ ...workspace, subscription: toSubscriptionId(`s${i + 1}`) }));
  const subscription = (id: string, of: number): Subscription => {
    const { customer, tenant } = base.workspaces[of]!;
    return { id: toSubscriptionId(id), name: id.toUpperCase(), customer, tenant, paths: [PATH] };
  };
  return { ...base, subscriptions: [subscription('s1', 0), subscription('empty', 0), subscription('s2', 1)] };
}
const idsOf = (scope: string): string[] =>
  resolveSubscriptions(parseScope(scope).scope!, estate()).subscriptions.map(({ id }) => id);

test('a customer, group or tenant means all its subscriptions; a workspace the one that holds it', () => {
  assert.deepEqual(idsOf('all'), ['s1', 'empty', 's2']);
  assert.deepEqual(idsOf('customer:c1'), ['s1', 'empty']);
  assert.deepEqual(idsOf('group:gold'), ['s1', 'empty']);
  assert.deepEqual(idsOf('workspace:ws1'), ['s1']);
  assert.deepEqual(idsOf('region:westeurope'), ['s1', 's2']);
});

test('who is left out is left out, also one whose workspaces all are', () => {
  assert.deepEqual(idsOf('all except customer:c1'), ['s2']);
  assert.deepEqual(idsOf('all except workspace:ws1'), ['empty', 's2']);
  assert.deepEqual(idsOf('customer:c1 except customer:c2'), ['s1', 'empty']);
});

test('a name nobody has is a problem, and so is a scope without subscriptions', () => {
  const problems = (scope: string, of = estate()) =>
    resolveSubscriptions(parseScope(scope).scope!, of).problems.map(({ message }) => message);
  assert.match(problems('customer:nobody')[0]!, /There is no customer "nobody"/);
  assert.match(
    problems('all', { ...estate(), workspaces: [], subscriptions: [] })[0]!,
    /No subscription is in the scope/,
  );
});

test('a subscription that is known by its workspace alone is asked about, too', () => {
  const { subscriptions: _none, ...rest } = estate();
  assert.deepEqual(
    resolveSubscriptions(parseScope('all').scope!, rest).subscriptions.map(({ id, name }) => [id, name]),
    [
      ['s1', 's'],
      ['s2', 's'],
    ],
  );
});

test('they are counted with their customers', () => {
  assert.equal(
    subscriptionsLabel(resolveSubscriptions(parseScope('all').scope!, estate())),
    '3 subscriptions, 2 customers',
  );
  assert.equal(subscriptionsLabel({ subscriptions: [] }), 'no subscriptions');
});

test('the picture has every subscription once, its owner, and the best way first; deleted ones are gone', () => {
  const sightings = new Sightings();
  const account = { id: toAccountId('u'), label: 'u', homeTenant: toTenantId('home') };
  sightings.accounts = [account];
  const listing = { id: toSubscriptionId('s'), name: 'Prod', tenant: toTenantId('contoso'), state: 'Enabled' };
  const gone = { ...listing, id: toSubscriptionId('gone'), state: 'Deleted' };
  sightings.addSubscriptions([listing], account, { account: account.id, tenant: toTenantId('contoso') });
  sightings.addSubscriptions([listing, gone], account, { account: account.id, tenant: toTenantId('home') });
  const { subscriptions } = assembleEstate(
    sightings,
    { customers: [], problems: [] },
    { cloud: 'test', seenAt: '', complete: true },
  );
  assert.deepEqual(
    subscriptions?.map(({ id, tenant, customer, paths }) => [id, tenant, customer, paths.map(({ kind }) => kind)]),
    [['s', 'contoso', 'contoso', ['lighthouse', 'guest']]],
  );
});
