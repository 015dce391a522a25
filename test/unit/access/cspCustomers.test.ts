import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { findCspCustomers } from '../../../src/core/access/cspCustomers.ts';
import { parsePartnerExport } from '../../../src/core/access/partnerExport.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
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
  customers: [],
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
const relationship = (id: string, status: string): AdminRelationship => ({
  tenant: id,
  customerName: 'as the relationship has it',
  name: 'relationship',
  status,
  roles: [],
});

function find(
  given: {
    readonly contracts?: readonly PartnerContract[] | AppError;
    readonly relationships?: readonly AdminRelationship[];
    readonly exported?: readonly PartnerContract[];
  } = {},
) {
  const { contracts = [], relationships = [], exported = [] } = given;
  const text = JSON.stringify({ customers: [{ name: 'Woodgrove', tenants: [WOODGROVE] }] });
  return findCspCustomers(
    {
      estate: { load: async () => estate },
      customers: { load: async () => parseCustomers(text, 'customers.json') },
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
    assert.match(wrong('{"items":[{}]}')!, /customer \(number 1\) without a tenant/);
    assert.match(wrong('{')!, /no valid JSON/);
    assert.match(wrong('Microsoft ID\n')!, /no column|no customer/);
  });
});
