import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finishAll, prepareAll } from '../../../src/core/onboard/onboardAll.ts';
import { planOffboarding } from '../../../src/core/onboard/offboard.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import type { ComingCustomer } from '../../../src/model/onboarding.ts';
import { MemoryFolder } from './memoryFolder.ts';
import { openOnboardEstate } from './onboardEstate.ts';
import type { OpenedOnboarding } from './onboardEstate.ts';

let opened: OpenedOnboarding;
before(async () => {
  opened = await openOnboardEstate();
});
after(() => opened.close());

/** Of one life of the program, over folders that outlive it. */
async function onboard(customers: readonly ComingCustomer[], folders: Map<string, MemoryFolder>) {
  const world = opened.open();
  const folderOf = ({ key }: ComingCustomer): MemoryFolder => {
    const folder = folders.get(key) ?? new MemoryFolder();
    folders.set(key, folder);
    return folder;
  };
  const options = { folderOf, queryWithinMs: 0 };
  const prepared = await prepareAll({ offer: opened.offer, customers }, world, options);
  return finishAll(prepared, world, options);
}
const statesOf = (outcomes: Awaited<ReturnType<typeof onboard>>) =>
  outcomes.map(({ customer, state, error }) => [customer.name, state, error?.code]);

test('many at once: one that fails, and one that waits, stop only themselves', async () => {
  const customers = ['Adatum', 'Proseware', 'Wingtip'].map((name) => opened.add(name));
  const [adatum, proseware, wingtip] = customers as [
    (typeof customers)[0],
    (typeof customers)[0],
    (typeof customers)[0],
  ];
  const wrong = { ...proseware.coming, tenant: wingtip.coming.tenant };
  const coming = [adatum.coming, wrong, wingtip.coming];
  const folders = new Map<string, MemoryFolder>();
  await onboard(coming, folders);
  for (const {
    coming: { key },
    consent,
  } of [adatum, proseware])
    await consent(folders.get(key)!);
  assert.deepEqual(statesOf(await onboard(coming, folders)), [
    ['Adatum', 'waitingForData', undefined],
    ['Proseware', 'failed', 'input.onboarding'],
    ['Wingtip', 'waitingForCustomer', undefined],
  ]);
  const written = [...folders].map(
    ([key, folder]) => [key, [...folder.files.values(), folder.journalText].join('\n')] as const,
  );
  for (const [key, text] of written)
    for (const other of customers)
      if (other.coming.key !== key && !(key === 'proseware' && other === wingtip))
        assert.doesNotMatch(
          text,
          new RegExp(`${other.coming.name}|${other.coming.subscription}`),
          `${key} of ${other.coming.name}`,
        );
});

test('a customer is let go: what was there is written down, what sends to us and our access end', async () => {
  const customer = opened.add('Lucerne');
  const folders = new Map<string, MemoryFolder>();
  await onboard([customer.coming], folders);
  await customer.consent(folders.get('lucerne')!);
  await onboard([customer.coming], folders);
  const { world, workspaces } = opened.estate;
  const own = [...world.workspaces.values()].find(({ name }) => name === 'law-lucerne')!;
  const elsewhere = '/subscriptions/0/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law-hidden';
  const resourceId = workspaceScope(own);
  world.diagnosticSettings.push(
    { name: 'to-us', resourceId, properties: { workspaceId: workspaceScope(workspaces.provider) } },
    { name: 'to-itself', resourceId, properties: { workspaceId: resourceId } },
    { name: 'to-somebody', resourceId, properties: { workspaceId: elsewhere } },
  );
  customer.subscription.providers['microsoft.insights'] = 'Registered';
  world.touch();

  const folder = new MemoryFolder();
  const living = opened.open();
  const { plans, unseen } = await planOffboarding('Lucerne', living, folder);
  assert.deepEqual(
    plans.map(({ typed, changes }) => [typed, changes.map(({ title }) => title)]),
    [['Lucerne', ['Remove diagnostic setting to-us of workspace law-lucerne', 'End the delegation "Managed logs"']]],
  );
  assert.match(unseen.join(), /law-hidden is, to which to-somebody of workspace law-lucerne sends: it stays/);
  const [settings] = JSON.parse(folder.files.get('settings.json')!) as [{ name: string; retentionDays: number }];
  assert.deepEqual([settings.name, settings.retentionDays], ['law-lucerne', 90]);
  assert.match(folder.files.get('farewell.md')!, /- law-lucerne in resource group rg-lucerne-logs/);

  const nothing = (): void => undefined;
  await assert.rejects(living.provisioning.apply(plans[0]!.id, nothing), { code: 'input.notConfirmed' });
  const result = await living.provisioning.apply(plans[0]!.id, nothing, undefined, 'Lucerne');
  assert.equal(result.ok, true, result.error?.message);
  assert.deepEqual(
    world.diagnosticSettings.map(({ name }) => name),
    ['to-itself', 'to-somebody'],
  );
  assert.equal(
    world.delegations.some(({ scope }) => scope.includes(customer.coming.subscription)),
    false,
  );
  assert.ok(world.workspaces.has(resourceId.toLowerCase()), 'the workspace stays with the customer');
  await assert.rejects(planOffboarding('Lucerne', opened.open(), folder), { code: 'input.customer' });
});
