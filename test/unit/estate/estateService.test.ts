import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import type { Account, Estate } from '../../../src/model/estate.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { FakeDirectory, FixedClock, listing, subscriptionOf } from './fakeDirectory.ts';
import { tenantOf } from './sampleEstate.ts';

const [PROVIDER, CONTOSO, FABRIKAM, LITWARE] = [1, 2, 3, 4].map(tenantOf) as [
  ReturnType<typeof tenantOf>,
  ReturnType<typeof tenantOf>,
  ReturnType<typeof tenantOf>,
  ReturnType<typeof tenantOf>,
];
const ann: Account = { id: toAccountId('ann'), label: 'ann@provider.example', homeTenant: PROVIDER };

/**
 * Ann is at home at the provider, which Contoso delegates to; she is a guest at Contoso and Fabrikam; Litware wants
 * MFA.
 */
function annsDirectory(): FakeDirectory {
  return new FakeDirectory([ann], {
    [`ann ${PROVIDER}`]: {
      tenants: [
        { id: PROVIDER, name: 'Provider', defaultDomain: 'provider.example' },
        { id: CONTOSO, name: 'Contoso', defaultDomain: 'contoso.example' },
        { id: FABRIKAM, name: 'Fabrikam', defaultDomain: 'fabrikam.example' },
        { id: LITWARE, name: 'Litware' },
      ],
      subscriptions: [subscriptionOf(PROVIDER, 'Provider main'), subscriptionOf(CONTOSO, 'Contoso production')],
      workspaces: [
        listing('law-provider', PROVIDER),
        listing('law-contoso', CONTOSO, { dailyCapGb: 5, ingestionStatus: 'OverQuota', sentinel: true }),
      ],
    },
    [`ann ${CONTOSO}`]: {
      subscriptions: [subscriptionOf(CONTOSO, 'Contoso production')],
      workspaces: [listing('LAW-Contoso', CONTOSO)],
    },
    [`ann ${FABRIKAM}`]: {
      subscriptions: new AppError('service.unavailable', 'Down.'),
      workspaces: [listing('law-fabrikam', FABRIKAM)],
    },
    [`ann ${LITWARE}`]: {
      subscriptions: new AppError('auth.interactionRequired', 'Sign in.'),
      workspaces: new AppError('auth.interactionRequired', 'Sign in.'),
    },
  });
}

function serviceOf(directory: FakeDirectory, file = '', clock = new FixedClock()): EstateService {
  return new EstateService({
    accounts: directory,
    directory,
    clock,
    cloud: 'test',
    customers: {
      load: () =>
        Promise.resolve(file === '' ? { customers: [], problems: [] } : parseCustomers(file, 'customers.json')),
    },
  });
}

test('a workspace reached twice is listed once, with both paths', async () => {
  const estate = await serviceOf(annsDirectory()).load();
  assert.deepEqual(
    estate.workspaces.map((workspace) => [workspace.name, workspace.paths.map((path) => path.kind)]),
    [
      ['law-contoso', ['lighthouse', 'guest']],
      ['law-fabrikam', ['guest']],
      ['law-provider', ['home']],
    ],
  );
  const contoso = estate.workspaces[0]!;
  assert.equal(contoso.subscriptionName, 'Contoso production');
  assert.equal(contoso.cap, 'hit');
  assert.equal(contoso.sentinel, true, 'what Resource Graph knows is not lost to a listing that does not');
});

test('a tenant that cannot be entered says so in its place and hides nothing else', async () => {
  const estate = await serviceOf(annsDirectory()).load();
  assert.deepEqual(
    estate.tenants.map((tenant) => [tenant.name, tenant.state, tenant.error?.code]),
    [
      ['Contoso', 'entered', undefined],
      ['Fabrikam', 'entered', undefined],
      ['Litware', 'signInRequired', 'auth.interactionRequired'],
      ['Provider', 'entered', undefined],
    ],
  );
  assert.deepEqual(
    estate.problems.map((problem) => [problem.where, problem.error.code]),
    [['Fabrikam: names of subscriptions', 'service.unavailable']],
  );
});

test('each listing is asked for once per token', async () => {
  const directory = annsDirectory();
  await serviceOf(directory).load();
  assert.equal(directory.calls.length, 1 + 4 * 2);
  assert.equal(new Set(directory.calls).size, directory.calls.length);
});

test('the customers file names customers by tenant id or domain; every other tenant is a customer of its own', async () => {
  const estate = await serviceOf(
    annsDirectory(),
    `{"customers": [
    {"name": "Contoso Group", "key": "contoso", "tenants": ["${CONTOSO}", "fabrikam.example"], "groups": ["gold"]},
    {"name": "Woodgrove", "tenants": ["00000000-0000-4000-8000-000000000099", "woodgrove.example"]}
  ]}`,
  ).load();
  assert.deepEqual(
    estate.customers.map((customer) => [customer.name, customer.key, customer.tenants.length]),
    [
      ['Contoso Group', 'contoso', 2],
      ['Litware', LITWARE, 1],
      ['Provider', PROVIDER, 1],
      ['Woodgrove', 'woodgrove', 1],
    ],
  );
  assert.deepEqual(
    estate.workspaces.map((workspace) => workspace.customer),
    ['contoso', 'contoso', PROVIDER],
  );
  const woodgrove = estate.tenants.find((tenant) => tenant.customer === 'woodgrove')!;
  assert.equal(woodgrove.state, 'noAccess');
  assert.match(estate.problems.find((problem) => problem.where === 'Woodgrove')!.error.message, /woodgrove\.example/);
});

test('what the customers file declares of a customer comes with it, and who is the provider', async () => {
  const estate = await serviceOf(
    annsDirectory(),
    `{"customers": [{"name": "Contoso", "tenants": ["${CONTOSO}"], "provider": true, "declared": {"billing": "provider"}}]}`,
  ).load();
  const contoso = estate.customers.find(({ name }) => name === 'Contoso');
  assert.equal(contoso?.provider, true);
  assert.deepEqual(contoso?.declared, { billing: 'provider' });
  assert.ok(estate.customers.every(({ name, provider }) => provider === undefined || name === 'Contoso'));
});

test('a mistake in the customers file is a problem with its line, and the rest counts', async () => {
  const estate = await serviceOf(
    annsDirectory(),
    '{"customers": [\n{"name": "Contoso Group", "tenants": ["contoso.example"]},\n{"tenants": []}\n]}',
  ).load();
  assert.ok(estate.customers.some((customer) => customer.name === 'Contoso Group' && customer.tenants.length === 1));
  assert.deepEqual(
    estate.problems
      .filter((problem) => problem.error.code === 'input.customersFile')
      .map((problem) => problem.error.data),
    [{ file: 'customers.json', line: 3 }],
  );
});

test('a service principal visits the tenants of the file, and its paths are its own kind', async () => {
  const robot: Account = { id: toAccountId('sp:1'), label: 'robot', homeTenant: PROVIDER, servicePrincipal: true };
  const directory = new FakeDirectory([robot], {
    [`sp:1 ${PROVIDER}`]: { tenants: [{ id: PROVIDER, name: 'Provider' }], workspaces: [] },
    [`sp:1 ${CONTOSO}`]: { workspaces: [listing('law-contoso', CONTOSO)] },
  });
  const estate = await serviceOf(
    directory,
    `{"customers": [{"name": "Contoso", "tenants": ["${CONTOSO}"]}, {"name": "Fabrikam", "tenants": ["${FABRIKAM}"]}]}`,
  ).load();
  assert.deepEqual(
    estate.workspaces.map((workspace) => workspace.paths[0]?.kind),
    ['servicePrincipal'],
  );
  assert.equal(estate.tenants.find((tenant) => tenant.id === FABRIKAM)?.state, 'noAccess');
});

test('a service principal visits the tenants that its sign-in names beside its home', async () => {
  const robot: Account = {
    ...{ id: toAccountId('sp:1'), label: 'robot', homeTenant: PROVIDER, servicePrincipal: true },
    installedIn: [CONTOSO],
  };
  const directory = new FakeDirectory([robot], {
    [`sp:1 ${PROVIDER}`]: { tenants: [{ id: PROVIDER, name: 'Provider' }], workspaces: [] },
    [`sp:1 ${CONTOSO}`]: { workspaces: [listing('law-contoso', CONTOSO)] },
  });
  const { workspaces } = await serviceOf(directory).load();
  assert.deepEqual(
    workspaces.map(({ name }) => name),
    ['law-contoso'],
  );
});

test('a tenant that nobody could enter is called as its customer is, its id second', async () => {
  const robot: Account = { id: toAccountId('sp:1'), label: 'robot', homeTenant: PROVIDER, servicePrincipal: true };
  const directory = new FakeDirectory([robot], {
    [`sp:1 ${PROVIDER}`]: { tenants: [{ id: PROVIDER, name: 'Provider' }], workspaces: [] },
  });
  const of = async (customers: string): Promise<(string | undefined)[][]> =>
    (await serviceOf(directory, `{"customers": [${customers}]}`).load()).tenants
      .filter(({ state }) => state !== 'entered')
      .map(({ name, error }) => [name, error?.message]);
  assert.deepEqual(await of(`{"name": "Fabrikam", "tenants": ["${FABRIKAM}"]}`), [
    ['Fabrikam', `Not in Fabrikam (${FABRIKAM}).`],
  ]);
  assert.deepEqual(await of(`{"name": "Two", "tenants": ["${FABRIKAM}", "${CONTOSO}"]}`), [
    [`Two (${CONTOSO})`, `Not in ${CONTOSO}.`],
    [`Two (${FABRIKAM})`, `Not in ${FABRIKAM}.`],
  ]);
});

test('a tenant reached over Lighthouse in which the account has no identity is no problem; one that wants a sign-in is', async () => {
  const robot: Account = { id: toAccountId('sp:1'), label: 'robot', homeTenant: PROVIDER, servicePrincipal: true };
  const locked = new AppError('auth.interactionRequired', 'Another step.');
  const directory = new FakeDirectory([robot], {
    [`sp:1 ${PROVIDER}`]: {
      tenants: [{ id: PROVIDER, name: 'Provider' }],
      workspaces: [listing('law-contoso', CONTOSO), listing('law-fabrikam', FABRIKAM)],
    },
    [`sp:1 ${FABRIKAM}`]: { subscriptions: locked, workspaces: locked },
  });
  const estate = await serviceOf(
    directory,
    `{"customers": [{"name": "Contoso", "tenants": ["${CONTOSO}"]}, {"name": "Fabrikam", "tenants": ["${FABRIKAM}"]}]}`,
  ).load();
  assert.deepEqual(
    estate.tenants.map((tenant) => tenant.state),
    ['entered', 'entered', 'entered'],
  );
  assert.deepEqual(
    estate.problems.map((problem) => [problem.tenant, problem.error.code]),
    [[FABRIKAM, 'auth.interactionRequired']],
  );
});

test('a tenant that only delegates is not asked for a token, and counts as entered', async () => {
  const directory = new FakeDirectory([ann], {
    [`ann ${PROVIDER}`]: {
      tenants: [
        { id: PROVIDER, name: 'Provider' },
        { id: CONTOSO, name: 'Contoso', delegatedOnly: true },
      ],
      workspaces: [listing('law-contoso', CONTOSO)],
    },
  });
  const estate = await serviceOf(directory).load();
  assert.deepEqual(
    directory.calls.filter((call) => call.includes(CONTOSO)),
    [],
  );
  assert.deepEqual(
    estate.tenants.map((tenant) => [tenant.name, tenant.state, tenant.accounts]),
    [
      ['Contoso', 'entered', []],
      ['Provider', 'entered', ['ann']],
    ],
  );
});

test('an account that is refused everywhere does not hide the others', async () => {
  const bob: Account = {
    id: toAccountId('bob'),
    label: 'bob',
    homeTenant: toTenantId('00000000-0000-4000-8000-0000000000bb'),
  };
  const directory = annsDirectory();
  directory.people.push(bob);
  const estate = await serviceOf(directory).load();
  assert.equal(estate.workspaces.length, 3);
  assert.ok(estate.problems.some((problem) => problem.where === 'bob' && problem.error.code === 'access.notInTenant'));
});

test('a personal account lists through "organizations", is a guest, and is no warning where it sees nothing', async () => {
  const personal = (name: string): Account => ({ id: toAccountId(name), label: name, personal: true });
  const directory = annsDirectory();
  directory.people.push(personal('guest'), personal('idle'), personal('asked'));
  directory.seen.set('guest organizations', { tenants: [{ id: FABRIKAM, name: 'Fabrikam' }] });
  directory.seen.set(`guest ${FABRIKAM}`, { workspaces: [listing('law-fabrikam', FABRIKAM)] });
  directory.seen.set('idle organizations', { tenants: [] });
  directory.seen.set('asked organizations', { tenants: new AppError('auth.signInRequired', 'Sign in.') });
  const estate = await serviceOf(directory).load();
  const paths = estate.workspaces.find(({ name }) => name === 'law-fabrikam')!.paths;
  assert.deepEqual(
    paths.map(({ account, kind }) => [account, kind]),
    [
      ['ann', 'guest'],
      ['guest', 'guest'],
    ],
  );
  assert.deepEqual(
    estate.problems.filter(({ where }) => ['guest', 'idle', 'asked'].includes(where)),
    [],
  );

  // With nobody else there it is the answer to the question why there is nothing.
  const alone = new FakeDirectory([personal('idle'), personal('asked')], Object.fromEntries(directory.seen));
  const { problems } = await serviceOf(alone).load();
  assert.deepEqual(
    problems.map(({ where, error }) => [where, error.code]),
    [
      ['idle', 'access.nothingSeen'],
      ['asked', 'auth.signInRequired'],
    ],
  );
});

test('nobody signed in is an error that says so, and an estate that is empty', async () => {
  const service = serviceOf(new FakeDirectory([], {}));
  await assert.rejects(service.load(), { code: 'auth.signInRequired' });
  assert.deepEqual(service.current?.workspaces, []);
});

test('the picture is kept until a refresh; who asks meanwhile shares the one load', async () => {
  const directory = annsDirectory(),
    service = serviceOf(directory);
  const [first, second] = await Promise.all([service.load(), service.load()]);
  assert.equal(first, second);
  assert.equal(await service.load(), first);
  assert.equal(directory.calls.length, 9);
  assert.notEqual(await service.load({ refresh: true }), first);
  assert.equal(directory.calls.length, 18);
});

test('a load is cancelled only when everybody who waits has given up', async () => {
  const service = serviceOf(annsDirectory()),
    signal = new LocalSignal();
  const mine = service.load({ signal }),
    others = service.load();
  signal.abort();
  await assert.rejects(mine, { code: 'cancelled.byUser' });
  assert.equal((await others).workspaces.length, 3);
});

/** Each tenant answers 200 ms after the one before it. */
function oneAfterAnother(directory: FakeDirectory, clock: FixedClock): FakeDirectory {
  const list = directory.workspaces.bind(directory);
  let place = 0;
  directory.workspaces = async (issuer) => {
    for (let turns = ++place * 20; turns > 0; turns--) await Promise.resolve();
    clock.time += 200;
    return list(issuer);
  };
  return directory;
}

test('a first load shows what it has on the way; a refresh keeps the old picture until it is done', async () => {
  const clock = new FixedClock(),
    service = serviceOf(oneAfterAnother(annsDirectory(), clock), '', clock),
    seen: Estate[] = [];
  service.onDidChange((estate) => seen.push(estate));
  await service.load();
  assert.ok(seen.length > 2, `${seen.length} pictures`);
  assert.ok(seen[0]!.workspaces.length < 3);
  const before = seen.length;
  await service.load({ refresh: true });
  assert.equal(seen.length, before + 1);
});

test('pictures that take long to hand on come rarer, so that the load goes on', async () => {
  const clock = new FixedClock(),
    service = serviceOf(oneAfterAnother(annsDirectory(), clock), '', clock);
  let pictures = 0;
  service.onDidChange(() => {
    pictures++;
    clock.time += 1_000;
  });
  await service.load();
  assert.equal(pictures, 2, 'the first, and the whole one');
});

test('a workspace we made is there at once and survives a refresh that does not list it yet; a deleted one is gone', async () => {
  const clock = new FixedClock(),
    service = serviceOf(annsDirectory(), '', clock);
  const before = await service.load();
  service.notePresent(listing('law-new', CONTOSO), { kind: 'lighthouse', account: ann.id, issuer: PROVIDER });
  service.noteGone(before.workspaces[1]!.key);
  const expected = ['law-contoso', 'law-new', 'law-provider'];
  assert.deepEqual(
    service.current!.workspaces.map((workspace) => workspace.name),
    expected,
  );
  assert.deepEqual(
    (await service.load({ refresh: true })).workspaces.map((workspace) => workspace.name),
    expected,
  );
  clock.time += 11 * 60_000;
  assert.deepEqual(
    (await service.load({ refresh: true })).workspaces.map((workspace) => workspace.name),
    ['law-contoso', 'law-fabrikam', 'law-provider'],
    'then the service is believed again',
  );
});

test('a workspace we made is not held on to once our access to it ended; one we deleted stays deleted', async () => {
  const service = serviceOf(annsDirectory());
  const before = await service.load();
  const made = listing('law-new', CONTOSO);
  service.notePresent(made, { kind: 'lighthouse', account: ann.id, issuer: PROVIDER });
  service.noteGone(before.workspaces[1]!.key);
  service.noteUnreached(service.current!.workspaces.map(({ key }) => key).concat(before.workspaces[1]!.key));
  assert.deepEqual(
    (await service.load({ refresh: true })).workspaces.map((workspace) => workspace.name),
    ['law-contoso', 'law-provider'],
  );
});

test('tables are asked for once per workspace until a refresh', async () => {
  const directory = annsDirectory(),
    service = serviceOf(directory);
  const [workspace] = (await service.load()).workspaces;
  await Promise.all([service.tables(workspace!), service.tables(workspace!)]);
  assert.equal(directory.calls.filter((call) => call === 'tables').length, 1);
  await service.load({ refresh: true });
  await service.tables(workspace!);
  assert.equal(directory.calls.filter((call) => call === 'tables').length, 2);
});

test('a thousand tenants with five thousand workspaces become an estate at once, with two calls a tenant', async () => {
  const tenants = Array.from({ length: 1000 }, (_, index) => tenantOf(index + 10));
  const seen = Object.fromEntries(
    tenants.map((tenant) => [
      `ann ${tenant}`,
      { workspaces: Array.from({ length: 5 }, (_, index) => listing(`law-${index}`, tenant)) },
    ]),
  );
  const directory = new FakeDirectory([ann], {
    ...seen,
    [`ann ${PROVIDER}`]: { tenants: tenants.map((id) => ({ id, name: id })), workspaces: [] },
  });
  const started = performance.now();
  const estate = await serviceOf(directory).load();
  assert.equal(estate.workspaces.length, 5000);
  assert.equal(directory.calls.length, 1 + 1001 * 2);
  assert.ok(performance.now() - started < 4000, `${Math.round(performance.now() - started)} ms`);
});
