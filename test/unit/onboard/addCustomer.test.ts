import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCustomer } from '../../../src/core/onboard/addCustomer.ts';
import { readCustomersToCome } from '../../../src/core/onboard/readCustomers.ts';
import { toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { ComingAnswers } from '../../../src/model/onboarding.ts';

const GROUP = '7656deeb-f657-4c27-bb27-61dd1bfd76dc';
const answers: ComingAnswers = {
  name: 'Tailspin Toys',
  key: 'tailspin-toys',
  tenant: toTenantId('11111111-1111-4111-8111-111111111111'),
  subscription: toSubscriptionId('22222222-2222-4222-8222-222222222222'),
  access: 'lighthouse',
  architecture: 'distributed',
  region: 'westeurope',
  resourceGroup: 'rg-tailspin-toys-logs',
  workspace: 'law-tailspin-toys-westeurope',
  retentionDays: 90,
  offer: {
    name: 'Managed logs',
    description: 'Managed logs',
    managedBy: toTenantId('33333333-3333-4333-8333-333333333333'),
    authorizations: [
      {
        principalId: GROUP,
        name: 'Operations',
        role: { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor' },
      },
    ],
  },
};
const { offer: _, ...guest } = { ...answers, access: 'guest' as const, guests: ['a@example.com'] };

test('a first customer begins the file, with the offer; names of the convention are left to it', () => {
  const { text, key } = addCustomer(undefined, answers);
  assert.equal(key, 'tailspin-toys');
  assert.deepEqual(JSON.parse(text), {
    customers: [
      {
        name: 'Tailspin Toys',
        key: 'tailspin-toys',
        tenant: answers.tenant,
        subscription: answers.subscription,
        access: 'lighthouse',
        architecture: 'distributed',
        region: 'westeurope',
        retentionDays: 90,
      },
    ],
    offer: {
      name: 'Managed logs',
      managedBy: answers.offer!.managedBy,
      authorizations: [{ principalId: GROUP, name: 'Operations', role: 'Contributor' }],
    },
  });
  const [made] = readCustomersToCome(text).customers;
  assert.deepEqual([made!.workspace, made!.resourceGroup], [answers.workspace, answers.resourceGroup]);
});

test('a further one is added behind the others: what somebody wrote stays as it is, defaults are not said again', () => {
  const before = `{
  "names": { "workspace": "logs-{customer}" },
  "defaults": { "region": "westeurope",   "retentionDays": 90, "access": "guest", "guests": ["a@example.com"] },
  "customers": [
    { "name": "One", "tenant": "44444444-4444-4444-8444-444444444444", "subscription": "55555555-5555-4555-8555-555555555555" }
  ]
}
`;
  const { text } = addCustomer(before, { ...guest, dailyCapGb: 5 });
  assert.ok(text.startsWith(before.slice(0, before.lastIndexOf('\n  ]'))), text);
  const { customers } = JSON.parse(text) as { readonly customers: readonly object[] };
  assert.deepEqual(customers[1], {
    name: 'Tailspin Toys',
    key: 'tailspin-toys',
    tenant: answers.tenant,
    subscription: answers.subscription,
    architecture: 'distributed',
    dailyCapGb: 5,
    // The convention of this file is another one.
    workspace: 'law-tailspin-toys-westeurope',
  });
});

test('nothing is written into a file with a mistake, and no entry that would be one', () => {
  assert.throws(() => addCustomer('{ "customers": [{ "name": "One" }] }', answers), {
    code: 'input.onboarding',
    message: /a mistake in line 1: .*nothing was written/,
  });
  const once = addCustomer('', guest).text;
  assert.throws(() => addCustomer(once, guest), /has the key "tailspin-toys" of Tailspin Toys.*Nothing was written/);
  assert.throws(() => addCustomer('', { ...guest, guests: [] }), /needs "guests".*Nothing was written/);
});
