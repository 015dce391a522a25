/** The lists of the wizard: who is meant, where, and for how long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { regionChoices } from '../../../src/core/provision/regionChoices.ts';
import {
  ownerItems,
  regionItems,
  retentionItems,
  subscriptionItems,
  typedRetention,
} from '../../../src/extension/provision/pickItems.ts';
import { toAccountId, toCustomerKey, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { HOME, sampleEstate, tenant } from './sampleEstate.ts';

const OTHER = toTenantId('00000000-0000-4000-8000-000000000009');
const place = (owner: typeof HOME, customer: string, name = 'Production') => ({
  account: toAccountId('vscode:me'),
  issuer: HOME,
  tenant: owner,
  customer: toCustomerKey(customer),
  subscription: toSubscriptionId(`sub-of-${customer}`),
  name,
});

/** Two customers called Contoso, each with a tenant of that name. */
function twice(domain?: string) {
  const { customers, tenants, ...rest } = sampleEstate();
  const key = toCustomerKey('contoso-2');
  const { defaultDomain: _, ...second } = tenant(OTHER, 'Contoso', 'contoso-2');
  return {
    ...rest,
    customers: [...customers, { key, name: 'Contoso Ltd', groups: [], tags: {}, tenants: [OTHER] }],
    tenants: [...tenants, { ...second, ...(domain === undefined ? {} : { defaultDomain: domain }) }],
  };
}

test('two customers of one name are told apart by their domains, else by the tenant', () => {
  const places = [place(HOME, 'contoso'), place(OTHER, 'contoso-2')];
  const told = (domain?: string) =>
    ownerItems(places, twice(domain)).map(({ label, description }) => `${label}: ${description}`);
  assert.deepEqual(told('contoso-uk.example'), [
    'Contoso Ltd: Contoso · contoso-uk.example',
    'Contoso Ltd: Contoso · contoso.example',
  ]);
  assert.deepEqual(told(), [`Contoso Ltd: Contoso · ${OTHER}`, 'Contoso Ltd: Contoso · contoso.example']);
  // A domain that two tenants claim tells nothing.
  assert.deepEqual(told('CONTOSO.example'), [`Contoso Ltd: Contoso · ${HOME}`, `Contoso Ltd: Contoso · ${OTHER}`]);
});

test('a delegated subscription says to whom, and every subscription its id', () => {
  const [item] = subscriptionItems([place(OTHER, 'contoso-2')], `contoso-2|${OTHER}`, twice('contoso-uk.example'));
  assert.deepEqual(
    [item?.label, item?.description, item?.detail],
    ['Production', 'sub-of-contoso-2', 'Delegated by Lighthouse to Contoso (contoso.example)'],
  );
});

test('regions: declared and used ones first, under headings, by name with code', () => {
  const estate = sampleEstate();
  const declared = estate.customers.map((customer) => ({ ...customer, declared: { regions: ['switzerlandnorth'] } }));
  const offered = [
    { name: 'eastus', displayName: 'East US' },
    { name: 'northeurope', displayName: 'North Europe' },
    { name: 'switzerlandnorth', displayName: 'Switzerland North' },
    { name: 'westeurope', displayName: 'West Europe' },
  ];
  const choices = regionChoices(offered, { ...estate, customers: declared }, toCustomerKey('contoso'));
  assert.deepEqual(
    regionItems(choices).map((item) => ('heading' in item ? `- ${item.heading}` : `${item.label} ${item.description}`)),
    [
      '- Declared for Contoso Ltd',
      'Switzerland North switzerlandnorth · declared',
      '- In use by Contoso Ltd',
      'North Europe northeurope · 1 workspace of Contoso Ltd',
      'West Europe westeurope · 1 workspace of Contoso Ltd',
      '- All other regions',
      'East US eastus',
    ],
  );
  assert.equal(choices.ready, 'switzerlandnorth');
});

test('days: the usual, what is proposed, declared and so now, each with its word; any number may be typed', () => {
  const context = { declared: { retentionDays: 400 }, customer: 'Contoso', now: 90 };
  const items = retentionItems(context, [{ days: 500, why: 'proposed' }]);
  assert.deepEqual(
    items.filter(({ description }) => description).map(({ label, description }) => `${label}: ${description}`),
    ['90 days: now', '400 days: declared', '500 days: proposed'],
  );
  assert.match(items[0]!.detail!, /Fewer than the 400 days declared for Contoso/);
  const typed = (text: string) => typedRetention(text, context, items);
  assert.deepEqual([typed('')?.label, typed('90')?.label], [undefined, undefined]);
  assert.deepEqual([typed('450')?.label, typed('450')?.value], ['$(check) 450 days', 450]);
  assert.equal(typed('31')?.label, '$(warning) 31 days');
  for (const text of ['12', '731', 'a lot'])
    assert.deepEqual([typed(text)?.refused, typed(text)?.label.startsWith('$(error)')], [true, true], text);
  assert.match(typed('4383')!.detail!, /up to 12 years, is the total retention of single tables/);
});

test('a legacy tier offers the retention it fixes, and says so of every other', () => {
  const items = retentionItems({ sku: 'Free', now: 7 });
  assert.deepEqual(
    items.map(({ value }) => value),
    [7],
  );
  assert.match(typedRetention('30', { sku: 'Free', now: 7 }, items)!.detail!, /keeps logs for 7 days/);
});
