import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportAssessment } from '../../../src/app/assessmentExport.ts';
import { NameGuard } from '../../../src/core/assess/copy/nameGuard.ts';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import type { CustomerFacts } from '../../../src/model/assessment/subject.ts';
import type { Customer, Estate, Tenant } from '../../../src/model/estate.ts';
import { toCustomerKey, toTenantId } from '../../../src/model/ids.ts';
import { assessmentOf, called } from '../../harness/assessmentSample.ts';
import { DENIED, healthyCustomer, unknownFact, withPart, workspace } from '../../harness/customerFacts.ts';

const FORMATS = ['html', 'md', 'json', 'sarif'] as const;
const WOODGROVE = toCustomerKey('woodgrove');

/** What the service might write into an answer for Woodgrove: any fact of it is refused with this text. */
function refusedWith(message: string): CustomerFacts {
  const facts = withPart(healthyCustomer(), { customers: 2 });
  const [own] = facts.own;
  return {
    ...facts,
    own: [{ ...own!, agents: { ...unknownFact(), state: 'unknown', error: { ...DENIED, message } } }],
  };
}

/** The estate in which Woodgrove is served beside these others; in the assessment only Woodgrove is. */
function estateWith(...others: readonly string[]): Estate {
  const keyOf = (name: string) => toCustomerKey(name.toLowerCase().replaceAll(' ', '-'));
  const customer = (name: string, key = keyOf(name)): Customer => ({ key, name, groups: [], tags: {}, tenants: [] });
  const tenant = (name: string, key = keyOf(name)): Tenant => ({
    id: toTenantId(`tenant-of-${key}`),
    name: `${name} Directory`,
    defaultDomain: `${key}.onmicrosoft.test`,
    customer: key,
    state: 'entered',
    accounts: [],
  });
  return {
    cloud: 'emulator',
    accounts: [],
    customers: [customer('Woodgrove Bank', WOODGROVE), ...others.map((name) => customer(name))],
    tenants: others.map((name) => tenant(name)),
    workspaces: [
      workspace('law-woodgrove'),
      ...others.map((name) => workspace(`law-of-${keyOf(name)}`, { customer: keyOf(name) })),
    ],
    seenAt: '2026-11-28T09:00:00.000Z',
    problems: [],
  };
}

const write = (assessment: Assessment, estate: Estate, format: (typeof FORMATS)[number]): Promise<string> =>
  exportAssessment(assessment, estate, { format, version: '1.2.3', customer: WOODGROVE });

describe("one customer's copy", () => {
  const SECRETS = [
    'Secretive Foods: no access to Secret_CL.',
    'The client ann@secretive.test may not read stsecretivefoods01.',
    'Denied for /subscriptions/1/resourceGroups/rg-secretive-foods/providers/x.',
    'Denied for law-of-secretive-foods.',
    'Ask SECRETIVE\u200B FOODS.',
    'Ask Café Zürich AG (Cafe\u0301 Zu\u0308rich AG).',
    'Ask CAFÉ ZÜRICH ag.',
    'Shared with EY.',
    'Shared with P&G Europe.',
    'Shared with C++ (Zurich) Ltd.',
  ];
  const estate = estateWith('Secretive Foods', 'Secretive', 'Café Zürich AG', 'EY', 'P&G Europe', 'C++ (Zurich) Ltd');
  for (const secret of SECRETS)
    it(`leaves out a text that names somebody else, in every format: ${secret}`, async () => {
      for (const format of FORMATS) {
        const text = await write(assessmentOf([refusedWith(secret)]), estate, format);
        assert.doesNotMatch(text, /secretive|secret_cl|caf\S? z|C\+\+|P&(amp;)?G|Shared with/i);
        if (format !== 'sarif') assert.match(text, /left out: it names somebody else/);
      }
    });

  it('keeps what names only the customer, though others are called alike', async () => {
    const others = estateWith('Woodgrove', 'Bank', 'Wood', 'Grove', 'W', 'Woodgrove Bank Asia');
    const own = refusedWith('Woodgrove Bank cannot read law-woodgrove.');
    assert.match(await write(assessmentOf([own]), others, 'json'), /Woodgrove Bank cannot read law-woodgrove\./);
    for (const message of ['Ask Woodgrove Bank Asia.', 'The bank of grove.'])
      assert.ok(!(await write(assessmentOf([refusedWith(message)]), others, 'json')).includes(message), message);
  });

  it('stays what it is where others are called like words of the product', async () => {
    const assessment = assessmentOf([refusedWith('Nobody may read this.')]);
    const plain = estateWith('Xylo', 'Yggdra', 'Zeppel');
    const odd = estateWith('Central', 'Perf', 'East', 'It', 'A', 'Hybrid', 'high', 'Workspace', '365', '30', 'Query');
    for (const format of FORMATS)
      assert.equal(await write(assessment, odd, format), await write(assessment, plain, format), format);
  });

  it('calls the workspaces of the provider so, whether the assessment has the provider or not', async () => {
    const estate2: Estate = {
      ...estateWith('Fabrikam'),
      customers: [
        ...estateWith('Fabrikam').customers,
        { key: toCustomerKey('msp'), name: 'Msp', groups: [], tags: {}, tenants: [], provider: true },
      ],
      workspaces: [workspace('law-woodgrove'), workspace('msp-centre', { customer: toCustomerKey('msp') })],
    };
    for (const format of FORMATS) {
      const text = await write(assessmentOf([healthyCustomer()]), estate2, format);
      assert.doesNotMatch(text, /msp-centre|left out/);
      if (format !== 'sarif') assert.match(text, /the provider(&#39;|')s workspace/);
    }
  });

  it('counts nobody else: not how large the estate is, nor whose rows lie beside its own', async () => {
    const shared = withPart(healthyCustomer(), {
      tables: { Perf: 900 },
      rows: 900,
      customers: 7,
      unattributed: { rows: 1812, gb: 1, of: 9876 },
    });
    const crowd = { ...shared, estate: { ...shared.estate, customers: 471, workspaces: 613, regions: 19 } };
    const whole = assessmentOf([called('Woodgrove', crowd)]);
    const told = JSON.stringify(whole);
    const [{ criteria }] = whole.customers.map(({ fit }) => fit) as [(typeof whole.customers)[number]['fit']];
    assert.ok(criteria.some(({ id }) => id === 'estateSize') && /613|471/.test(told) && /1,?812/.test(told));
    for (const format of ['html', 'md', 'json', 'sarif'] as const)
      assert.doesNotMatch(
        await write(whole, estateWith(), format),
        /\b(?:471|613|1,?812|9,?876|7 customers|6 other customers)\b/,
      );
  });

  it('has no group of the provider, and no id of its workspaces in a picture', async () => {
    const text = await write(
      assessmentOf([called('Woodgrove', healthyCustomer(), ['pays late'])]),
      estateWith(),
      'json',
    );
    assert.doesNotMatch(text, /pays late/);
    const { customers } = JSON.parse(text) as Assessment;
    const { places, flows } = customers[0]!.pictures.today;
    const ids = places.flatMap(({ id: place, boxes }) => [place, ...boxes.map(({ id }) => id)]);
    assert.equal(new Set(ids).size, ids.length);
    for (const { from, to } of flows) assert.ok([from, to ?? from].every((id) => ids.includes(id)));
    assert.doesNotMatch(JSON.stringify([places, flows]), /subscriptions/);
  });
});

describe('whom a text names', () => {
  const guard = new NameGuard(
    ['Con', 'Contoso Labs'],
    ['Contoso', 'Contoso Labs Asia', 'BP', 'Straße', 'İstanbul', 'it'],
  );
  const says = (text: string): boolean => guard.names(text);
  it('is the longest name that fits', () => {
    assert.deepEqual(['Contoso Labs', 'contoso-labs', 'contosolabsprod', 'Con', 'con-01'].filter(says), [], 'its own');
    const theirs = ['Contoso', 'Contoso_CL', 'stcontoso', 'Contoso Labs Asia', 'contosolabsasia'];
    assert.deepEqual(theirs.filter(says), theirs);
  });
  it('does not depend on how letters are written, but for short names', () => {
    assert.deepEqual(['STRASSE', 'istanbul', 'BP', 'of BP.'].map(says), [true, true, true, true]);
    assert.deepEqual(['bp', 'it is', 'ABP', 'bpm'].map(says), [false, false, false, false]);
  });
});
