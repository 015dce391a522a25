import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finishAll, prepareAll } from '../../../src/core/onboard/onboardAll.ts';
import { addDenyPolicy, addLock } from '../../../src/emulator/populate.ts';
import type { ComingCustomer } from '../../../src/model/onboarding.ts';
import type { EmptyCustomer } from './emptyCustomer.ts';
import { MemoryFolder } from './memoryFolder.ts';
import { openOnboardEstate } from './onboardEstate.ts';
import type { OpenedOnboarding } from './onboardEstate.ts';

let opened: OpenedOnboarding;
before(async () => {
  opened = await openOnboardEstate();
});
after(() => opened.close());

test('many from a file: what one meets stops only itself, and the next run goes on from there', async () => {
  const names = ['Refused', 'Unregistered', 'Locked', 'Throttled', 'Sound'];
  const customers = names.map((name) => opened.add(name)) as [
    EmptyCustomer,
    EmptyCustomer,
    EmptyCustomer,
    EmptyCustomer,
  ];
  const folders = new Map(names.map((name) => [name.toLowerCase(), new MemoryFolder()]));
  const run = async () => {
    const world = opened.open();
    const folderOf = ({ key }: ComingCustomer): MemoryFolder => folders.get(key)!;
    const coming = customers.map((one) => one.coming);
    const options = { folderOf, queryWithinMs: 0 };
    const prepared = await prepareAll({ offer: opened.offer, customers: coming }, world, options);
    return finishAll(prepared, world, options);
  };
  await run();
  for (const customer of customers) await customer.consent(folders.get(customer.coming.key)!);

  const { emulator, estate } = opened;
  const [refused, unregistered, locked, throttled] = customers.map(
    ({ subscription }) => `/subscriptions/${subscription.subscriptionId}`,
  ) as [string, string, string, string];
  const policy = { name: 'regions', displayName: 'Regions', locations: ['northeurope'] };
  addDenyPolicy(estate.world, { scope: refused, ...policy });
  const body = JSON.stringify({ error: { code: 'Conflict', message: 'The namespace cannot be registered now.' } });
  emulator.faults.add({
    match: { method: 'POST', path: `${unregistered}/providers/Microsoft.OperationalInsights/register` },
    fault: { kind: 'status', status: 409, body, contentType: 'application/json' },
  });
  addLock(estate.world, { scope: locked, level: 'ReadOnly' });
  emulator.faults.add({ match: { path: `^${throttled}/` }, fault: { kind: 'throttle', retryAfterSeconds: 1 } });

  const outcomes = await run();
  assert.deepEqual(
    outcomes.map(({ customer, state, error }) => [customer.name, state, error?.code]),
    [
      ['Refused', 'refused', undefined],
      ['Unregistered', 'failed', 'input.conflict'],
      ['Locked', 'failed', 'access.locked'],
      ['Throttled', 'failed', 'service.throttled'],
      ['Sound', 'waitingForData', undefined],
    ],
  );
  const made = [...estate.world.workspaces.values()]
    .map(({ name }) => name)
    .filter((name) => !/contoso|fabrikam|provider/.test(name));
  assert.deepEqual(made, ['law-sound']);

  emulator.faults.clear();
  estate.world.governance.clear();
  estate.world.locks.length = 0;
  estate.world.touch();
  assert.deepEqual(
    (await run()).map(({ customer, state }) => [customer.name, state]),
    names.map((name) => [name, 'waitingForData']),
  );
});
