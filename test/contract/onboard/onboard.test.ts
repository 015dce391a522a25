import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { finishCustomer } from '../../../src/core/onboard/finishCustomer.ts';
import type { FinishedCustomer } from '../../../src/core/onboard/finishedCustomer.ts';
import type { OnboardWorld } from '../../../src/core/onboard/onboardWorld.ts';
import { lookAround, prepareCustomer } from '../../../src/core/onboard/prepareCustomer.ts';
import { addDenyPolicy, addResourceGroup } from '../../../src/emulator/populate.ts';
import type { OnboardingFolder } from '../../../src/ports/onboarding.ts';
import { MemoryFolder, openOnboardEstate } from './onboardEstate.ts';
import type { EmptyCustomer, OpenedOnboarding } from './onboardEstate.ts';

let opened: OpenedOnboarding;
before(async () => {
  opened = await openOnboardEstate();
});
after(() => opened.close());

/** The whole of one attempt, as one program does it. */
async function attempt(
  { coming }: EmptyCustomer,
  folder: OnboardingFolder,
  world: OnboardWorld = opened.open(),
): Promise<Pick<FinishedCustomer, 'state'> & Partial<FinishedCustomer>> {
  const prepared = await prepareCustomer(coming, opened.offer, world, { folder, reachable: await lookAround(world) });
  return prepared.state === 'planned' ? finishCustomer(prepared, world, { folder, queryWithinMs: 0 }) : prepared;
}

/** The first half of an attempt: looks, and changes nothing. */
async function prepare({ coming }: EmptyCustomer, folder: OnboardingFolder, offer = opened.offer) {
  const world = opened.open();
  return prepareCustomer(coming, offer, world, { folder, reachable: await lookAround(world) });
}

/** What there is of a customer in Azure, without what no two customers have alike. */
function madeFor({ subscription, coming }: EmptyCustomer): object {
  const { world } = opened.emulator;
  const own = `/subscriptions/${subscription.subscriptionId}`;
  const called = (text: string): string => text.replaceAll(coming.key, 'NAME');
  return {
    providers: subscription.providers,
    groups: [...world.resourceGroups.values()]
      .filter(({ subscriptionId }) => subscriptionId === subscription.subscriptionId)
      .map(({ name, location, tags }) => ({ name: called(name), location, tags })),
    workspaces: [...world.workspaces.values(), ...world.deletedWorkspaces.values()]
      .filter(({ subscriptionId }) => subscriptionId === subscription.subscriptionId)
      .map(({ name, location, tags, properties: { sku, retentionInDays, workspaceCapping } }) => ({
        name: called(name),
        location,
        tags,
        sku: sku.name,
        retentionInDays,
        cap: workspaceCapping.dailyQuotaGb,
      })),
    delegations: world.delegations
      .filter(({ scope }) => scope.startsWith(own))
      .map(({ offerName, authorizations }) => ({ offerName, authorizations })),
  };
}

test('from an empty tenant to data that arrive: the customer consents, all else is done by running it again', async () => {
  const customer = opened.add('Tailspin');
  const folder = new MemoryFolder();
  assert.equal((await attempt(customer, folder)).state, 'waitingForCustomer');
  assert.match(folder.files.get('access.md')!, /Operations as Contributor.*az deployment sub create --subscription/s);

  await customer.consent(folder.files.get('lighthouse-offer.json')!);
  const made = await attempt(customer, folder);
  assert.equal(made.state, 'waitingForData', made.error?.message);
  assert.match(
    folder.files.get('plan.txt')!,
    /ok +roles: .*note +resource providers: .*PLAN - nothing has been done yet/s,
  );
  assert.match(folder.files.get('receipt.txt')!, /WAITING for data.*Create workspace law-tailspin - done/s);

  opened.beginSending('law-tailspin');
  const done = await attempt(customer, folder);
  assert.deepEqual([done.error?.message, done.state, done.tables], [undefined, 'done', ['Heartbeat']]);
  assert.match(folder.files.get('receipt.txt')!, /DONE.*Done by an earlier attempt, at .*: workspace law-tailspin/s);
  assert.match(
    folder.files.get('plan.txt')!,
    /NOTHING TO DO.*Azure's own what-if\n {2}The plan has nothing that a template makes/s,
  );
  assert.deepEqual(madeFor(customer), {
    providers: { 'microsoft.operationalinsights': 'Registered' },
    groups: [{ name: 'rg-NAME-logs', location: 'westeurope', tags: {} }],
    workspaces: [
      {
        name: 'law-NAME',
        location: 'westeurope',
        tags: { 'looked-after-by': 'provider' },
        sku: 'PerGB2018',
        retentionInDays: 90,
        cap: 5,
      },
    ],
    delegations: [
      {
        offerName: 'Managed logs',
        authorizations: opened.offer.authorizations.map(({ principalId, name, role }) => ({
          principalId,
          principalIdDisplayName: name,
          roleDefinitionId: role.id,
        })),
      },
    ],
  });
});

/** Ends a program at its n-th step, as a kill does: what was on its way arrives, and nothing follows. */
class Killer {
  steps = 0;
  readonly at: number;
  readonly killed: Promise<'killed'>;
  private kill!: (word: 'killed') => void;

  constructor(at: number) {
    this.at = at;
    this.killed = new Promise((resolve) => {
      this.kill = resolve;
    });
  }

  async step(): Promise<void> {
    if (++this.steps < this.at) return;
    this.kill('killed');
    await new Promise(() => undefined);
  }

  /** Steps before and after everything that leaves the program. */
  folder({ journal, write }: OnboardingFolder): OnboardingFolder {
    return {
      journal: {
        read: () => journal.read(),
        append: async (line) => {
          await this.step();
          await journal.append(line);
        },
      },
      write: async (name, text) => {
        await this.step();
        await write(name, text);
      },
    };
  }

  world(): OnboardWorld {
    return opened.open((handler) => ({
      ...handler,
      apply: async (intent, action, call, report) => {
        await this.step();
        await handler.apply(intent, action, call, report);
        await this.step();
      },
    }));
  }
}

test('killed at every step and run again: the same estate, nothing twice', async () => {
  const consented = async (name: string): Promise<[EmptyCustomer, MemoryFolder]> => {
    const customer = opened.add(name);
    const folder = new MemoryFolder();
    await attempt(customer, folder);
    await customer.consent(folder.files.get('lighthouse-offer.json')!);
    return [customer, folder];
  };
  const bound = (folder: MemoryFolder): OnboardingFolder => ({
    journal: folder.journal,
    write: (name, text) => folder.write(name, text),
  });
  const [whole, wholeFolder] = await consented('Unhurt');
  const counter = new Killer(Infinity);
  assert.equal((await attempt(whole, counter.folder(bound(wholeFolder)), counter.world())).state, 'waitingForData');
  assert.ok(counter.steps >= 12, `${counter.steps} steps`);
  for (let at = 1; at <= counter.steps; at++) {
    const [customer, folder] = await consented(`Cut${at}`);
    const killer = new Killer(at);
    const first = await Promise.race([attempt(customer, killer.folder(bound(folder)), killer.world()), killer.killed]);
    assert.equal(first, 'killed', `step ${at}`);
    const again = await attempt(customer, folder);
    assert.equal(again.state, 'waitingForData', `after a kill at step ${at}: ${again.error?.message}`);
    assert.deepEqual(madeFor(customer), madeFor(whole), `after a kill at step ${at}`);
  }
});

test('a resource group that is there: Azure is asked what the plan would do', async () => {
  const customer = opened.add('Halfway');
  const folder = new MemoryFolder();
  await attempt(customer, folder);
  await customer.consent(folder.files.get('lighthouse-offer.json')!);
  addResourceGroup(opened.estate.world, {
    subscription: customer.subscription,
    name: 'rg-halfway-logs',
    location: 'westeurope',
  });
  await prepare(customer, folder);
  assert.match(folder.files.get('plan.txt')!, /Azure's own what-if\n {2}Create +\/subscriptions\/.*\/law-halfway\n/);
});

test('what stands in the way is told before anything is sent', async () => {
  const customer = opened.add('Guarded');
  const scope = `/subscriptions/${customer.subscription.subscriptionId}`;
  const folder = new MemoryFolder();
  await attempt(customer, folder);
  await customer.consent(folder.files.get('lighthouse-offer.json')!);
  addDenyPolicy(opened.estate.world, { scope, name: 'regions', displayName: 'Regions', locations: ['northeurope'] });
  assert.equal((await attempt(customer, folder)).state, 'refused');
  assert.match(
    folder.files.get('plan.txt')!,
    /STOP policies: Policies of the customer refuse .*policyAssignments\/regions\.[^]*NOTHING WAS PLANNED/,
  );
  assert.deepEqual((madeFor(customer) as { groups: unknown[] }).groups, []);
});

test('a reader is no maker: roles and registration are told, with who mends it', async () => {
  const customer = opened.add('Readonly');
  const folder = new MemoryFolder();
  const offer = {
    ...opened.offer,
    name: 'Reading alone',
    authorizations: [
      {
        ...opened.offer.authorizations[0]!,
        role: { id: '73c42c96-874c-492b-b04d-ab87d138a893', name: 'Log Analytics Reader' },
      },
    ],
  };
  const look = () => prepare(customer, folder, offer);
  assert.equal((await look()).state, 'waitingForCustomer');
  await customer.consent(folder.files.get('lighthouse-offer.json')!);
  const { state, findings } = await look();
  assert.equal(state, 'refused');
  const stops = findings.filter((one) => one.state === 'stops');
  assert.deepEqual(
    stops.map(({ check }) => check),
    ['roles', 'resource providers'],
  );
  assert.match(stops[1]!.remedy!, /az provider register --namespace Microsoft\.OperationalInsights --subscription/);
});

test('what was agreed and is not wanted now: the workspace has its receipt, and the next attempt goes on', async () => {
  const customer = opened.add('Wingtip');
  const folder = new MemoryFolder();
  await attempt(customer, folder);
  await customer.consent(folder.files.get('lighthouse-offer.json')!);
  const refused = await attempt(customer, folder, {
    ...opened.open(),
    agreed: () => Promise.reject(new AppError('input.notConfirmed', 'Not wanted now.')),
  });
  assert.deepEqual([refused.state, refused.error?.code], ['failed', 'input.notConfirmed']);
  assert.match(folder.files.get('receipt.txt')!, /NOT FINISHED.*Not wanted now.*Create workspace law-wingtip - done/s);
  assert.match(folder.journalText, /"step":"ended","at":"[^"]+","state":"failed"\}\n$/);
  assert.equal((await attempt(customer, folder)).state, 'waitingForData');
});

test('a tenant is found by its domain, without a token; of none there is none', async () => {
  const { tenants } = opened.open();
  const { tenant } = opened.add('Fourthcoffee');
  assert.equal(await tenants.tenantOf('FourthCoffee.example'), tenant.tenantId);
  assert.equal(await tenants.tenantOf('nobody.example'), undefined);
  assert.equal(await tenants.tenantOf('../common'), undefined);
});
