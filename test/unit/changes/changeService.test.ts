import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelled } from '../../../src/base/errors.ts';
import { ChangeService } from '../../../src/core/changes/changeService.ts';
import { PLAN_LIFE_MS } from '../../../src/core/changes/planBook.ts';
import { draftDeletion, draftWorkspace } from '../../../src/core/provision/draftWorkspace.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toCustomerKey, toPlanId } from '../../../src/model/ids.ts';
import { FakePort, TENANT, handlersOf, hastyClock, request } from '../provision/fakePort.ts';
import { ANN, HOME, Lamps, draftLamps, wantLamp } from './toy.ts';

const ESTATE: Estate = {
  cloud: 'public',
  accounts: [{ id: ANN, label: 'Ann', homeTenant: HOME }],
  customers: [{ key: toCustomerKey('us'), name: 'Us', groups: [], tags: {}, tenants: [HOME] }],
  tenants: [{ id: HOME, name: 'Us', customer: toCustomerKey('us'), state: 'entered', accounts: [ANN] }],
  workspaces: [],
  seenAt: '2026-01-01T00:00:00Z',
  problems: [],
};

function open(handlers: ConstructorParameters<typeof ChangeService>[0]['handlers']) {
  const world = { estate: ESTATE, clock: hastyClock(), told: [] as string[], loading: Promise.resolve() };
  let made = 0;
  const service = new ChangeService({
    handlers,
    clock: world.clock,
    newId: () => `plan-${++made}`,
    estate: {
      load: async () => {
        await world.loading;
        return world.estate;
      },
      notePresent: ({ name }, { kind, account }) => world.told.push(`${name} present, ${kind} as ${account}`),
      noteGone: (key) => world.told.push(`${key.split('/').at(-1)!} gone`),
    },
  });
  return { world, service };
}

const nothing = (): void => undefined;

test('a plan is carried out by its id, and only once', async () => {
  const lamps = new Lamps();
  const { service } = open([lamps]);
  const { id } = await service.plan(draftLamps(wantLamp('hall', 60)));
  const both = await Promise.allSettled([service.apply(id, nothing), service.apply(id, nothing)]);
  assert.deepEqual(
    both.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.ok : (outcome.reason as Error).message)),
    [
      true,
      'This plan has been carried out already. Nothing was done a second time. Plan again to see what is left to do.',
    ],
  );
  assert.deepEqual(lamps.calls, ['create hall']);
  await assert.rejects(service.apply(toPlanId('made up'), nothing), { code: 'input.planUnknown' });
});

test('what is done to the answer changes nothing of the plan', async () => {
  const lamps = new Lamps();
  const { service } = open([lamps]);
  const plan = structuredClone(await service.plan(draftLamps(wantLamp('hall', 60))));
  Object.assign(plan.changes[0]!, { target: '/subscriptions/s/lamps/vault', action: 'delete' });
  await service.apply(plan.id, nothing);
  assert.deepEqual([...lamps.lamps.keys()], ['hall']);
});

test('a plan that is being carried out is stopped by its id, and says what there is then', async () => {
  const lamps = new Lamps();
  const { service } = open([lamps]);
  const { id } = await service.plan(draftLamps(wantLamp('hall', 60), wantLamp('porch', 10)));
  lamps.onWrite = () => {
    service.cancel(id);
  };
  const result = await service.apply(id, nothing);
  assert.deepEqual(
    result.changes.map(({ state }) => state),
    ['failed', 'skipped'],
  );
  assert.match(result.error!.message, /^Cancelled\. There is now: lamp hall\./);
  service.cancel(id);
});

test('a cancellation that comes while the estate is still looked at is heard', async () => {
  const lamps = new Lamps();
  const { world, service } = open([lamps]);
  const { id } = await service.plan(draftLamps(wantLamp('hall', 60)));
  let look: () => void = () => undefined;
  world.loading = new Promise<void>((resolve) => (look = resolve));
  const applied = service.apply(id, nothing);
  service.cancel(id);
  look();
  const result = await applied;
  assert.deepEqual([result.ok, result.changes[0]!.state, lamps.calls], [false, 'skipped', []]);
});

test('closing stops what is carried out and waits until it has told what there is', async () => {
  const lamps = new Lamps();
  const { service } = open([lamps]);
  const { id } = await service.plan(draftLamps(wantLamp('hall', 60), wantLamp('porch', 10)));
  let closed: Promise<void> | undefined;
  lamps.onWrite = () => {
    closed ??= service.close();
  };
  const result = await service.apply(id, nothing);
  await closed;
  assert.deepEqual(
    result.changes.map(({ state }) => state),
    ['failed', 'skipped'],
  );
});

test('a plan is too old after an hour', async () => {
  const lamps = new Lamps();
  const { service, world } = open([lamps]);
  const { id } = await service.plan(draftLamps(wantLamp('hall', 60)));
  await world.clock.sleep(PLAN_LIFE_MS + 1);
  await assert.rejects(service.apply(id, nothing), { code: 'input.planExpired', message: /older than 60 minutes/ });
  assert.deepEqual(lamps.calls, []);
});

test('a plan ends with what it was made for: the account, the tenant, whose it is', async () => {
  const [tenant] = ESTATE.tenants,
    [customer] = ESTATE.customers;
  const changed: readonly Partial<Estate>[] = [
    { accounts: [] },
    { tenants: [{ ...tenant!, state: 'signInRequired' }] },
    { tenants: [{ ...tenant!, accounts: [] }] },
    { customers: [{ ...customer!, name: 'Them' }] },
    { customers: [{ ...customer!, declared: { retentionDays: 365 } }] },
  ];
  for (const change of changed) {
    const lamps = new Lamps();
    const { service, world } = open([lamps]);
    const { id } = await service.plan(draftLamps(wantLamp('hall', 60)));
    world.estate = { ...ESTATE, ...change };
    await assert.rejects(service.apply(id, nothing), { code: 'input.planExpired', message: /have changed/ });
    assert.deepEqual(lamps.calls, []);
    world.estate = { ...ESTATE, seenAt: 'later' };
    assert.equal((await service.apply(id, nothing)).ok, true, 'a refresh that found the same does not end it');
  }
});

test('what was done is in the estate at once, also what a failed call left behind', async () => {
  const port = new FakePort();
  const { service, world } = open(handlersOf(port));
  const draft = draftWorkspace(request());
  const there = {
    armId: draft.intents[0]!.target,
    name: 'law-contoso',
    issuer: draft.issuer,
    owner: TENANT,
  };
  await service.apply((await service.plan(draft)).id, nothing);
  await service.apply((await service.plan(draftDeletion(there, false))).id, nothing);
  port.fail.put = { error: cancelled(), late: true };
  const { ok } = await service.apply((await service.plan(draft)).id, nothing);
  assert.equal(ok, false);
  assert.deepEqual(world.told, [
    'law-contoso present, home as ann',
    'law-contoso gone',
    'law-contoso present, home as ann',
  ]);
});

test('a plan that wants a name typed is carried out for exactly that name, and can be tried again', async () => {
  const lamps = new Lamps();
  const { service } = open([lamps]);
  const { id, typed } = await service.plan({ ...draftLamps(wantLamp('hall', 60)), typed: 'hall' });
  assert.equal(typed, 'hall');
  for (const name of [undefined, '', 'Hall', 'hall '])
    await assert.rejects(service.apply(id, nothing, undefined, name), {
      code: 'input.notConfirmed',
      message: 'Type the name "hall" exactly. Nothing was done.',
    });
  assert.deepEqual(lamps.calls, []);
  assert.equal((await service.apply(id, nothing, undefined, 'hall')).ok, true);
  assert.deepEqual(lamps.calls, ['create hall']);
});
