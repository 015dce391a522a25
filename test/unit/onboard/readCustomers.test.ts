import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findComing } from '../../../src/core/onboard/findComing.ts';
import { makeName, toNamePart } from '../../../src/core/onboard/names.ts';
import {
  CUSTOMER_FIELDS,
  FILE_FIELDS,
  OFFER_FIELDS,
  SHARED_FIELDS,
  readCustomersToCome,
} from '../../../src/core/onboard/readCustomers.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const SUBSCRIPTION = '22222222-2222-4222-8222-222222222222';
const OFFER = {
  name: 'Managed logs',
  managedBy: '33333333-3333-4333-8333-333333333333',
  authorizations: [
    { principalId: '44444444-4444-4444-8444-444444444444', name: 'Operations', role: 'Log Analytics Contributor' },
  ],
};

const read = (customer: object, more: object = {}) =>
  readCustomersToCome(
    JSON.stringify({ offer: OFFER, defaults: { region: 'West Europe' }, ...more, customers: [customer] }, null, 1),
  );
const tailspin = { name: 'Tailspin Toys AG', tenant: TENANT, subscription: SUBSCRIPTION };

test('an entry with its defaults: names by the convention, the region as Azure writes it', () => {
  const { offer, customers, problems } = read(tailspin);
  assert.deepEqual(problems, []);
  assert.equal(offer?.authorizations[0]?.role.id, '92aaf0da-9dab-42b6-94a3-d43ce8d16293');
  assert.deepEqual(customers, [
    {
      key: 'tailspin-toys-ag',
      name: 'Tailspin Toys AG',
      tenant: TENANT,
      subscription: SUBSCRIPTION,
      access: 'lighthouse',
      architecture: 'distributed',
      region: 'westeurope',
      resourceGroup: 'rg-tailspin-toys-ag-logs',
      workspace: 'law-tailspin-toys-ag-westeurope',
      retentionDays: 30,
      tags: {},
    },
  ]);
});

test('an entry with a mistake is left out whole, with its line; the others stay', () => {
  const mistakes: readonly (readonly [object, RegExp])[] = [
    [{ subscription: 'mine' }, /^"subscription" is a GUID, not "mine"/],
    [{ retentionDays: 7 }, /^At least 30 days/],
    [{ workspace: 'law_{customer}' }, /letters, digits and hyphens only, not "_"/],
    [{ workspace: 'law-{name}' }, /^"\{name\}" is no placeholder of a name: \{customer\}, \{region\}, \{tenant\}/],
    [{ architecture: 'central' }, /needs "centralWorkspace"/],
    [{ access: 'guest' }, /needs "guests"/],
    [{ access: 'guest', guests: ["ann'; curl evil@example"] }, /^"ann'; curl evil@example" is no address of a guest/],
    [{ access: 'servicePrincipal' }, /needs "application"/],
    [{ color: 'red' }, /^"color" is not a field of a customer; use name, key, tenant/],
    [{ tags: { a: 1 } }, /^"a" is a text/],
    [{ key: '../../etc' }, /cannot be the key/],
    [{ name: 'Con' }, /"con" cannot be the key of Con: no folder on Windows/],
    [{ name: '北' }, /cannot be the key of 北/],
  ];
  for (const [wrong, message] of mistakes) {
    const { customers, problems } = read({ ...tailspin, ...wrong });
    assert.deepEqual(customers, [], JSON.stringify(wrong));
    assert.match(problems.map((one) => one.message).join('\n'), message);
    assert.ok(problems[0]!.line > 10, 'the line is of the entry');
  }
  const text = JSON.stringify({
    offer: OFFER,
    defaults: { region: 'westeurope' },
    customers: [{ name: 'Half' }, tailspin, { ...tailspin, name: 'Twin', key: 'twin' }],
  });
  const { customers, problems } = readCustomersToCome(text);
  assert.deepEqual(
    customers.map(({ key }) => key),
    ['tailspin-toys-ag'],
  );
  assert.match(problems.at(-1)!.message, /^Twin has the subscription of Tailspin Toys AG/);
});

test('what is no file of customers to come is told, whatever it is', () => {
  for (const text of ['', '[]', '{', '{"customers": {}}', '{"customers": [1, "x", null]}', '{"offer": 1}'])
    assert.ok(readCustomersToCome(text).problems.length > 0, text);
});

test('a text that ends too early is told that alone, not what it lacks for that reason', () => {
  const { customers, problems } = readCustomersToCome('{\n"offer": {\n"description": "Logs"');
  assert.deepEqual(customers, []);
  assert.doesNotMatch(problems.map(({ message }) => message).join('\n'), /missing|needs/);
  assert.equal(problems.at(-1)!.line, 3);
});

test('a customer of the file is found by key or name; for another one those there are', () => {
  const file = read(tailspin);
  for (const name of ['tailspin-toys-ag', 'tailspin TOYS ag'])
    assert.equal(findComing(name, file, 'come.json').key, 'tailspin-toys-ag');
  assert.throws(() => findComing('tailspin', file, 'come.json'), {
    code: 'input.onboarding',
    message:
      'No customer "tailspin" in come.json: tailspin-toys-ag. Did you mean "Tailspin Toys AG" or "tailspin-toys-ag"?',
  });
});

test('a role that nobody here knows by its name wants its GUID', () => {
  const right = OFFER.authorizations[0];
  const half = read(tailspin, { offer: { ...OFFER, authorizations: [right, { ...right, role: 'Log Wizard' }] } });
  assert.match(half.problems[0]!.message, /"Log Wizard" is no role/);
  const typo = read(tailspin, { offer: { ...OFFER, authorizations: [{ ...right, role: 'Contributr' }] } });
  assert.match(typo.problems[0]!.message, /give its GUID\. Did you mean "Contributor"\?$/);
  assert.equal(half.offer, undefined, 'half an offer lets in others than were meant');
  assert.deepEqual(half.customers, [], 'and nobody is asked to accept it');
});

test('names of people as parts of names of resources', () => {
  assert.equal(toNamePart('Müller & Söhne  AG.'), 'muller-sohne-ag');
  const parts = { customer: 'a', region: 'westeurope', tenant: '11111111' };
  assert.deepEqual(makeName('workspace', 'law-{customer}-{tenant}', parts), { ok: true, name: 'law-a-11111111' });
  assert.equal(makeName('workspace', `law-${'x'.repeat(60)}`, parts).ok, false);
});

test('the schema of the file has the fields that are read', () => {
  interface Schema {
    readonly properties: Readonly<Record<string, Schema>>;
    readonly items?: Schema;
  }
  const path = join(import.meta.dirname, '../../../media/onboard.schema.json');
  const { properties } = JSON.parse(readFileSync(path, 'utf8')) as Schema;
  const named = (schema: Schema): readonly string[] => Object.keys(schema.properties).sort();
  assert.deepEqual(named({ properties }), [...FILE_FIELDS].sort());
  assert.deepEqual(named(properties['offer']!), [...OFFER_FIELDS].sort());
  assert.deepEqual(named(properties['defaults']!), [...SHARED_FIELDS].sort());
  assert.deepEqual(named(properties['customers']!.items!), [...CUSTOMER_FIELDS].sort());
});
