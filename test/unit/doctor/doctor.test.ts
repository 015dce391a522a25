import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { Doctor } from '../../../src/core/doctor/doctor.ts';
import type { DoctorWorld } from '../../../src/core/doctor/doctor.ts';
import { endsOf } from '../../../src/core/doctor/ends.ts';
import { probeCertificate } from '../../../src/core/doctor/probes/certificate.ts';
import { probeClock } from '../../../src/core/doctor/probes/clock.ts';
import { probeConnection } from '../../../src/core/doctor/probes/connection.ts';
import { withoutNames } from '../../../src/core/doctor/withoutNames.ts';
import { summaryOf, toCells, withoutOnlyAccount } from '../../../src/core/doctor/words.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import { toAccountId } from '../../../src/model/ids.ts';
import { FakeDirectory, FixedClock, listing, subscriptionOf } from '../estate/fakeDirectory.ts';
import { tenantOf } from '../estate/sampleEstate.ts';

const [HOME, CONTOSO] = [tenantOf(1), tenantOf(2)];
const ann = { id: toAccountId('ann'), label: 'ann@provider.example', homeTenant: HOME };

/** Ann sees two tenants; what is given replaces a part of a world in which everything works. */
function worldOf(more: Partial<DoctorWorld> = {}): DoctorWorld {
  const directory = new FakeDirectory([ann], {
    [`ann ${HOME}`]: {
      tenants: [
        { id: HOME, name: 'Provider' },
        { id: CONTOSO, name: 'Contoso' },
      ],
      subscriptions: [subscriptionOf(HOME, 'Main')],
    },
    [`ann ${CONTOSO}`]: { subscriptions: [], workspaces: [listing('law-listed', CONTOSO)] },
  });
  const clock = new FixedClock();
  return {
    cloud: PUBLIC_CLOUD,
    version: '1.2.3',
    clock,
    directory,
    tokens: {
      accounts: () => directory.accounts(),
      getToken: () => Promise.resolve({ token: 'secret', expiresOn: clock.time + 3_600_000 }),
    },
    connection: {
      route: () => Promise.resolve({ by: 'none' }),
      reach: () => Promise.resolve({ status: 200, serverTime: clock.time + 900 }),
      graphWorkspaces: ({ tenant }) => Promise.resolve([listing('law-graph', tenant)]),
    },
    logs: { query: () => Promise.resolve({ tables: [], bytes: 0 }) },
    customers: { load: () => Promise.resolve({ customers: [], problems: [] }) },
    quota: new QuotaScheduler(clock),
    ...more,
  };
}

/** `probe state` of every check, those about a tenant with its name. */
async function told(world: DoctorWorld): Promise<string[]> {
  const { checks } = await new Doctor(world).diagnose();
  return checks.map(({ probe, service, state, names }) =>
    [probe === 'signIn' ? `signIn ${service}` : probe, state, names.tenant].filter(Boolean).join(' '),
  );
}

test('everything is looked at once for each account and tenant, and nothing twice', async () => {
  const all = await told(worldOf());
  assert.equal(all.length, 3 * 3 + 3 + 2 * 5);
  assert.deepEqual(all.slice(9), [
    'clock works',
    'accounts works',
    'tenants works',
    'signIn resourceManager works Provider',
    'signIn logAnalytics works Provider',
    'resourceManager works Provider',
    'resourceGraph works Provider',
    'query works Provider',
    'signIn resourceManager works Contoso',
    'signIn logAnalytics works Contoso',
    'resourceManager warns Contoso',
    'resourceGraph works Contoso',
    'query works Contoso',
  ]);
});

test('a tenant that wants MFA hides nothing of the others', async () => {
  const world = worldOf();
  const refusing = worldOf({
    tokens: {
      ...world.tokens,
      getToken: (request) =>
        request.tenant === CONTOSO
          ? Promise.reject(new AppError('auth.interactionRequired', 'MFA for contoso.example.'))
          : world.tokens.getToken(request),
    },
  });
  const { checks } = await new Doctor(refusing).diagnose();
  const contoso = checks.filter(({ names }) => names.tenant === 'Contoso');
  assert.deepEqual(
    contoso.map(({ probe, state, code }) => [probe, state, code]),
    [['signIn', 'fails', 'auth.interactionRequired']],
  );
  assert.match(contoso[0]!.next!, /further step, such as MFA/);
  assert.ok(
    checks.some(({ probe, state, names }) => probe === 'query' && state === 'works' && names.tenant === 'Provider'),
  );
});

test('where Resource Graph fails a workspace is found otherwise; a refused audience is mild where a query works', async () => {
  const world = worldOf();
  const { checks } = await new Doctor(
    worldOf({
      connection: {
        ...world.connection,
        graphWorkspaces: () => Promise.reject(new AppError('access.insufficient', 'No.')),
      },
      tokens: {
        ...world.tokens,
        getToken: (request) =>
          request.audience === PUBLIC_CLOUD.logAnalyticsAudience
            ? Promise.reject(new AppError('auth.audienceRefused', 'No.'))
            : world.tokens.getToken(request),
      },
    }),
  ).diagnose();
  const of = (tenant: string) =>
    checks
      .filter(({ names }) => names.tenant === tenant)
      .map(({ probe, state, names }) => [probe, state, names.workspace].filter(Boolean).join(' '));
  assert.deepEqual(of('Contoso').slice(1), [
    'signIn warns',
    'resourceManager warns',
    'resourceGraph fails',
    'query works law-listed',
  ]);
  assert.deepEqual(of('Provider').slice(1), [
    'signIn fails',
    'resourceManager works',
    'resourceGraph fails',
    'query skipped',
  ]);
});

test('an untrusted certificate is the certificate, a proxy that refuses is the connection', async () => {
  const [end] = endsOf(PUBLIC_CLOUD);
  const call = { clock: new FixedClock(), signal: new LocalSignal() };
  const through = (reach: () => Promise<{ status: number }>) =>
    probeConnection(end!, 'proxy.corp:8080', { reach }, call);
  const untrusted = await through(() => Promise.reject(new AppError('network.untrustedCertificate', 'Not trusted.')));
  assert.deepEqual([untrusted.check.state, probeCertificate(end!, untrusted).state], ['fails', 'fails']);
  assert.match(probeCertificate(end!, untrusted).next!, /NODE_EXTRA_CA_CERTS/);
  const refused = await through(() => Promise.resolve({ status: 407 }));
  assert.deepEqual([refused.check.code, refused.check.names.proxy], ['network.proxyRefused', 'proxy.corp:8080']);
  assert.equal(probeCertificate(end!, refused).state, 'skipped');
  const ill = await through(() => Promise.resolve({ status: 503 }));
  assert.deepEqual([ill.check.state, probeCertificate(end!, ill).state], ['fails', 'works']);
  assert.equal((await through(() => Promise.resolve({ status: 401 }))).check.state, 'works');
});

test('an application that is not in a tenant: in order where it delegates, worth a look where somebody named it', async () => {
  const world = worldOf();
  const robot = { ...ann, servicePrincipal: true as const };
  const named = tenantOf(3);
  const directory = new FakeDirectory([robot], {
    [`ann ${HOME}`]: {
      tenants: [
        { id: HOME, name: 'Provider' },
        { id: CONTOSO, name: 'Contoso', delegatedOnly: true },
      ],
    },
  });
  const customer = { line: 1, key: 'all', name: 'All', groups: [], tags: {}, tenants: [CONTOSO, named] };
  const all = await told(
    worldOf({
      directory,
      tokens: {
        accounts: () => directory.accounts(),
        getToken: (request) =>
          request.tenant === HOME
            ? world.tokens.getToken(request)
            : Promise.reject(new AppError('access.notInTenant', 'Not there.')),
      },
      customers: { load: () => Promise.resolve({ customers: [customer], problems: [] }) },
    }),
  );
  assert.deepEqual(
    all.filter((line) => line.endsWith('Contoso') || line.endsWith(named)),
    ['signIn resourceManager skipped Contoso', `signIn resourceManager warns ${named}`],
  );
});

test('the clock: a minute is noted, five are refused', () => {
  const state = (...skews: number[]) => probeClock(skews).state;
  assert.deepEqual(
    [state(), state(900, -2_000), state(0, -90_000), state(301_000)],
    ['skipped', 'works', 'warns', 'fails'],
  );
  assert.match(probeClock([-90_000]).detail, /^90 s ahead of/);
});

test('without names: numbers in place of them, and nothing that an error says of itself', async () => {
  const world = worldOf({
    cloud: { ...PUBLIC_CLOUD, name: 'Contoso Stack' },
    logs: { query: () => Promise.reject(new AppError('access.insufficient', 'No access to law-graph of Contoso.')) },
  });
  const diagnosis = await new Doctor(world).diagnose();
  const text = JSON.stringify(withoutNames(diagnosis));
  for (const name of ['ann', 'Provider', 'Contoso', 'law-graph', 'secret', 'management.azure.com', HOME, CONTOSO])
    assert.ok(!text.includes(name), name);
  const queries = withoutNames(diagnosis).checks.filter(({ probe }) => probe === 'query');
  assert.deepEqual(
    queries.map(({ names, code }) => [names.account, names.tenant, code]),
    [
      ['account 1', 'tenant 1', 'access.insufficient'],
      ['account 1', 'tenant 2', 'access.insufficient'],
    ],
  );
  // The person reads the error's own words, which hold the next step.
  const cells = toCells(diagnosis.checks.find(({ probe }) => probe === 'query')!);
  assert.deepEqual(cells, [
    'Query',
    'ann@provider.example, Provider, law-graph',
    'FAILS',
    'No access to law-graph of Contoso.',
    '',
  ]);
  assert.match(summaryOf(diagnosis.checks), /^2 of 22 checks fail, 1 to look at\.$/);
});

test('queries keep to the quota of the account, however many tenants there are', async () => {
  const many = Array.from({ length: 40 }, (_, n) => tenantOf(n + 1));
  const seen = Object.fromEntries(
    many.map((id) => [`ann ${id}`, { tenants: many.map((one) => ({ id: one, name: one })) }]),
  );
  let running = 0,
    most = 0;
  const query = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    running--;
    return { tables: [], bytes: 0 };
  };
  const all = await told(worldOf({ directory: new FakeDirectory([ann], seen), logs: { query } }));
  assert.equal(all.filter((line) => line.startsWith('query works')).length, 40);
  assert.ok(most <= 5, `${most} at once`);
});

test('being told to stop is no finding', async () => {
  const signal = new LocalSignal();
  signal.abort();
  await assert.rejects(new Doctor(worldOf()).diagnose(signal), { code: 'cancelled.byUser' });
});

test('where one account asks for all, a screen names the tenants instead; of two accounts each is named', async () => {
  const { checks } = await new Doctor(worldOf()).diagnose();
  const named = (all: typeof checks): readonly string[] => all.map((check) => toCells(check)[1]);
  const short = named(withoutOnlyAccount(checks));
  assert.ok(named(checks).includes('ann@provider.example, Contoso') && short.includes('Contoso'), short.join('; '));
  assert.ok(!short.includes('ann@provider.example, Contoso'));
  const [first] = checks.filter(({ names }) => names.account !== undefined && names.tenant !== undefined);
  const other = { ...first!, names: { ...first!.names, account: 'bob@provider.example' } };
  assert.deepEqual(named(withoutOnlyAccount([...checks, other])), named([...checks, other]));
});
