import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { measureEstate } from '../../../src/core/assess/measureEstate.ts';
import type { AssessProgress, EstateFacts } from '../../../src/core/assess/estateFacts.ts';
import type { Fact, WorkspaceFactValues } from '../../../src/model/assessment/facts.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { answer, failure, listedTable } from '../runs/world.ts';
import { ATTRIBUTION, AGENTS, FakeWorld, USAGE, makeEstate, usageOf } from './fakeWorld.ts';
import type { Changes, Made } from './fakeWorld.ts';

const everybody = (estate: Estate) => ({ estate, customers: estate.customers.map(({ key }) => key), entries: [] });

async function measure(
  estate: Estate,
  changes: Changes = {},
  more: { readonly signal?: LocalSignal; readonly tell?: (progress: AssessProgress) => void } = {},
): Promise<{ readonly facts: EstateFacts; readonly world: FakeWorld }> {
  const world = new FakeWorld(estate, changes);
  const facts = await world.clock.run(measureEstate(everybody(estate), world, more.signal, more.tell));
  return { facts, world };
}

/** `known` or the code of every fact of a workspace. */
function states(facts: EstateFacts, name: string): Record<keyof WorkspaceFactValues, string> {
  const { workspace: _workspace, ...all } = facts.workspaces.find(({ workspace }) => workspace.name === name)!;
  return Object.fromEntries(
    Object.entries(all).map(([fact, value]: [string, Fact<unknown>]) => [
      fact,
      value.state === 'known' ? 'known' : value.error.code,
    ]),
  ) as Record<keyof WorkspaceFactValues, string>;
}

const ALL_KNOWN = {
  configuration: 'known',
  tables: 'known',
  diagnostics: 'known',
  exports: 'known',
  usage: 'known',
  agents: 'known',
  operations: 'known',
  audit: 'known',
};

/** A provider with a centre, and customers with a workspace each. */
const SMALL = [
  { name: 'centre', customer: 'provider' },
  { name: 'wa', customer: 'a' },
  { name: 'wb', customer: 'b' },
];

test('every fact of a workspace is measured; what nothing can follow from is not asked, and says so', async () => {
  const { facts, world } = await measure(makeEstate(SMALL, 'provider'));
  assert.deepEqual(states(facts, 'centre'), { ...ALL_KNOWN, attribution: 'known', sources: 'input.notNeeded' });
  assert.deepEqual(states(facts, 'wa'), { ...ALL_KNOWN, attribution: 'input.notNeeded', sources: 'input.notNeeded' });
  assert.deepEqual(
    world.queries.filter(({ request }) => request.armId.endsWith('/wa')).map(({ fact }) => fact),
    ['usage', 'operations', 'agents'],
    'nobody audits it, and Usage has no audit: no call',
  );
  const wa = facts.workspaces.find(({ workspace }) => workspace.name === 'wa')!;
  assert.deepEqual(wa.usage.source, {
    kind: 'query',
    workspace: wa.workspace.key,
    query: world.queries.find(({ request }) => request.armId.endsWith('/wa'))!.request.query,
    timespan: 'P30D',
  });
  assert.deepEqual([wa.usage.calls, wa.usage.ms, wa.configuration.calls], [1, 100, 0]);
});

test('a source is asked for where the same rows could lie twice: at the centre and at home, or twice at home', async () => {
  const twice = { name: 'wb2', customer: 'b' };
  const { facts, world } = await measure(makeEstate([...SMALL, { name: 'wc', customer: 'c' }, twice], 'provider'), {
    logs: (fact) => (fact === 'attribution' ? answer(ATTRIBUTION, [['Perf', 'sub-a', true, '', 10, 0.5]]) : undefined),
  });
  assert.deepEqual(
    facts.workspaces.filter(({ sources }) => sources.state === 'known').map(({ workspace }) => workspace.name),
    ['centre', 'wa', 'wb', 'wb2'],
  );
  assert.ok(world.mostQueries <= 6);
});

test('1,000 workspaces in 200 subscriptions of 20 tenants: the calls stay within the budgets and the quotas', async () => {
  const made = Array.from({ length: 1_000 }, (_, i): Made => ({
    name: `w${i}`,
    customer: i < 50 ? 'provider' : `c${i % 19}`,
    subscription: i < 50 ? `sub-provider-${i % 10}` : `sub-${i % 19}-${Math.floor(i / 19) % 10}`,
  }));
  const estate = makeEstate(made, 'provider');
  const subscriptions = new Set(estate.workspaces.map(({ subscription }) => subscription)).size;
  assert.deepEqual([subscriptions, estate.tenants.length], [200, 20]);
  const progress: AssessProgress[] = [];
  const { facts, world } = await measure(estate, {}, { tell: (one) => progress.push(one) });
  const count = (kind: string) => world.calls.filter((call) => call.kind === kind).length;
  assert.ok(world.mostQueries <= 6, `${world.mostQueries} queries of one workspace`);
  assert.deepEqual([count('workspace'), count('subscription'), count('graph')], [3_000, 400, 5]);
  assert.ok(facts.workspaces.every(({ usage, operations }) => usage.state === 'known' && operations.state === 'known'));
  // No window of 30 s sees more than the 200 queries that the service allows one user.
  assert.ok(
    mostWithin(
      world.queries.map(({ at }) => at),
      30_000,
    ) <= 200,
  );
  // Nor any subscription more than Resource Manager's bucket refills.
  for (const id of new Set(estate.workspaces.map(({ subscription }) => subscription))) {
    const at = world.calls.filter((call) => call.kind !== 'graph' && call.id.includes(id)).map((call) => call.at);
    assert.ok(mostWithin(at, 5_000) <= 125, `${id}: ${mostWithin(at, 5_000)} reads in 5 s`);
  }
  const [first] = progress;
  const last = progress.at(-1)!;
  assert.deepEqual([first!.phase, first!.done, first!.total > 8_000], ['graph', 0, true]);
  assert.equal(last.done, last.total);
  assert.ok(progress.every(({ done, total }) => done <= total));
  const usage = facts.costs.find(({ fact }) => fact === 'usage');
  assert.deepEqual([usage!.known, usage!.unknown, usage!.calls, usage!.kind], [1_000, 0, 1_000, 'query']);
});

test('a subscription with many workspaces is read within the bucket that Resource Manager gives it', async () => {
  const made = Array.from({ length: 150 }, (_, i): Made => ({ name: `w${i}`, customer: 'provider' }));
  const { world } = await measure(makeEstate(made, 'provider'));
  const at = world.calls.filter(({ kind }) => kind !== 'graph').map((call) => call.at);
  assert.equal(at.length, 452);
  // 250 at first, and 25 more a second.
  for (const seconds of [1, 5, 10, 20])
    assert.ok(mostWithin(at, seconds * 1000) <= 25 * seconds + 25, `${mostWithin(at, seconds * 1000)} in ${seconds} s`);
});

function mostWithin(times: readonly number[], span: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while (sorted[to]! - sorted[from]! >= span) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

const HOSTILE = [
  ...Array.from({ length: 12 }, (_, i) => ({ name: `good${i}`, customer: `g${i % 4}` })),
  ...Array.from({ length: 12 }, (_, i) => ({ name: `bad${i}`, customer: 'bad', path: 'guest' as const })),
  { name: 'centre', customer: 'provider' },
];

for (const [how, told] of [
  ['hangs', 'hang'],
  ['throttles for an hour', failure('service.throttled', 'Slow down.', true, { retryAfterMs: 3_600_000 })],
  ['throws what is no error of ours', new TypeError('x is not a function') as never],
  ['answers in wrong shapes', { tables: [{ name: 'PrimaryResult', columns: [], rows: [[{}]] }], bytes: 9 } as never],
] as const)
  test(`a tenant that ${how} costs only itself`, async () => {
    const isBad = (id: string): boolean => id.includes('bad');
    const { facts, world } = await measure(makeEstate(HOSTILE, 'provider'), {
      logs: (_fact, { armId }) => (isBad(armId) ? told : undefined),
      arm: (_name, id) => (isBad(id) ? (told as never) : undefined),
      graph: (_name, { tenant }) => (isBad(tenant) ? (told as never) : undefined),
    });
    for (const { workspace } of facts.workspaces) {
      const { usage, tables, operations, agents, configuration } = states(facts, workspace.name);
      const all = [usage, tables, operations, agents, configuration];
      assert.ok(
        all.every((state) => (state === 'known') !== isBad(workspace.name)),
        `${workspace.name}: ${all.join()}`,
      );
    }
    assert.ok(world.clock.now() < 6 * 60_000, `it took ${Math.round(world.clock.now() / 1000)} s`);
    assert.equal(world.clock.timers, 0);
  });

test('a tenant of which sign-in fails is asked once at a time, not once a fact', async () => {
  const { facts, world } = await measure(makeEstate(HOSTILE, 'provider'), {
    logs: (_fact, { armId }) => (armId.includes('bad') ? failure('auth.signInRequired', 'Sign in.') : undefined),
  });
  assert.equal(states(facts, 'bad11').agents, 'auth.signInRequired');
  assert.ok(world.queries.filter(({ request }) => request.armId.includes('bad')).length <= 2);
});

test('a cancellation keeps what came; the rest is unknown as cancelled, and nothing more is sent', async () => {
  const signal = new LocalSignal();
  const estate = makeEstate(SMALL, 'provider');
  const world = new FakeWorld(estate, { logs: (fact) => (fact === 'operations' ? 'hang' : undefined) });
  const measured = measureEstate(everybody(estate), world, signal);
  await world.clock.run(world.clock.sleep(1_000));
  const sent = world.queries.length;
  signal.abort();
  const facts = await world.clock.run(measured);
  assert.equal(facts.cancelled, true);
  const { usage, tables, operations, sources } = states(facts, 'wa');
  assert.deepEqual([usage, tables, operations, sources], ['known', 'known', 'cancelled.byUser', 'cancelled.byUser']);
  assert.equal(world.queries.length, sent);
  assert.equal(world.clock.timers, 0);
});

test('cancelled before it began, everything is unknown and nobody was asked', async () => {
  const signal = new LocalSignal();
  signal.abort();
  const { facts, world } = await measure(makeEstate(SMALL, 'provider'), {}, { signal });
  assert.deepEqual(new Set(Object.values(states(facts, 'wa'))), new Set(['cancelled.byUser']));
  assert.deepEqual([world.queries.length, world.calls.length], [0, 0]);
});

const EMPTY = answer(USAGE, []);
const one = [{ name: 'wa', customer: 'a' }];
const only = async (changes: Changes, more = {}): Promise<Record<keyof WorkspaceFactValues, string>> =>
  states((await measure(makeEstate([{ ...one[0]!, more }], 'provider'), changes)).facts, 'wa');

test('no rows of a table that is kept from us are no answer: denied, protected, data actions alone, hidden', async () => {
  const usage = (told: Parameters<NonNullable<Changes['logs']>>, answered: unknown) =>
    told[0] === 'usage' ? (answered as never) : undefined;
  assert.equal((await only({ logs: (...told) => usage(told, EMPTY) })).usage, 'known', 'nothing came in 30 days');
  assert.equal(
    (await only({ logs: (...told) => usage(told, { ...EMPTY, deniedTables: ['Usage'] }) })).usage,
    'access.tableDenied',
  );
  assert.equal(
    (await only({ logs: (...told) => usage(told, EMPTY) }, { dataActionsOnly: true })).usage,
    'access.tableDenied',
  );
  const closed = [listedTable('Usage', { protected: true }), listedTable('Heartbeat')];
  const arm = (name: string) => (name === 'tables' ? closed : undefined);
  assert.equal((await only({ arm, logs: (...told) => usage(told, EMPTY) })).usage, 'access.tableDenied');
  const unresolved = (name: string) =>
    failure('query.semantic', `No ${name}.`, false, { unresolved: { kind: 'table', name } });
  assert.equal((await only({ logs: (...told) => usage(told, unresolved('Usage')) })).usage, 'access.tableDenied');
  assert.equal(
    (await only({ arm: () => [], logs: (...told) => usage(told, unresolved('Usage')) })).usage,
    'known',
    'Resource Manager lists no such table either',
  );
  assert.equal(
    (
      await only({
        arm: (name) => (name === 'tables' ? failure('service.unavailable', 'Busy.') : undefined),
        logs: (...told) => usage(told, EMPTY),
      })
    ).usage,
    'service.unavailable',
    'whether Usage is protected is not known',
  );
});

test('no heartbeats of a protected table: Usage tells whether there are any', async () => {
  const closed = ['Perf', 'Usage', 'Operation'].map((name) => listedTable(name));
  const arm = (name: string) =>
    name === 'tables' ? [...closed, listedTable('Heartbeat', { protected: true })] : undefined;
  const withUsage = (...tables: string[]) =>
    only({ arm, logs: (fact) => (fact === 'usage' ? usageOf(...tables) : undefined) });
  assert.equal((await withUsage('Perf', 'Heartbeat')).agents, 'access.tableDenied');
  assert.equal((await withUsage('Perf')).agents, 'known');
});

test('a partial answer is none', async () => {
  const partial = { code: 'query.truncated', message: 'Cut.', retryable: false } as const;
  const { agents } = await only({ logs: (fact) => (fact === 'agents' ? answer(AGENTS, [], { partial }) : undefined) });
  assert.equal(agents, 'query.truncated');
});

test('rows are attributed in tables that a query reads whole; the others are named in the fact', async () => {
  const tables = [
    listedTable('Perf'),
    listedTable('Proxy_CL', { plan: 'Auxiliary' }),
    listedTable('Secret_CL', { protected: true }),
    listedTable('Never_CL'),
  ];
  const { facts, world } = await measure(makeEstate(SMALL, 'provider'), {
    arm: (name) => (name === 'tables' ? tables : undefined),
    logs: (fact) => (fact === 'usage' ? usageOf('Perf', 'Proxy_CL', 'Secret_CL', 'Usage') : undefined),
  });
  const { attribution } = facts.workspaces.find(({ workspace }) => workspace.name === 'centre')!;
  assert.deepEqual(attribution.leftOut, ['Proxy_CL (Auxiliary)', 'Secret_CL (protected)']);
  const { query } = world.queries.find(({ fact }) => fact === 'attribution')!.request;
  assert.deepEqual(
    [...query.matchAll(/\((\w+) \| where/g)].map(([, table]) => table),
    ['Perf'],
  );
});

test('a tenant whose part of Resource Graph is not whole is unknown, the others are known', async () => {
  const { facts } = await measure(makeEstate(SMALL, 'provider'), { notWhole: ['t-a'] });
  assert.deepEqual(
    facts.tenants.map(({ tenant, machines }) => [tenant, machines.state]),
    [
      ['t-provider', 'known'],
      ['t-a', 'unknown'],
      ['t-b', 'known'],
    ],
  );
  assert.deepEqual(
    ['wa', 'wb'].map((name) => states(facts, name).configuration),
    ['service.unavailable', 'known'],
  );
});

test('a question that Resource Graph refuses is unknown for every tenant, the other questions are known', async () => {
  const { facts } = await measure(makeEstate(SMALL, 'provider'), {
    graph: (name) => (name === 'rules' ? failure('access.denied') : undefined),
  });
  assert.deepEqual(
    facts.tenants.map(({ rules, machines }) => [rules.state, machines.state]),
    Array.from({ length: 3 }, () => ['unknown', 'known']),
  );
});
