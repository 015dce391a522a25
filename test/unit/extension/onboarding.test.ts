/** What the wizard of onboarding says and gives, and what stands above a customer's document. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Emitter } from '../../../src/base/event.ts';
import { addCustomer } from '../../../src/core/onboard/addCustomer.ts';
import { readCustomersToCome } from '../../../src/core/onboard/readCustomers.ts';
import { planItem } from '../../../src/extension/baseline/planItem.ts';
import type { App } from '../../../src/extension/platform/app.ts';
import { comingItems } from '../../../src/extension/provision/onboarding/comingItems.ts';
import { offerToContinue } from '../../../src/extension/provision/onboarding/offerToContinue.ts';
import {
  customerNameWord,
  guestsWord,
  guidWord,
  namesOf,
  readGuests,
  toComing,
} from '../../../src/extension/provision/onboarding/onboardAnswers.ts';
import type { OnboardAnswers } from '../../../src/extension/provision/onboarding/onboardAnswers.ts';
import { managerItems } from '../../../src/extension/provision/onboarding/managerItems.ts';
import { lensesOf } from '../../../src/extension/provision/onboarding/paperLenses.ts';
import { typedRegion, typedSubscription } from '../../../src/extension/provision/onboarding/typedPlaces.ts';
import { stepsShown } from '../../../src/extension/provision/stepsShown.ts';
import type { Estate, Tenant } from '../../../src/model/estate.ts';
import { toCustomerKey, toTenantId } from '../../../src/model/ids.ts';
import type { AccountId } from '../../../src/model/ids.ts';
import type { OnboardingState } from '../../../src/model/onboarding.ts';
import type { ComingRow, ComingView, CustomerPaper } from '../../../src/protocol/onboarding.ts';

const GUID = '7656deeb-f657-4c27-bb27-61dd1bfd76dc';
const answers: OnboardAnswers = {
  chosen: 'new',
  name: 'Müller & Söhne',
  otherTenant: false,
  tenant: toTenantId('11111111-1111-4111-8111-111111111111'),
  tenantName: 'mueller.example',
  access: 'lighthouse',
  otherManager: false,
  managedBy: toTenantId('33333333-3333-4333-8333-333333333333'),
  offerName: 'Managed logs',
  principalId: GUID,
  principalName: 'Operations',
  role: { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor' },
  guests: ['a@example.com'],
  application: GUID,
  architecture: 'distributed',
  centralWorkspace: '',
  place: undefined,
  subscription: '22222222-2222-4222-8222-222222222222',
  region: 'westeurope',
  resourceGroup: 'rg-muller-sohne-logs',
  workspace: 'law-muller-sohne-westeurope',
  ownGroup: undefined,
  ownWorkspace: undefined,
  retentionDays: 90,
  dailyCapGb: undefined,
};
const viewOf = (text: string, rows: Readonly<Record<string, Partial<ComingRow>>> = {}): ComingView => {
  const { customers, offer, ...rest } = readCustomersToCome(text);
  return {
    ...rest,
    offers: offer !== undefined,
    customers: customers.map((customer) => ({ customer, interrupted: false, ...rows[customer.key] })),
  };
};
const EMPTY = viewOf('{}');

describe('the answers of a new customer', () => {
  it('become an entry that the file takes, with the offer where it has none, and only what its access needs', () => {
    const added = addCustomer('', toComing(answers, EMPTY));
    const { customers, offer } = readCustomersToCome(added.text);
    const { key, workspace, guests, application } = customers[0]!;
    assert.deepEqual([key, workspace, guests, application], ['muller-sohne', answers.workspace, undefined, undefined]);
    assert.deepEqual(
      offer!.authorizations.map(({ name, role }) => `${name}: ${role.name}`),
      ['Operations: Contributor', 'Operations: Managed Services Registration assignment Delete Role'],
    );
    const second = toComing({ ...answers, name: 'Two' }, viewOf(added.text));
    assert.equal(second.offer, undefined, 'one offer for all');
    assert.deepEqual(toComing({ ...answers, access: 'guest' }, EMPTY).guests, ['a@example.com']);
    assert.equal(toComing({ ...answers, access: 'servicePrincipal' }, EMPTY).application, GUID);
  });

  it('of a central one name our workspace, and none of the customer', () => {
    const centralWorkspace = `/subscriptions/${answers.subscription}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/nb-central`;
    const { text } = addCustomer('', toComing({ ...answers, architecture: 'central', centralWorkspace }, EMPTY));
    const [entry] = (JSON.parse(text) as { readonly customers: readonly object[] }).customers;
    assert.deepEqual(Object.entries(entry!).at(-1), ['centralWorkspace', centralWorkspace]);
    assert.ok(!('workspace' in entry!));
  });

  it('have names by the convention of the file, and words while they are typed', () => {
    const { patterns } = viewOf('{ "names": { "workspace": "{customer}-{tenant}" }, "customers": [] }');
    assert.deepEqual(namesOf(answers, { patterns }), {
      workspace: 'muller-sohne-11111111',
      resourceGroup: 'rg-muller-sohne-logs',
    });
    const taken = viewOf(addCustomer('', toComing(answers, EMPTY)).text);
    assert.match(customerNameWord('MÜLLER Söhne', taken).text, /has Müller & Söhne already/);
    assert.deepEqual(customerNameWord('!', taken).kind, 'wrong');
    assert.match(customerNameWord('Contoso Ltd', taken).text, /made of "contoso-ltd"/);
    assert.deepEqual(
      ['x', GUID].map((text) => guidWord(text, 'It').kind),
      ['wrong', 'right'],
    );
    assert.deepEqual(readGuests('a@b.example, c@d.example;e@f.example '), [
      'a@b.example',
      'c@d.example',
      'e@f.example',
    ]);
    assert.deepEqual(
      ['', 'a@b.example, c', 'a@b.example'].map((text) => guestsWord(text).kind),
      ['wrong', 'wrong', 'right'],
    );
  });
});

describe('who manages', () => {
  const tenant = (name: string, customer: string, accounts = 1): Tenant => ({
    id: toTenantId(name),
    name,
    defaultDomain: `${name}.example`,
    customer: toCustomerKey(customer),
    state: 'entered',
    accounts: Array.from({ length: accounts }, () => ({ account: 'a' as AccountId, kind: 'guest' }) as never),
  });
  const estate = (homeTenant?: string, provider?: true): Estate => ({
    cloud: 'test',
    accounts: [{ id: 'a', label: 'a', ...(homeTenant ? { homeTenant: toTenantId(homeTenant) } : {}) } as never],
    customers: ['us', 'adatum'].map((key) => ({
      ...{ key: toCustomerKey(key), name: key, groups: [], tags: {}, tenants: [] },
      ...(provider && key === 'us' ? { provider } : {}),
    })),
    tenants: [tenant('adatum', 'adatum'), tenant('ours', 'us'), tenant('lab', 'us'), tenant('closed', 'us', 0)],
    workspaces: [],
    seenAt: '',
    problems: [],
  });
  const labels = (of: Estate) => {
    const { own, others } = managerItems(of);
    return [own.map(({ label }) => label), others.map(({ label, detail }) => `${label}: ${detail ?? ''}`)];
  };

  it('is a tenant of ours; those of customers stand behind another box, where nobody is let in by one wrong click', () => {
    const rest = 'Everybody with that role there could manage: is adatum you?';
    assert.deepEqual(labels(estate('ours', true)), [['ours', 'lab', '$(ellipsis) Another...'], [`adatum: ${rest}`]]);
    assert.deepEqual(labels(estate('ours'))[0], ['ours', '$(ellipsis) Another...']);
    assert.deepEqual(labels(estate()), [['adatum', 'ours', 'lab'], []], 'nothing says which are ours');
  });

  it('is told apart where plans are chosen, too: a customer with two tenants has two', () => {
    const plan = (name: string) => ({ about: [{ what: 'Tenant', name: 'Us', id: name }], changes: [] });
    assert.deepEqual(
      ['ours', 'lab'].map((name) => planItem({ customer: 'us', plan: plan(name) }, estate())),
      ['ours', 'lab'].map((name) => ({ label: 'us', description: `${name}.example · 0 changes` })),
    );
  });
});

describe('what is typed into a list', () => {
  const listed = [{ heading: 'x-ray' }, { label: 'Production', description: GUID }];
  const said = (item: { readonly detail?: string; readonly refused?: true } | undefined): string | undefined =>
    item && `${item.refused ? 'refused' : 'taken'}: ${item.detail ?? ''}`;

  it('is taken, or finds a line, or is told to be wrong', () => {
    assert.match(said(typedSubscription(GUID.replace('7', '8'), listed))!, /^taken: /);
    for (const text of ['', 'prod', GUID.slice(0, 5)]) assert.equal(typedSubscription(text, listed), undefined, text);
    for (const text of ['x', GUID.slice(1, 9), `${GUID.slice(0, 20)}x`])
      assert.match(said(typedSubscription(text, [listed[0]!]))!, /^refused: The ID of a subscription is a GUID/, text);
    assert.match(said(typedRegion('Australia East', []))!, /^taken: /);
    assert.match(said(typedRegion('x', listed))!, /^refused: A region is written like australiaeast/);
    assert.equal(typedRegion('pro', listed), undefined);
  });
});

describe('the number of steps', () => {
  it('is the same from the first box on for who answers as most do', () => {
    interface Answers {
      readonly chosen: string;
      readonly access: string;
    }
    const steps = [
      {},
      { skip: ({ chosen }: Partial<Answers>) => chosen !== 'new' },
      { skip: ({ access }: Partial<Answers>) => access !== 'lighthouse' },
    ];
    const likely = { chosen: 'new', access: 'lighthouse' };
    assert.deepEqual(
      [
        stepsShown<Answers>(steps, [], {}, likely),
        stepsShown<Answers>(steps, [0], { chosen: 'new' }, likely),
        stepsShown<Answers>(steps, [0, 1], { chosen: 'new', access: 'guest' }, likely),
        stepsShown<Answers>(steps, [0], { chosen: 'one of the file' }, likely),
      ],
      [3, 3, 2, 2],
    );
  });
});

describe('the first box', () => {
  const many = ['One', 'Two', 'Three'].reduce(
    (text, name, at) =>
      addCustomer(text, {
        ...toComing({ ...answers, name }, viewOf(text)),
        subscription: `2222222${at}-2222-4222-8222-222222222222` as never,
      }).text,
    '{}',
  );

  it('has what was begun first, then a new one, then the others of the file with how far each is', () => {
    const view = viewOf(many, {
      one: { interrupted: true, last: '2026-11-29T10:00:00.000Z' },
      two: { state: 'waitingForCustomer' },
    });
    assert.deepEqual(
      comingItems(view).map((item) => ('heading' in item ? item.heading : `${item.label}: ${item.description ?? ''}`)),
      [
        '$(debug-continue) Continue Onboarding of One: interrupted, 2026-11-29 10:00',
        '$(add) New Customer...: ',
        'customers-to-come.json',
        'Two: waiting for the customer to let us in',
        'Three: not begun',
        '$(checklist) All 2 Together: ',
      ],
    );
  });

  it('leads to the mistakes of the file, and draws no icon of a name', () => {
    const broken = viewOf(many.replace('"Three"', '"$(trash) Three"').replace('"tenant"', '"tennant"'));
    const items = comingItems(broken).flatMap((item) => ('heading' in item ? [] : [item]));
    assert.ok(items.some(({ label }) => label === '$ (trash) Three'));
    assert.deepEqual([items.at(-1)!.value, /line \d+: /.test(items.at(-1)!.description!)], ['mend', true]);
  });
});

describe('a customer’s document', () => {
  const paper = (state: OnboardingState, more: Partial<CustomerPaper> = {}): CustomerPaper => ({
    ...{ id: '1', key: 'one', name: 'One', title: 'Onboard One', text: '', folder: '/f', handedOver: [], state },
    ...more,
  });
  const titles = (...args: Parameters<typeof lensesOf>): readonly string[] =>
    lensesOf(...args).map(({ title }) => title.replace(/^\$\([\w-]+\) /, ''));

  it('offers what can be done where it stands', () => {
    assert.deepEqual(titles(paper('planned'), 'still', true), ['Carry out this plan']);
    assert.deepEqual(titles(paper('planned', { typed: 'One' }), 'still', true), ['Let this customer go']);
    assert.deepEqual(titles(paper('planned'), 'running', true), []);
    assert.deepEqual(titles(paper('planned'), 'asking', true), ['Make it so, as agreed', 'Not now']);
    assert.deepEqual(
      titles(paper('waitingForCustomer', { request: 'text', handedOver: ['access.md'] }), 'still', true),
      ['Check again', 'Copy text for the customer', 'Open folder'],
    );
    assert.deepEqual(titles(paper('failed'), 'still', true), ['Check again', 'Open folder']);
    assert.deepEqual(titles(paper('done'), 'still', true), ['Open folder']);
  });
});

describe('what a crash interrupted', () => {
  it('is offered once the estate is there, once; who says no is not asked again', async () => {
    const changed = new Emitter<void>();
    const estate = { state: 'loading', onDidChange: changed.event };
    const offered: string[] = [];
    const gone: string[] = [];
    let looks = 0;
    let ended = Promise.resolve();
    const app = {
      store: { add: (one: unknown) => one },
      estate,
      guard: {
        quiet: (_where: string, work: () => Promise<void>) => {
          ended = work();
          return ended;
        },
      },
      notify: {
        offer: (_message: string, button: string) => {
          offered.push(button);
          return Promise.resolve(button.endsWith('One'));
        },
      },
    } as unknown as App;
    const rows = ['One', 'Two', 'Three'].map((name): ComingRow => ({
      customer: { ...toComing({ ...answers, name }, EMPTY), tags: {} },
      interrupted: name !== 'Three',
    }));
    offerToContinue(
      app,
      () => {
        looks++;
        return Promise.resolve(rows);
      },
      (key) => {
        gone.push(key);
        return Promise.resolve();
      },
    );
    changed.fire();
    assert.equal(looks, 0, 'nobody is asked before the estate is there');
    estate.state = 'loaded';
    changed.fire();
    changed.fire();
    await ended;
    assert.deepEqual(
      [looks, offered, gone],
      [1, ['Continue Onboarding of One', 'Continue Onboarding of Two'], ['one']],
    );
  });
});
