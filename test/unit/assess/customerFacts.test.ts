import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProvider } from '../../../src/core/assess/attribution.ts';
import { toCustomerFacts } from '../../../src/core/assess/customerFacts.ts';
import type { AssessScope } from '../../../src/core/assess/estateFacts.ts';
import { measureEstate } from '../../../src/core/assess/measureEstate.ts';
import type { CustomerFacts } from '../../../src/model/assessment/subject.ts';
import type { Customer, Estate } from '../../../src/model/estate.ts';
import { answer, failure, listedTable } from '../runs/world.ts';
import { AGENTS, ATTRIBUTION, AUDIT, FakeWorld, SOURCES, makeEstate, usageOf } from './fakeWorld.ts';
import type { Changes } from './fakeWorld.ts';

/** Told in every place of customer `secret` that holds a name: in nobody else's facts may it stand. */
const SECRET = 'zugspitze';

const domainsOf: Readonly<Record<string, readonly string[]>> = {
  a: ['a.test', 'both.test'],
  b: ['b.test', 'both.test'],
  secret: [`${SECRET}.test`],
};
const declare = (customer: Customer): Customer => ({
  ...customer,
  declared: { domains: domainsOf[customer.key] ?? [] },
});
const CENTRE = { name: 'centre', customer: 'provider', more: { tags: { for: SECRET } } };
const estate = makeEstate(
  [CENTRE, { name: 'wa', customer: 'a' }, { name: `w-${SECRET}`, customer: 'secret', subscription: `sub-${SECRET}` }],
  'provider',
  ['b'],
  declare,
);

const ROWS = [
  ['Perf', 'sub-a', true, 'elsewhere.test', 40, 0.4],
  ['Perf', '', false, 'pc.b.test', 30, 0.3],
  ['Syslog', '', false, 'b.test', 10, 0.1],
  ['Perf', '', false, 'both.test', 7, 0.07],
  ['Perf', 'sub-provider', true, '', 5, 0.05],
  ['Perf', `sub-${SECRET}`, true, '', 4, 0.04],
  [`${SECRET}_CL`, '', false, `x.${SECRET}.test`, 3, 0.03],
  ['Perf', 'sub-of-nobody', true, `unknown.${SECRET}2.test`, 1, 0.01],
];
const machine = (subscription: string, name: string): string =>
  `/subscriptions/${subscription}/resourcegroups/rg/providers/microsoft.compute/virtualmachines/${name}`;
const heartbeat = (computer: string, id: string, subscription: string) => [
  computer,
  id,
  subscription,
  'Linux',
  '2026-01-01T00:00:00Z',
  '2026-01-02T00:00:00Z',
  true,
];

const changes: Changes = {
  listed: [{ id: 'sub-b', tenant: 't-b' }],
  logs: (fact, { armId }) => {
    if (fact === 'usage') return usageOf('Perf', 'Syslog', ...(armId.endsWith('/wa') ? [] : [`${SECRET}_CL`]));
    if (!armId.endsWith('/centre')) return undefined;
    if (fact === 'attribution') return answer(ATTRIBUTION, ROWS as never);
    if (fact === 'agents')
      return answer(AGENTS, [
        heartbeat('web.b.test', '', ''),
        heartbeat('vm', machine('sub-b', 'vm'), 'sub-b'),
        heartbeat(`dc.${SECRET}.test`, '', ''),
        heartbeat(SECRET, machine(`sub-${SECRET}`, SECRET), `sub-${SECRET}`),
        heartbeat(`lost.${SECRET}2.test`, '', ''),
      ]);
    if (fact === 'sources')
      return answer(SOURCES, [
        [machine('sub-a', 'va'), 'Perf', 40, 0.4],
        ['web.b.test', 'Perf', 30, 0.3],
        [machine(`sub-${SECRET}`, SECRET), 'Perf', 4, 0.04],
        [`x.${SECRET}.test`, `${SECRET}_CL`, 3, 0.03],
      ]);
    if (fact === 'audit')
      return answer(AUDIT, [
        ['t-provider', 2, 9, 3],
        [`t-${SECRET}`, 1, 1, 0],
      ]);
    return undefined;
  },
  arm: (name, id) => {
    if (!id.endsWith('/centre')) return undefined;
    if (name === 'tables')
      return ['Perf', 'Syslog', 'Heartbeat', 'LAQueryLogs', `${SECRET}_CL`].map((table) => listedTable(table));
    if (name === 'diagnostics')
      return [{ name: `to-${SECRET}`, categories: ['Audit'], storage: `/subscriptions/sub-${SECRET}/storage` }];
    if (name === 'exports')
      return [
        {
          name: `to-${SECRET}`,
          tables: ['Perf', `${SECRET}_CL`],
          destination: `/subscriptions/sub-${SECRET}/eh`,
          enabled: true,
        },
      ];
    return undefined;
  },
};

async function pieces(
  of: Estate,
  told: Changes,
  scope: Partial<AssessScope> = {},
): Promise<Map<string, CustomerFacts>> {
  const whole: AssessScope = { estate: of, customers: of.customers.map(({ key }) => key), entries: [], ...scope };
  const world = new FakeWorld(of, told);
  const measured = await world.clock.run(measureEstate(whole, world));
  return new Map(toCustomerFacts(whole, measured).map((piece) => [piece.customer.key, piece]));
}

test('rows are taken for a customer by their subscription, else by a domain that it alone claims', async () => {
  const all = await pieces(estate, changes);
  const [a, b, secret, provider] = ['a', 'b', 'secret', 'provider'].map((key) => all.get(key)!);
  assert.deepEqual(
    [a, b, secret].map((piece) => piece!.central.map(({ rows, by, tables }) => ({ rows, by, tables }))),
    [
      [{ rows: 40, by: ['subscription'], tables: { Perf: 40 } }],
      [{ rows: 40, by: ['domain'], tables: { Perf: 30, Syslog: 10 } }],
      [{ rows: 7, by: ['domain', 'subscription'], tables: { Perf: 4, [`${SECRET}_CL`]: 3 } }],
    ],
  );
  const [part] = b!.central;
  assert.deepEqual(
    [part!.share, part!.customers, part!.unattributed.rows, part!.unattributed.of],
    [0.4, 3, 8, 100],
    'rows of a domain that two claim, and of nobody, are unattributed; those of the provider are its own',
  );
  assert.deepEqual(part!.computers, ['vm', 'web.b.test']);
  assert.deepEqual([b!.own.length, a!.own.length, provider!.provider, provider!.central.length], [0, 1, true, 0]);
});

test("a customer's facts hold nothing of another's: no domain, id, computer, table or tenant", async () => {
  const all = await pieces(estate, changes);
  for (const key of ['a', 'b']) {
    const text = JSON.stringify(all.get(key)).toLowerCase();
    const at = text.indexOf(SECRET);
    assert.equal(at, -1, text.slice(Math.max(0, at - 200), at + 60));
    assert.equal(text.indexOf('t-secret'), -1);
  }
  const [part] = all.get('b')!.central;
  const { agents, attribution, sources, tables, audit } = part!.shared;
  assert.ok([agents, attribution, sources, tables, audit].every(({ state }) => state === 'known'));
  assert.ok(JSON.stringify(all.get('secret')).includes(SECRET), 'its own facts name it');
});

test('what could not be read at the centre is told without its names, and who looks in vain is counted', async () => {
  const denied = failure('access.tableDenied', `Not ${SECRET}_CL.`, false, { tables: [`${SECRET}_CL`] });
  const told = await pieces(estate, {
    ...changes,
    logs: (fact, request) => (fact === 'agents' ? denied : changes.logs!(fact, request)),
  });
  const { agents } = told.get('b')!.central[0]!.shared;
  assert.deepEqual([agents.state, agents.state === 'unknown' && agents.error.code], ['unknown', 'access.tableDenied']);
  assert.equal(JSON.stringify(told.get('b')).indexOf(SECRET), -1);

  const closed = await pieces(estate, {
    ...changes,
    logs: (fact, request) => (fact === 'attribution' ? denied : changes.logs!(fact, request)),
  });
  assert.deepEqual([closed.get('b')!.unknownCentral, closed.get('b')!.central.length], [1, 0]);
  assert.equal(closed.get('provider')!.unknownCentral, 0);
});

test('tables of the centre that no query reads are counted, and not named', async () => {
  const told = await pieces(estate, {
    ...changes,
    arm: (name, id) =>
      name === 'tables' && id.endsWith('/centre')
        ? ['Perf', 'Syslog', `${SECRET}_CL`].map((table) =>
            listedTable(table, table === 'Perf' ? {} : { plan: 'Basic' }),
          )
        : changes.arm!(name, id),
  });
  assert.equal(told.get('b')!.central[0]!.unread, 2);
  assert.equal(JSON.stringify(told.get('b')).indexOf(SECRET), -1);
});

test('a part of the estate is measured with the centre, for its rows may lie there', async () => {
  const told = await pieces(estate, changes, { customers: [estate.customers.find(({ key }) => key === 'b')!.key] });
  assert.deepEqual([...told.keys()], ['b']);
  assert.deepEqual([told.get('b')!.central[0]!.rows, told.get('b')!.central[0]!.customers], [40, 3]);
});

test('the provider: where accounts are at home, where delegations lead, and who is declared to be it', () => {
  const keys = (of: Estate, entries: AssessScope['entries'] = []) => [
    ...findProvider({ estate: of, entries }).customers,
  ];
  assert.deepEqual(keys(estate), ['provider']);
  assert.deepEqual(keys({ ...estate, accounts: [] }), ['provider'], 'delegated to it');
  assert.deepEqual(keys(estate, [{ key: 'a', tenants: [], provider: true }]).sort(), ['a', 'provider']);
});

test('a domain that the customers file gives as a tenant is a domain of that customer', async () => {
  const told = await pieces(estate, changes, {
    entries: [{ key: 'a', tenants: ['unknown.zugspitze2.test', 'sub-a'], provider: false }],
  });
  assert.equal(told.get('a')!.central[0]!.rows, 41);
});
