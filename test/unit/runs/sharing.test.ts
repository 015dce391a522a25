import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsOf } from '../../../src/core/runs/across/sharing.ts';
import type { Shareable } from '../../../src/core/runs/across/sharing.ts';
import { toAccountId, toCustomerKey, toTenantId } from '../../../src/model/ids.ts';

/** Workspaces `from` to before `to`, alike in everything but what `more` says of each. */
function some(to: number, more: (n: number) => Partial<Shareable<number>> = () => ({}), from = 0): Shareable<number>[] {
  return Array.from({ length: to - from }, (_, i) => ({
    target: from + i,
    issuer: { account: toAccountId('a'), tenant: toTenantId('t') },
    customer: toCustomerKey('c'),
    region: 'westeurope',
    likes: 'T | count',
    ...more(from + i),
  }));
}
const sizes = (groups: readonly (readonly number[])[]): number[] => groups.map(({ length }) => length);

test('a hundred are asked at once, and who is left over alone', () => {
  assert.deepEqual(
    sizes(groupsOf(some(1_000), 'everyone')),
    Array.from({ length: 10 }, () => 100),
  );
  assert.deepEqual(sizes(groupsOf(some(250), 'everyone')), [100, 100, 50]);
  assert.deepEqual(sizes(groupsOf(some(201), 'everyone')), [100, 100]);
  assert.deepEqual(groupsOf(some(1), 'everyone'), []);
});

test('nobody is asked with others unless that is permitted', () => {
  assert.deepEqual(groupsOf(some(10), 'never'), []);
  const customers = some(10, (n) => ({ customer: toCustomerKey(`c${n % 2}`) }));
  assert.deepEqual(sizes(groupsOf(customers, 'sameCustomer')), [5, 5]);
  assert.deepEqual(sizes(groupsOf(customers, 'everyone')), [10]);
});

test('another token, another tenant or another text is another request', () => {
  const issuer = (account: string, tenant: string) => ({ account: toAccountId(account), tenant: toTenantId(tenant) });
  const tokens = some(9, (n) => ({ issuer: [issuer('a', 't'), issuer('b', 't'), issuer('a', 'u')][n % 3]! }));
  assert.deepEqual(sizes(groupsOf(tokens, 'everyone')), [3, 3, 3]);
  assert.deepEqual(
    sizes(
      groupsOf(
        some(9, (n) => ({ likes: `T | take ${n % 3}` })),
        'everyone',
      ),
    ),
    [3, 3, 3],
  );
});

test('a request spans few regions, and never twenty', () => {
  const spread = groupsOf(
    some(200, (n) => ({ region: `region${n % 2}` })),
    'everyone',
  );
  assert.deepEqual(
    spread.map((group) => new Set(group.map((n) => n % 2)).size),
    [1, 1],
  );
  const wide = groupsOf(
    some(60, (n) => ({ region: `region${String(n % 30).padStart(2, '0')}` })),
    'everyone',
  );
  assert.deepEqual(sizes(wide), [38, 22]);
});
