import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { secretTokens } from '../../../src/app/tokens.ts';
import { parseBaseline } from '../../../src/core/baseline/parseBaseline.ts';
import { AppError } from '../../../src/base/errors.ts';
import { finishCustomer } from '../../../src/core/onboard/finishCustomer.ts';
import type { FinishedCustomer } from '../../../src/core/onboard/finishedCustomer.ts';
import type { OnboardWorld } from '../../../src/core/onboard/onboardWorld.ts';
import { lookAround, prepareCustomer } from '../../../src/core/onboard/prepareCustomer.ts';
import { addDenyPolicy, addResourceGroup } from '../../../src/emulator/populate.ts';
import type { OnboardingFolder } from '../../../src/ports/onboarding.ts';
import type { EmptyCustomer } from './emptyCustomer.ts';
import { Killer } from './killer.ts';
import { MemoryFolder } from './memoryFolder.ts';
import { openOnboardEstate } from './onboardEstate.ts';
import type { OpenedOnboarding, OpenOptions } from './onboardEstate.ts';

/** What was agreed with every customer: how its machines are listened to, and a query. */
const { baseline } = parseBaseline(
  JSON.stringify({
    architectures: { distributed: { savedQueries: { 'Who is there': { query: 'Heartbeat | distinct Computer' } } } },
    provider: {
      collectionRules: {
        'dcr-agreed': {
          windowsEvents: ['System!*[System[(Level=1 or Level=2)]]'],
          syslog: { facilities: ['auth'], levels: ['Warning'] },
          performance: { counters: ['\\Memory\\Available Bytes'], seconds: 60 },
          machines: 'all',
        },
      },
    },
  }),
  'baseline.json',
);

let opened: OpenedOnboarding;
before(async () => {
  opened = await openOnboardEstate();
});
after(() => opened.close());

/** The whole of one attempt, as one program does it, which waits half an hour for data where it is to be kept. */
async function attempt(
  { coming }: EmptyCustomer,
  folder: OnboardingFolder,
  options: OpenOptions = {},
): Promise<Pick<FinishedCustomer, 'state'> & Partial<FinishedCustomer>> {
  const world: OnboardWorld = opened.open(options);
  const reachable = await lookAround(world, [coming]);
  const prepared = await prepareCustomer(coming, opened.offer, world, { folder, reachable });
  if (prepared.state !== 'planned') return prepared;
  const dataWithinMs = options.baseline ? 30 * 60_000 : 0;
  return finishCustomer(prepared, world, { folder, queryWithinMs: 0, dataWithinMs });
}

/** The first half of an attempt: looks, and changes nothing. */
async function prepare({ coming }: EmptyCustomer, folder: OnboardingFolder, offer = opened.offer) {
  const world = opened.open();
  return prepareCustomer(coming, offer, world, { folder, reachable: await lookAround(world, [coming]) });
}

/** What there is of a customer in Azure, without what no two customers have alike. */
function madeFor({ subscription, coming }: EmptyCustomer): object {
  const { world } = opened.emulator;
  const own = `/subscriptions/${subscription.subscriptionId}`;
  const called = (text: string): string => text.replaceAll(coming.key, 'NAME').replaceAll(own, 'OWN');
  const ofOwn = <T>(map: ReadonlyMap<string, T>): readonly T[] =>
    [...map].filter(([id]) => id.startsWith(own)).map(([, one]) => one);
  const workspaces = [...ofOwn(world.workspaces), ...ofOwn(world.deletedWorkspaces)];
  return {
    providers: subscription.providers,
    groups: ofOwn(world.resourceGroups).map(({ name, location, tags }) => ({ name: called(name), location, tags })),
    workspaces: workspaces.map(({ name, location, tags, properties, savedSearches }) => ({
      name: called(name),
      location,
      tags,
      sku: properties.sku.name,
      retentionInDays: properties.retentionInDays,
      cap: properties.workspaceCapping.dailyQuotaGb,
      queries: [...savedSearches.values()].map((one) => one.properties.displayName),
    })),
    delegations: world.delegations
      .filter(({ scope }) => scope.startsWith(own))
      .map(({ offerName, authorizations }) => ({ offerName, authorizations })),
    rules: ofOwn(world.resources)
      .filter(({ type }) => type === 'microsoft.insights/datacollectionrules')
      .map(({ id }) => lastOf(id)),
    follow: world.collectionAssociations
      .filter(({ resourceId }) => resourceId.startsWith(own))
      .map(({ resourceId, ruleId }) => [lastOf(resourceId), lastOf(ruleId ?? '')]),
  };
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

test('from an empty tenant to data that arrive: the customer consents, all else is one command', async () => {
  const customer = opened.add('Tailspin');
  const folder = new MemoryFolder();
  assert.equal((await attempt(customer, folder, { baseline })).state, 'waitingForCustomer');
  assert.match(folder.text('access.md'), /Operations as Contributor.*An Owner .* az deployment sub create --subscr/s);

  await customer.consent(folder);
  const done = await attempt(customer, folder, { baseline });
  assert.equal(done.state, 'done', done.error?.message);
  assert.ok(done.tables?.includes('Heartbeat') && done.tables.includes('Perf'), String(done.tables));
  assert.match(folder.text('plan.txt'), /ok +roles: .*note +resource providers: .*PLAN - nothing has been done yet/s);
  assert.match(folder.text('receipt.txt'), /DONE.*Create workspace law-tailspin - done.*Associate lin .* - done/s);
  assert.match(
    folder.text('receipt.txt'),
    /no layer of the baseline says one\. Add "tailspin": \{ "architecture": "distributed" \} to "customers"/,
  );
  assert.deepEqual(madeFor(customer), {
    providers: { 'microsoft.operationalinsights': 'Registered', 'microsoft.insights': 'Registered' },
    groups: ['rg-NAME-machines', 'rg-NAME-logs'].map((name) => ({ name, location: 'westeurope', tags: {} })),
    workspaces: [
      {
        name: 'law-NAME',
        location: 'westeurope',
        tags: { 'looked-after-by': 'provider' },
        sku: 'PerGB2018',
        retentionInDays: 90,
        cap: 5,
        queries: ['Who is there'],
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
    rules: ['dcr-agreed'],
    follow: ['lin', 'win'].map((name) => [name, 'dcr-agreed']),
  });

  const again = await attempt(customer, folder, { baseline });
  assert.deepEqual([again.state, again.steps?.map(({ plan }) => plan.title)], ['done', [again.steps?.[0]?.plan.title]]);
  assert.match(folder.text('receipt.txt'), /Done by an earlier attempt, at .*: workspace law-tailspin/s);
  assert.match(
    folder.text('plan.txt'),
    /NOTHING TO DO.*Azure's own what-if\n {2}The plan has nothing that a template makes/s,
  );
});

test('nothing agreed for its machines: the workspace answers, and waits for data', async () => {
  const customer = opened.add('Silent');
  const folder = new MemoryFolder();
  await attempt(customer, folder);
  await customer.consent(folder);
  assert.equal((await attempt(customer, folder)).state, 'waitingForData');
  assert.match(folder.text('receipt.txt'), /WAITING for data/);
});

/** A customer that has consented to what a first attempt handed over. */
async function consented(
  name: string,
  access?: Parameters<OpenedOnboarding['add']>[1],
  options: OpenOptions = {},
): Promise<readonly [EmptyCustomer, MemoryFolder]> {
  const customer = opened.add(name, access);
  const folder = new MemoryFolder();
  assert.equal((await attempt(customer, folder, options)).state, 'waitingForCustomer');
  await customer.consent(folder);
  return [customer, folder];
}

test('killed while it hands over, and run again: the same texts, whole', async () => {
  const customer = opened.add('Handed');
  const whole = new MemoryFolder();
  const counter = new Killer(Infinity);
  assert.equal((await attempt(customer, counter.folder(whole))).state, 'waitingForCustomer');
  assert.equal(counter.steps, 5, 'the attempt, two files, that they are handed over, the end');
  for (let at = 1; at <= counter.steps; at++) {
    const folder = new MemoryFolder();
    const killer = new Killer(at);
    const first = attempt(customer, killer.folder(folder));
    assert.equal(await Promise.race([first, killer.killed]), 'killed', `step ${at}`);
    assert.equal((await attempt(customer, folder)).state, 'waitingForCustomer');
    assert.deepEqual([...folder.files], [...whole.files], `after a kill at step ${at}`);
  }
});

test('killed at every step and run again: the same estate, nothing twice', async () => {
  const [whole, wholeFolder] = await consented('Unhurt');
  const counter = new Killer(Infinity);
  const unhurt = await attempt(whole, counter.folder(wholeFolder), { wrap: counter.wrap, baseline });
  assert.equal(unhurt.state, 'done', unhurt.error?.message);
  assert.ok(counter.steps >= 20, `${counter.steps} steps`);
  for (let at = 1; at <= counter.steps; at++) {
    const customer = opened.add(`Cut${at}`);
    // The offer is the same for everybody.
    await customer.consent(wholeFolder);
    const killer = new Killer(at);
    const folder = new MemoryFolder();
    const first = attempt(customer, killer.folder(folder), { wrap: killer.wrap, baseline });
    assert.equal(await Promise.race([first, killer.killed]), 'killed', `step ${at}`);
    const again = await attempt(customer, folder, { baseline });
    assert.equal(again.state, 'done', `after a kill at step ${at}: ${again.error?.message}`);
    assert.deepEqual(madeFor(customer), madeFor(whole), `after a kill at step ${at}`);
  }
});

test('guests: invited, accepted, given a role by the customer; all else is one command, also when it was killed', async () => {
  const { username } = opened.estate.engineer;
  const [customer, folder] = await consented('Guested', { access: 'guest', guests: [username] });
  assert.match(
    folder.text('access.md'),
    /A Guest Inviter .*An Owner or User Access Administrator .*Each guest \(our people\)\*\* accepts/s,
  );
  const killer = new Killer(9);
  const first = attempt(customer, killer.folder(folder), { wrap: killer.wrap, baseline });
  assert.equal(await Promise.race([first, killer.killed]), 'killed');
  const done = await attempt(customer, folder, { baseline });
  assert.equal(done.state, 'done', done.error?.message);
  assert.ok(done.tables?.includes('Heartbeat'), String(done.tables));
  assert.match(
    folder.text('plan.txt'),
    /note +roles on data: Our roles there are on resources and not on data.*an Owner or User Access Admin.* runs/s,
  );
  const { workspaces } = madeFor(customer) as { readonly workspaces: readonly unknown[] };
  assert.equal(workspaces.length, 1);
});

test('a guest that has not accepted cannot enter: it stays the turn of the customer', async () => {
  const { username } = opened.estate.engineer;
  const customer = opened.add('Unaccepted', { access: 'guest', guests: [username] });
  const folder = new MemoryFolder();
  await attempt(customer, folder);
  await customer.consent(folder);
  const guest = [...opened.emulator.world.accounts.values()].find((one) => one.username === username)!;
  guest.memberships.at(-1)!.pending = true;
  assert.equal((await attempt(customer, folder)).state, 'waitingForCustomer');
});

test('an application: installed by its link, given a role there, signs in to that tenant with its own secret', async () => {
  const { app, provider } = opened.estate;
  const open = (): OpenOptions => ({
    baseline,
    tokens: secretTokens(opened.emulator.cloud, [
      { tenantId: provider.tenantId, clientId: app.appId!, clientSecret: 'secret' },
    ]),
  });
  const access = { access: 'servicePrincipal', application: app.appId! } as const;
  const [customer, folder] = await consented('Installed', access, open());
  const killer = new Killer(9);
  const first = attempt(customer, killer.folder(folder), { ...open(), wrap: killer.wrap });
  assert.equal(await Promise.race([first, killer.killed]), 'killed');
  const done = await attempt(customer, folder, open());
  assert.equal(done.state, 'done', done.error?.message);
  assert.ok(done.tables?.includes('Heartbeat'), String(done.tables));
  for (const text of [...folder.files.values(), folder.journalText]) assert.doesNotMatch(text, /"secret"|eyJ/);
  const { follow } = madeFor(customer) as { readonly follow: readonly unknown[] };
  assert.equal(follow.length, 2);
});

test('a resource group that is there: Azure is asked what the plan would do', async () => {
  const customer = opened.add('Halfway');
  const folder = new MemoryFolder();
  await attempt(customer, folder);
  await customer.consent(folder);
  addResourceGroup(opened.estate.world, {
    subscription: customer.subscription,
    name: 'rg-halfway-logs',
    location: 'westeurope',
  });
  await prepare(customer, folder);
  assert.match(folder.text('plan.txt'), /Azure's own what-if\n {2}Create +\/subscriptions\/.*\/law-halfway\n/);
});

test('what stands in the way is told before anything is sent', async () => {
  const customer = opened.add('Guarded');
  const scope = `/subscriptions/${customer.subscription.subscriptionId}`;
  const folder = new MemoryFolder();
  await attempt(customer, folder);
  await customer.consent(folder);
  addDenyPolicy(opened.estate.world, { scope, name: 'regions', displayName: 'Regions', locations: ['northeurope'] });
  assert.equal((await attempt(customer, folder)).state, 'refused');
  assert.match(
    folder.text('plan.txt'),
    /STOP policies: Policies of the customer refuse .*policyAssignments\/regions\.[^]*NOTHING WAS PLANNED/,
  );
  assert.equal((madeFor(customer) as { groups: unknown[] }).groups.length, 1, 'that of its machines');
  const typo = { ...customer, coming: { ...customer.coming, region: 'westeuorpe' } };
  assert.equal((await attempt(typo, folder)).state, 'refused');
  assert.match(
    folder.text('plan.txt'),
    /STOP region: .*"westeuorpe"\.\n.*"region" in the file\. Did you mean "westeurope"/,
  );
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
  await customer.consent(folder);
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
  const [customer, folder] = await consented('Refusing');
  const world = {
    ...opened.open(),
    agreed: () => Promise.reject(new AppError('input.notConfirmed', 'Not wanted now.')),
  };
  const refused = await finishCustomer(
    await prepareCustomer(customer.coming, opened.offer, world, {
      folder,
      reachable: await lookAround(world, [customer.coming]),
    }),
    world,
    { folder, queryWithinMs: 0 },
  );
  assert.deepEqual([refused.state, refused.error?.code], ['failed', 'input.notConfirmed']);
  assert.match(folder.files.get('receipt.txt')!, /NOT FINISHED.*Not wanted now.*Create workspace law-refusing - done/s);
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
