import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { findCspCustomers } from '../../../src/core/access/cspCustomers.ts';
import { relationshipWords } from '../../../src/core/access/relationshipWords.ts';
import type { CspWorld } from '../../../src/core/access/cspCustomers.ts';
import { addToCome } from '../../../src/core/access/toComeEntries.ts';
import { parseBaseline } from '../../../src/core/baseline/parseBaseline.ts';
import { readCustomersToCome } from '../../../src/core/onboard/readCustomers.ts';
import { parsePartnerExport } from '../../../src/core/access/partnerExport.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { Estate, Tenant } from '../../../src/model/estate.ts';
import { toAccountId, toCustomerKey, toTenantId } from '../../../src/model/ids.ts';
import type { AdminRelationship, PartnerContract } from '../../../src/ports/microsoftGraph.ts';
import { PROVIDER, workspace, WOODGROVE } from '../../harness/customerFacts.ts';

const LAMNA = 'cccccccc-0000-4000-8000-00000000000c';
const SHUT = 'dddddddd-0000-4000-8000-00000000000d';
const me = toAccountId('me');

const tenant = (id: string, name: string, more: Partial<Tenant> = {}): Tenant => ({
  id: toTenantId(id),
  name,
  customer: toCustomerKey(name.toLowerCase()),
  state: 'entered',
  accounts: [me],
  ...more,
});
const estate: Estate = {
  cloud: 'public',
  accounts: [{ id: me, label: 'me', homeTenant: PROVIDER }],
  customers: [{ key: toCustomerKey('woodgrove'), name: 'Woodgrove', groups: [], tags: {}, tenants: [WOODGROVE] }],
  tenants: [
    tenant(PROVIDER, 'Provider'),
    tenant(WOODGROVE, 'Woodgrove'),
    tenant(SHUT, 'Shut', {
      state: 'signInRequired',
      error: { code: 'auth.signInRequired', message: 'Sign in to Shut.', retryable: false },
    }),
  ],
  workspaces: [workspace('law', { paths: [{ kind: 'lighthouse', account: me, issuer: PROVIDER }] })],
  seenAt: '2026-11-29T00:00:00.000Z',
  problems: [],
};
const contract = (id: string, name: string, domain = ''): PartnerContract => ({ tenant: id, name, domain });
const relationship = (id: string, status: string, ends?: string): AdminRelationship => ({
  tenant: id,
  customerName: 'as the relationship has it',
  name: 'relationship',
  status,
  ...(ends === undefined ? {} : { ends }),
  roles: [],
});

function find(
  given: {
    readonly contracts?: readonly PartnerContract[] | AppError;
    readonly relationships?: readonly AdminRelationship[];
    readonly exported?: readonly PartnerContract[];
    readonly agreed?: NonNullable<CspWorld['agreed']>;
  } = {},
) {
  const { contracts = [], relationships = [], exported = [], agreed = {} } = given;
  const text = JSON.stringify({ customers: [{ name: 'Woodgrove', tenants: [WOODGROVE] }] });
  return findCspCustomers(
    {
      estate: { load: async () => estate },
      customers: { load: async () => parseCustomers(text, 'customers.json') },
      clock: { now: () => Date.parse('2026-11-29T12:00:00Z') },
      agreed,
      graph: {
        contracts: async (issuer) => {
          assert.equal(issuer.tenant, PROVIDER);
          if (contracts instanceof AppError) throw contracts;
          return contracts;
        },
        relationships: async () => relationships,
      },
    },
    exported,
  );
}

describe('customers of a partner', () => {
  test('one whose workspaces are reached and that is named is onboarded; others say what they lack', async () => {
    const { customers, problems } = await find({
      contracts: [contract(WOODGROVE, 'Woodgrove Bank'), contract(LAMNA, 'Lamna'), contract(SHUT, 'Shut')],
      relationships: [relationship(LAMNA, 'terminated'), relationship(LAMNA, 'approvalPending')],
    });
    assert.deepEqual(problems, []);
    const [lamna, shut, woodgrove] = customers;
    assert.deepEqual([woodgrove!.onboarded, woodgrove!.missing, woodgrove!.workspaces], [true, [], 1]);
    assert.deepEqual([lamna!.name, lamna!.relationship?.status], ['Lamna', 'approvalPending']);
    assert.match(lamna!.missing[0]!, /^No access: none of its subscriptions is delegated/);
    assert.match(lamna!.missing[1]!, /^Name it in the customers file/);
    assert.match(lamna!.missing[2]!, /is approval pending: until one is active, its own administrator/);
    assert.equal(shut!.missing[0], 'Sign in to Shut.');
  });

  test('a source that refuses is told; the export stands in for it, and each customer is there once', async () => {
    const refused = new AppError('access.microsoftGraph', 'Not allowed.');
    const { customers, problems } = await find({
      contracts: refused,
      relationships: [relationship(LAMNA, 'active')],
      exported: [contract(LAMNA, 'Lamna Healthcare', 'lamna.example')],
    });
    assert.deepEqual(
      problems.map(({ where, error }) => [where, error.message]),
      [['Contracts of Provider', 'Not allowed.']],
    );
    assert.equal(customers.length, 1);
    assert.deepEqual(customers[0]!.sources, ['export', 'relationship']);
    assert.equal(customers[0]!.name, 'Lamna Healthcare');
  });
});

describe('what is missing for each customer of a partner', () => {
  test('is a word each: an end that is near, a baseline that says nothing of it, roll-ups that leave it out', async () => {
    const { baseline } = parseBaseline('{"customers": {"Contoso": {"workspace": {"retentionDays": 90}}}}', 'b.json');
    const others: Scope = { include: [{ kind: 'customer', value: 'nobody' }], except: [] };
    const { customers } = await find({
      contracts: [contract(WOODGROVE, 'Woodgrove Bank'), contract(LAMNA, 'Lamna')],
      relationships: [
        relationship(WOODGROVE, 'active', '2026-12-10T00:00:00Z'),
        relationship(LAMNA, 'active', '2028-11-28T00:00:00Z'),
      ],
      agreed: { baseline, rollups: [others] },
    });
    const [lamna, woodgrove] = customers;
    assert.deepEqual([woodgrove!.onboarded, woodgrove!.lacks], [true, ['relationship', 'baseline', 'roll-ups']]);
    assert.match(woodgrove!.missing[0]!, /relationship ends on 2026-12-10: request the next one/);
    assert.equal(relationshipWords(woodgrove!), 'active until 2026-12-10 (10 days left)');
    // Where nobody gets in, there is nothing to agree on yet.
    assert.deepEqual([lamna!.onboarded, lamna!.lacks], [false, ['access', 'name']]);
    assert.equal(relationshipWords(lamna!), 'active until 2028-11-28');
  });

  test('nothing where everything that was agreed reaches it, and where nothing was', async () => {
    const { baseline } = parseBaseline('{"provider": {"workspace": {"retentionDays": 90}}}', 'b.json');
    for (const agreed of [{ baseline, rollups: [EVERYTHING] }, {}]) {
      const { customers } = await find({
        relationships: [relationship(WOODGROVE, 'active', '2028-11-28T00:00:00Z')],
        agreed,
      });
      assert.deepEqual(customers[0]!.lacks, []);
    }
  });

  test('is written into a file of customers to come once, and nothing else of it changes', async () => {
    const { customers } = await find({ contracts: [contract(LAMNA, 'Lamna'), contract(SHUT, 'Shut')] });
    const made = addToCome(undefined, customers.slice(0, 1));
    assert.match(made.text.split('\n')[made.line - 1]!, /"subscription": ""/);
    assert.deepEqual(JSON.parse(made.text), { customers: [{ name: 'Lamna', tenant: LAMNA, subscription: '' }] });
    // Its own check asks for what nobody knows from here.
    assert.ok(readCustomersToCome(made.text).problems.some(({ message }) => /subscription/.test(message)));
    const own = '{ "offer":   null,\n  "customers": [\n    { "name": "Mine", "tenant": "x" }\n  ]\n}\n';
    const more = addToCome(own, customers);
    assert.deepEqual(more.added, ['Lamna', 'Shut']);
    assert.match(more.text, /^\{ "offer": {3}null,\n {2}"customers": \[\n {4}\{ "name": "Mine", "tenant": "x" \},/);
    assert.deepEqual(addToCome(more.text, customers), { text: more.text, added: [], line: 1 });
    assert.throws(() => addToCome('{"customers": {}}', customers), { code: 'input.customersToCome' });
    assert.throws(() => addToCome('{', customers), /customers-to-come\.json:1: .* Nothing was written\./);
  });
});

describe('an export of Partner Center', () => {
  const expected = [{ tenant: LAMNA, name: 'Lamna, "Inc"', domain: 'lamna.example' }];
  const row = `${LAMNA.toUpperCase()},"Lamna, ""Inc""",Lamna.example,Cloud Reseller,\r\n`;

  test('is read as the page writes it, in English and in the language of the person', () => {
    for (const head of [
      'Microsoft ID,Company name,Primary domain name,Relationship,Tags',
      'Microsoft-ID,Firmenname,Primärer Domänenname,Beziehung,Tags',
    ])
      assert.deepEqual(parsePartnerExport(`\uFEFF${head}\r\n${row}\r\n`, 'Customers.csv'), expected);
  });

  test('is read as a spreadsheet saved it: with semicolons, with tabs, its columns in another order', () => {
    const head = ['Firmenname', 'Partner-Kennung', 'Microsoft-ID', 'Schlagwörter', 'Primärer Name'];
    for (const separator of [';', '\t']) {
      const line = ['"Lamna, ""Inc"""', '4711', LAMNA, '', 'lamna.example'];
      const text = [head, line].map((fields) => fields.join(separator)).join('\r\n');
      assert.deepEqual(parsePartnerExport(text, 'Customers.csv'), expected);
    }
  });

  test('is read as the API answers, whole or its items', () => {
    const items = [
      { id: LAMNA, companyProfile: { tenantId: LAMNA, companyName: 'Lamna, "Inc"', domain: 'lamna.example' } },
    ];
    assert.deepEqual(parsePartnerExport(JSON.stringify({ totalCount: 1, items }), 'x.json'), expected);
    assert.deepEqual(parsePartnerExport(JSON.stringify(items), 'x.json'), expected);
  });

  test('says what is wrong with it, and where', () => {
    const wrong = (text: string) => {
      try {
        parsePartnerExport(text, 'x');
      } catch (error) {
        return (error as AppError).message;
      }
      return undefined;
    };
    assert.match(wrong('a,b\n1,2\n')!, /no column "Microsoft ID"/);
    assert.match(wrong(`Microsoft ID,Company name\n${LAMNA},Lamna\nx,y\n`)!, /no tenant in its line 3/);
    const cut = `Microsoft ID,Company name\n${LAMNA},Lamna\n${LAMNA},Acme "Best" Ltd\n${LAMNA},Behind it\n`;
    assert.match(wrong(cut)!, /a quotation mark in its line 3/, 'those behind it are not left out in silence');
    assert.match(wrong('{"items":[{}]}')!, /customer \(number 1\) without a tenant/);
    assert.match(wrong('{')!, /no valid JSON/);
    assert.match(wrong('Microsoft ID\n')!, /no column|no customer/);
  });
});
