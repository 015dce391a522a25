import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphTargets } from '../../../src/core/runs/graph/graphTargets.ts';
import type { Subscription } from '../../../src/model/estate.ts';
import { toAccountId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { estateOf } from './world.ts';

const PATH = { kind: 'lighthouse', account: toAccountId('sp:app'), issuer: toTenantId('home') } as const;

test('no request names subscriptions of two customers, even of one tenant', () => {
  const estate = estateOf(2);
  const [first, second] = estate.workspaces;
  const of = (id: string, { customer }: Pick<Subscription, 'customer'>): Subscription => ({
    id: toSubscriptionId(id),
    name: id,
    customer,
    tenant: first!.tenant,
    paths: [PATH],
  });
  const targets = graphTargets([of('a1', first!), of('b1', second!), of('a2', first!)], estate);
  assert.deepEqual(
    targets.map(({ target, way }) => [
      target.customer,
      target.kind === 'subscriptions' ? target.subscriptions : [],
      way && 'subscriptions' in way ? [...way.subscriptions.keys()] : [],
    ]),
    [
      [first!.customer, ['a1', 'a2'], ['a1', 'a2']],
      [second!.customer, ['b1'], ['b1']],
    ],
  );
});
