import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { finishOffboarding } from '../../../src/core/onboard/finishOffboarding.ts';
import { planOffboarding } from '../../../src/core/onboard/offboard.ts';
import type { OffboardWorld } from '../../../src/core/onboard/offboard.ts';
import type { Onboarding } from '../../../src/app/onboarding.ts';
import { entraPlace } from '../../../src/emulator/arm/entraDiagnostics.ts';
import { key, workspaceScope } from '../../../src/emulator/armId.ts';
import { addLock, addResourceGroup, addWorkspace, assignRole, delegate } from '../../../src/emulator/populate.ts';
import { addCollectionRule, addDiagnosticSetting, addResource } from '../../../src/emulator/populateFlows.ts';
import { partnerOf } from '../../../src/emulator/msgraph/partner.ts';
import type { Subscription, Workspace } from '../../../src/emulator/state.ts';
import type { OnboardingFolder } from '../../../src/ports/onboarding.ts';
import { signedIn } from '../azure/connect.ts';
import { Killer } from './killer.ts';
import { MemoryFolder } from './memoryFolder.ts';
import { openOnboardEstate } from './onboardEstate.ts';
import type { OpenedOnboarding } from './onboardEstate.ts';

let opened: OpenedOnboarding;
before(async () => {
  opened = await openOnboardEstate();
});
after(() => opened.close());

const STORAGE = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/archive';

/** What sends to the provider from a customer's subscription, what is the customer's own, and alerts of both. */
function fill(name: string, subscription: Subscription, own: Workspace, kinds: 'all' | 'few' | 'fewest' = 'all') {
  const { world, workspaces, home } = opened.estate;
  const at = { subscription, resourceGroup: 'rg-logs', location: 'westeurope' };
  const scope = `/subscriptions/${subscription.subscriptionId}`;
  const [theirs, ours] = [workspaceScope(own), workspaceScope(workspaces.provider)];
  const rule = { ...at, streams: ['Microsoft-Event'] };
  const machine = (called: string): string =>
    addResource(world, { ...at, type: 'Microsoft.Compute/virtualMachines', name: called }).id;
  const vm = machine(`vm-${name}`);
  addDiagnosticSetting(world, { resource: scope, name: 'activity', categories: ['Administrative'], workspace: ours });
  addCollectionRule(world, {
    ...rule,
    name: 'dcr-to-us',
    workspaces: [workspaces.provider],
    machines: kinds === 'fewest' ? [] : [vm],
  });
  if (kinds !== 'all') return { scope };
  const vault = addResource(world, { ...at, type: 'Microsoft.KeyVault/vaults', name: `kv-${name}` }).id;
  const both = { categories: ['AuditEvent'], workspace: ours, storage: STORAGE };
  addDiagnosticSetting(world, { resource: vault, name: 'audit', ...both });
  addDiagnosticSetting(world, { resource: vault, name: 'own', categories: ['AuditEvent'], workspace: theirs });
  addCollectionRule(world, { ...rule, name: 'dcr-both', workspaces: [own, workspaces.provider], machines: [vm] });
  addCollectionRule(world, { ...rule, name: 'dcr-own', workspaces: [own], machines: [vm] });
  const programs = {
    ...rule,
    streams: ['Custom-Audit_CL'],
    kind: 'Direct' as const,
    workspaces: [workspaces.provider],
  };
  addCollectionRule(world, { ...programs, name: 'dcr-programs' });
  const central = { ...rule, subscription: home, name: `dcr-central-${name}`, workspaces: [workspaces.provider] };
  addCollectionRule(world, { ...central, machines: [vm, machine(`vm-${name}-2`)] });
  const insights = `${scope}/resourceGroups/rg-logs/providers/Microsoft.Insights`;
  const group = (called: string): string => {
    const id = `${insights}/actionGroups/${called}`;
    const webhookReceivers = [{ name: 'us', serviceUri: 'https://hooks.provider.example/in?code=s3cr3t' }];
    world.alerting.set(key(id), {
      kind: 'group',
      id,
      name: called,
      tags: {},
      properties: { groupShortName: 'ours', enabled: true, webhookReceivers },
    });
    return id;
  };
  const alert = (called: string, actionGroups: readonly string[], tags: Record<string, string>): void => {
    const id = `${insights}/scheduledQueryRules/${called}`;
    world.alerting.set(key(id), {
      kind: 'rule',
      id,
      name: called,
      location: 'westeurope',
      tags,
      properties: { displayName: called, scopes: [theirs], actions: { actionGroups: [...actionGroups] } },
      etag: '1',
      editor: { claims: {} as never, grants: [] },
      evaluated: 0,
      open: new Map(),
    });
  };
  const used = group('tenantscope-shared');
  alert('ours', [group('tenantscope-cap'), used], { 'tenantscope-alert': 'cap' });
  alert('theirs', [used], {});
  world.touch();
  return { scope };
}

/** A customer that was onboarded, by Lighthouse. */
function onboarded(name: string, more = false) {
  const { world, provider, engineer } = opened.estate;
  const customer = opened.add(name);
  const { subscription } = customer;
  subscription.providers['microsoft.insights'] = 'Registered';
  const own = addWorkspace(world, {
    subscription,
    resourceGroup: 'rg-logs',
    name: `law-${name}`,
    location: 'westeurope',
  });
  const scope = `/subscriptions/${subscription.subscriptionId}`;
  const roles = ['Contributor', 'Managed Services Registration assignment Delete Role'] as const;
  const authorizations = roles.map((role) => ({ principalId: engineer.groups[0]!, name: 'Operations', role }));
  delegate(world, { scope, to: provider, authorizations });
  if (!more) return { ...customer, own };
  addResourceGroup(world, { subscription, name: 'rg-more', location: 'westeurope' });
  delegate(world, { scope: `${scope}/resourceGroups/rg-more`, to: provider, offerName: 'More', authorizations });
  return { ...customer, own };
}

/** What there is of ours at a customer, and what of the customer's sends. */
function left(scope: string): object {
  const { world } = opened.estate;
  const within = (id: string): boolean => key(id).startsWith(key(scope));
  const last = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
  const rules = [...world.resources.values()].filter(({ id, type }) => within(id) && /datacollectionrules/.test(type));
  return {
    settings: world.diagnosticSettings
      .filter(({ resourceId }) => within(resourceId))
      .map(({ name, properties }) => [name, properties['workspaceId'] ? last(String(properties['workspaceId'])) : '-']),
    rules: rules.map(({ name, properties: { destinations } }) => [
      name,
      ((destinations as { logAnalytics: { workspaceResourceId: string }[] }).logAnalytics ?? []).map(
        ({ workspaceResourceId }) => last(workspaceResourceId),
      ),
    ]),
    associations: world.collectionAssociations
      .filter(({ resourceId }) => within(resourceId))
      .map(({ resourceId, ruleId }) => `${last(resourceId)} ${last(ruleId!)}`),
    alerting: [...world.alerting.values()].filter(({ id }) => within(id)).map(({ id }) => last(id)),
    delegations: world.delegations.filter((one) => within(one.scope)).map(({ offerName }) => offerName),
    workspaces: [...world.workspaces.values()].filter((one) => within(workspaceScope(one))).map(({ name }) => name),
  };
}

/** Resource Graph gives a person 15 answers in 5 seconds: a new program begins with all of them. */
function rested(): Onboarding {
  opened.estate.world.clock.advance(6000);
  return opened.open();
}

async function offboard(
  name: string,
  folder: OnboardingFolder,
  world: Onboarding = rested(),
  more: Partial<OffboardWorld> = {},
) {
  const offboarding = await planOffboarding(name, { ...world, ...more }, folder);
  return { offboarding, ...(await finishOffboarding(offboarding, world, { folder, typed: name })) };
}

describe('a customer is let go', () => {
  test('everything that sends to others ends, what is its own stays, and our access ends last', async () => {
    const { subscription, own } = onboarded('Tailspin', true);
    const { scope } = fill('tailspin', subscription, own);
    const folder = new MemoryFolder();
    const { offboarding, error, receipt } = await offboard('Tailspin', folder);
    assert.equal(error, undefined, error?.message);
    const [plan, ...others] = offboarding.plans;
    assert.deepEqual(others, []);
    assert.deepEqual(
      plan!.changes.slice(-2).map(({ title }) => title),
      ['End the delegation "More"', 'End the delegation "Managed logs"'],
    );
    assert.match(plan!.warnings.join('\n'), /Once our access has ended/);
    assert.deepEqual(left(scope), {
      settings: [
        ['audit', '-'],
        ['own', 'law-Tailspin'],
      ],
      rules: [
        ['dcr-both', ['law-Tailspin']],
        ['dcr-own', ['law-Tailspin']],
      ],
      associations: ['vm-tailspin dcr-both', 'vm-tailspin dcr-own'],
      alerting: ['tenantscope-shared', 'theirs'],
      delegations: [],
      workspaces: ['law-Tailspin'],
    });
    assert.match(folder.files.get('farewell.md')!, /Action group tenantscope-shared calls us/);
    assert.match(
      folder.files.get('farewell.md')!,
      /Azure Lighthouse does not show them to us[^]*`az role assignment list/,
    );
    // What is ended can be made again of what was written down.
    const ended = JSON.parse(folder.text('diagnostic-settings.json')) as { of: string; definition?: object }[];
    const setting = ended.find(({ of }) => of === 'subscription Tailspin')!;
    assert.match(JSON.stringify(setting.definition), /"workspaceId":.*"category":"Administrative"/);
    const rules = JSON.parse(folder.text('collection-rules.json')) as { id: string; definition?: object }[];
    const toUs = rules.find(({ id }) => id.endsWith('/dcr-to-us'))!;
    assert.match(JSON.stringify(toUs.definition), /"dataFlows":.*"Microsoft-Event"/);
    assert.equal(rules.find(({ id }) => id.endsWith('/dcr-own'))!.definition, undefined, 'it stays, and tells itself');
    assert.match(folder.files.get('alerts.json')!, /"webhooks": \[[^\]]*hooks\.provider\.example/);
    assert.match(folder.files.get('collection-rules.json')!, /dcr-programs/);
    for (const text of [...folder.files.values(), folder.journalText, receipt]) assert.doesNotMatch(text, /s3cr3t/);
  });

  test('killed at every step and run again: the same estate, and what was written down is whole', async () => {
    const begin = (name: string): readonly [string, MemoryFolder] => {
      const { subscription, own } = onboarded(name);
      return [fill(name.toLowerCase(), subscription, own, 'fewest').scope, new MemoryFolder()];
    };
    const [whole, wholeFolder] = begin('Unhurt');
    // Of the files that are written one after the other the first: those behind it are like it.
    const counts = (file: string): boolean => ['settings.json', 'receipt.txt'].includes(file);
    const counter = new Killer(Infinity);
    const done = await offboard('Unhurt', counter.folder(wholeFolder, counts), opened.open({ wrap: counter.wrap }));
    assert.equal(done.error, undefined, done.error?.message);
    assert.ok(counter.steps >= 12, `${counter.steps} steps`);
    const called = (value: object, name: string): string =>
      JSON.stringify(value).replaceAll(new RegExp(name, 'gi'), 'NAME');
    for (let at = 1; at <= counter.steps; at++) {
      const name = `Cut${at}x`;
      const [scope, folder] = begin(name);
      const killer = new Killer(at);
      opened.estate.world.clock.advance(6000);
      const first = await Promise.race([
        offboard(name, killer.folder(folder, counts), opened.open({ wrap: killer.wrap })),
        killer.killed,
      ]);
      assert.equal(first, 'killed', `step ${at}`);
      const again = await offboard(name, folder);
      assert.equal(again.error, undefined, `after a kill at step ${at}: ${again.error?.message}`);
      assert.equal(called(left(scope), name), called(left(whole), 'Unhurt'), `after a kill at step ${at}`);
      for (const file of ['settings.json', 'collection-rules.json', 'farewell.md'])
        assert.equal(
          folder.files.get(file)!.length > 100,
          true,
          `${file} after a kill at step ${at}: ${folder.files.get(file)}`,
        );
      assert.match(folder.files.get('receipt.txt')!, /^Offboarding of Cut\d+x\n\nDONE/);
    }
  });

  test('rows of it in a workspace that several share are named: no step erases them', async () => {
    onboarded('Sharing');
    const world = rested();
    const rule = { by: 'column', column: 'Computer', value: 'vm', origin: 'file' } as const;
    const load = async () => {
      const estate = await world.estate.load({ refresh: true });
      const { key: customer } = estate.customers.find(({ name }) => name === 'Sharing')!;
      const shared = { rules: [{ ...rule, customer }] };
      const workspaces = estate.workspaces.map((one) => (one.name === 'law-provider' ? { ...one, shared } : one));
      return { ...estate, workspaces };
    };
    const folder = new MemoryFolder();
    const { unseen } = await planOffboarding('Sharing', { ...world, estate: { load } }, folder);
    assert.ok(unseen.some((one) => /^law-provider may hold rows of Sharing beside those of others/.test(one)));
    assert.match(folder.text('farewell.md'), /law-provider may hold rows of Sharing/);
  });

  test('where one step fails our access stays, and the next attempt goes on', async () => {
    const { subscription, own } = onboarded('Refused');
    const { scope } = fill('refused', subscription, own, 'few');
    const folder = new MemoryFolder();
    const world = opened.open({
      wrap: (handler) =>
        handler.resource === 'sending' ? { ...handler, apply: () => Promise.reject(new Error('refused')) } : handler,
    });
    const { error } = await offboard('Refused', folder, world);
    assert.ok(error);
    assert.match(folder.files.get('receipt.txt')!, /NOT FINISHED[^]*our access is still there/);
    assert.deepEqual((left(scope) as { delegations: string[] }).delegations, ['Managed logs']);
    const again = await offboard('Refused', folder);
    assert.equal(again.error, undefined, again.error?.message);
    assert.match(again.receipt, /DONE[^]*Done by an earlier attempt, at \S+: association /);
    assert.deepEqual((left(scope) as { delegations: string[] }).delegations, []);
  });

  test('a lock of the customer keeps what is in it, as commands for its people; one of ours goes only by its own token', async () => {
    const { subscription, own } = onboarded('Locked');
    const { scope } = fill('locked', subscription, own, 'few');
    const { world } = opened.estate;
    addLock(world, { scope: `${scope}/resourceGroups/rg-logs`, name: 'evidence' });
    addLock(world, { scope: workspaceScope(own), name: 'ours' });
    const folder = new MemoryFolder();
    const { offboarding, error } = await offboard('Locked', folder, undefined, {
      ownLocks: () => ({ Ours: { on: 'workspace' } }),
    });
    assert.equal(error, undefined, error?.message);
    assert.ok(offboarding.tasks.some(({ what }) => /dcr-to-us: the lock evidence keeps us/i.test(what)));
    assert.match(
      folder.files.get('farewell.md')!,
      /`az lock delete --ids \S*evidence`\n +`az monitor data-collection rule delete/,
    );
    assert.match(folder.files.get('farewell.md')!, /The lock ours on .* is of ours: remove it/);
    const { rules, delegations, settings } = left(scope) as Record<string, unknown[]>;
    assert.deepEqual([rules!.length, delegations, settings], [1, [], []]);
  });
});

test('by guests and an application: assignments of ours end, last that of who does it; others stay', async () => {
  const { world, foreign, engineer, app, fabrikam } = opened.estate;
  const scope = `/subscriptions/${foreign.subscriptionId}`;
  const guest = engineer.memberships.find(({ tenantId }) => tenantId === fabrikam.tenantId)!.objectId;
  const robot = app.memberships.find(({ tenantId }) => tenantId === fabrikam.tenantId)!.objectId;
  const stranger = world.guid('user', 'stranger');
  assignRole(world, { scope, principalId: stranger, role: 'Owner' });
  const ours = () =>
    world.roleAssignments.filter((one) => one.scope === scope && [guest, robot, stranger].includes(one.principalId));
  const workspace = workspaceScope(opened.estate.workspaces.provider);
  const directory = entraPlace(fabrikam.tenantId);
  addDiagnosticSetting(world, { resource: directory, name: 'sign-ins', categories: ['SignInLogs'], workspace });
  assignRole(world, { principalId: guest, role: 'Contributor', scope: '/providers/microsoft.aadiam' });
  const folder = new MemoryFolder();
  const look = await planOffboarding('Fabrikam', rested(), folder);
  assert.deepEqual(
    look.plans.flatMap(({ changes }) => changes.map(({ title }) => title)),
    ['Remove diagnostic setting sign-ins of Microsoft Entra ID of Fabrikam'],
    'a contributor removes no assignment',
  );
  assert.ok(
    look.tasks.length >= 1 &&
      look.tasks.every(({ commands }) => /^az role assignment delete --ids /.test(commands[0]!)),
  );

  assert.match(look.unseen.join(), /whose the role assignments of subscription Fabrikam are: Microsoft Graph/);

  // The names of roles' assignments are of no order: more of them, so that some come after.
  for (const role of ['User Access Administrator', 'Reader', 'Log Analytics Reader', 'Monitoring Reader'] as const)
    for (const principalId of role === 'User Access Administrator' ? [guest] : [guest, robot])
      assignRole(world, { scope, principalId, role });
  partnerOf(world, fabrikam).permissions[key(guest)] = ['Directory.Read.All'];
  // A lock of ours is in the way of all of it: a token of the customer's own directory may take it off.
  addLock(world, { scope, name: 'ours' });
  const locksTaken = async (on: 'workspace' | 'subscription'): Promise<number> => {
    const ownLocks = () => ({ ours: { on } });
    const { plans } = await planOffboarding('Fabrikam', { ...rested(), ownLocks }, new MemoryFolder());
    return plans.flatMap(({ changes }) => changes).filter(({ title }) => title === 'Remove lock ours').length;
  };
  assert.equal(await locksTaken('subscription'), 1);
  assert.equal(await locksTaken('workspace'), 0, 'one of the customer that is merely called as ours on a workspace is');
  const { offboarding, error } = await offboard('Fabrikam', folder, undefined, {
    ownLocks: () => ({ ours: { on: 'subscription' } }),
  });
  assert.equal(error, undefined, error?.message);
  assert.ok(!world.diagnosticSettings.some(({ name }) => name === 'sign-ins'));
  assert.match(
    offboarding.plans[0]!.changes.at(-1)!.title,
    /Remove role User Access Administrator of .* on subscription Fabrikam/,
  );
  assert.equal(offboarding.plans[0]!.changes[0]!.title, 'Remove lock ours');
  const who = offboarding.plans
    .flatMap(({ changes }) => changes.map(({ title }) => title))
    .filter((one) => /role/.test(one));
  assert.deepEqual(
    who.map((one) => /of (automation|engineer)/i.exec(one)![1]!.toLowerCase()),
    [...Array<string>(4).fill('automation'), ...Array<string>(5).fill('engineer')],
  );
  assert.deepEqual(
    ours().map(({ principalId }) => principalId),
    [stranger],
  );
});

test('an administrator of the customer who looks keeps every role: nobody of ours is in that directory', async () => {
  const { subscription, own } = onboarded('Mine');
  fill('mine', subscription, own, 'few');
  const admin = [...opened.estate.world.accounts.values()].find(({ username }) => username === 'admin@mine.example')!;
  const person = signedIn(opened.emulator, admin, 'pass');
  const { plans, tasks, unseen } = await planOffboarding('Mine', opened.open({ tokens: person }), new MemoryFolder());
  person.close();
  const said = plans.flatMap(({ changes }) => changes.map(({ title }) => title));
  assert.doesNotMatch([...said, ...tasks.map(({ what }) => what)].join(), /role/i);
  assert.match(unseen.join(), /whose \S+law-provider is, to which dcr-to-us sends: it stays/);
});
