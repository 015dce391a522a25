import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CustomerBlocks } from '../../../src/core/access/block/customerBlocks.ts';
import { coversUndo, parseUndo, printUndo } from '../../../src/core/access/block/undoFile.ts';
import type { ChangeService } from '../../../src/core/changes/changeService.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addSubscription, addTenant, addWorkspace, delegate } from '../../../src/emulator/populate.ts';
import { addCollectionRule, addDiagnosticSetting, addResource } from '../../../src/emulator/populateFlows.ts';
import type { Subscription } from '../../../src/emulator/state.ts';
import type { Workspace } from '../../../src/model/estate.ts';
import { openBlocks } from './openBlocks.ts';
import type { OpenedBlocks } from './openBlocks.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';

describe('one customer of a shared workspace', () => {
  const estate = smallEstate();
  const { world, provider, engineer, workspaces } = estate;
  const tailspin = addTenant(world, { displayName: 'Tailspin', domain: 'tailspin.example' });
  const theirs = addSubscription(world, { tenant: tailspin, displayName: 'Tailspin' });
  const local = addWorkspace(world, {
    subscription: theirs,
    resourceGroup: 'rg-logs',
    name: 'law-tailspin',
    location: 'westeurope',
  });
  delegate(world, {
    scope: `/subscriptions/${theirs.subscriptionId}`,
    to: provider,
    authorizations: [{ principalId: world.guid('group', 'operations'), name: 'Operations', role: 'Contributor' }],
  });
  const at = { subscription: estate.delegated, resourceGroup: 'rg-logs', location: 'westeurope' };
  const machine = (subscription: Subscription, name: string): string =>
    addResource(world, {
      subscription,
      resourceGroup: 'rg-logs',
      type: 'Microsoft.Compute/virtualMachines',
      name,
      location: 'westeurope',
    }).id;
  // One rule of the provider for everybody, and one of Contoso's own for its own workspace.
  const machines = {
    contoso: [machine(estate.delegated, 'vm-contoso-1'), machine(estate.delegated, 'vm-contoso-2')],
    tailspin: [machine(theirs, 'vm-tailspin-1')],
  };
  addCollectionRule(world, {
    subscription: estate.home,
    resourceGroup: 'rg-logs',
    name: 'dcr-shared',
    location: 'westeurope',
    streams: ['Microsoft-Event'],
    workspaces: [workspaces.provider],
    machines: [...machines.contoso, ...machines.tailspin],
  });
  addCollectionRule(world, {
    subscription: estate.delegated,
    resourceGroup: 'rg-logs',
    name: 'dcr-own',
    location: 'westeurope',
    streams: ['Microsoft-Event'],
    workspaces: [workspaces.contoso],
    machines: machines.contoso.slice(0, 1),
  });
  world.collectionAssociations[0] = { ...world.collectionAssociations[0]!, description: 'set by hand' };
  let emulator: Emulator;
  let opened: OpenedBlocks;
  let blocks: CustomerBlocks;
  let changes: ChangeService;
  let shared: Workspace;
  const follow = (): string[] =>
    world.collectionAssociations.map(({ resourceId, ruleId }) => `${last(resourceId)} ${last(ruleId!)}`).sort();
  before(async () => {
    emulator = await startSmall(estate);
    opened = await openBlocks(emulator, engineer);
    ({ blocks, changes, shared } = opened);
  });
  after(async () => {
    opened.close();
    await emulator.close();
  });

  it('is taken from it by a plan, others stay; and is let in again exactly as it was', async () => {
    const whole = structuredClone(world.collectionAssociations);
    const { plans, undo, unseen, problems } = await blocks.block('Contoso', shared);
    assert.deepEqual([plans.length, unseen, problems], [1, [], []]);
    assert.deepEqual(
      plans[0]!.changes.map(({ action, title }) => [action, title]),
      ['vm-contoso-1', 'vm-contoso-2'].map((name) => ['delete', `Take ${name} from data collection rule dcr-shared`]),
    );
    // A plan does nothing by itself.
    assert.deepEqual(world.collectionAssociations, whole);
    const kept = printUndo(undo);
    const done = await changes.apply(plans[0]!.id, () => undefined);
    assert.ok(done.ok, JSON.stringify(done.error));
    assert.deepEqual(follow(), ['vm-contoso-1 dcr-own', 'vm-tailspin-1 dcr-shared']);
    assert.deepEqual((await blocks.block('Contoso', shared)).plans, []);

    const [back] = await blocks.unblock(parseUndo(kept, 'undo.json'));
    assert.deepEqual(
      back!.changes.map(({ action }) => action),
      ['create', 'create'],
    );
    assert.ok((await changes.apply(back!.id, () => undefined)).ok);
    const sorted = (all: typeof whole) =>
      all
        .map(({ name, resourceId, ruleId, description }) =>
          [name, resourceId, ruleId, description].join(' ').toLowerCase(),
        )
        .sort();
    assert.deepEqual(sorted(world.collectionAssociations), sorted(whole));
  });

  it('is refused where the workspace is its own, the name is nobody’s, or the file another customer’s', async () => {
    await assert.rejects(blocks.block('Nobody', shared), { code: 'input.customer' });
    await assert.rejects(blocks.block('Provider', shared), { code: 'input.customer', message: /own workspace/ });
    const { undo } = await blocks.block('Contoso', shared);
    await assert.rejects(blocks.unblock({ ...undo, customer: 'tailspin' }), { code: 'input.undoFile' });
    await assert.rejects(blocks.unblock({ ...undo, cloud: 'public' }), { code: 'input.undoFile' });
    const [own] = undo.associations;
    const others = theirs.subscriptionId;
    for (const step of ['..', '%2e%2E']) {
      const up = `/providers/a${`/${step}`.repeat(5)}/${others}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`;
      const id = own!.id.replace(/\/providers\/Microsoft\.Compute.*(?=\/providers\/)/i, up);
      assert.ok(id.includes(others), id);
      const led = { ...undo, associations: [{ ...own!, id }] };
      assert.throws(() => parseUndo(printUndo(led), 'undo.json'), { code: 'input.undoFile' }, step);
      await assert.rejects(
        blocks.unblock(led),
        { code: 'input.armId' },
        'nor does Resource Manager hear of such a place',
      );
    }
    assert.equal(local.name, 'law-tailspin');
  });

  it('names other ways, and ends diagnostic settings where that is wanted: what they send elsewhere stays', async () => {
    const vault = addResource(world, { ...at, type: 'Microsoft.KeyVault/vaults', name: 'kv-contoso' }).id;
    const law = workspaceScope(workspaces.provider);
    const sends = { categories: ['AuditEvent'], categoryGroups: ['audit'], workspace: law };
    addDiagnosticSetting(world, { resource: vault, name: 'both', ...sends, storage: '/subscriptions/s/storage' });
    const subscription = `/subscriptions/${estate.delegated.subscriptionId}`;
    const activity = addDiagnosticSetting(world, { resource: subscription, name: 'activity', ...sends });
    activity.properties['logAnalyticsDestinationType'] = 'Dedicated';
    addCollectionRule(world, {
      ...at,
      ...{ name: 'dcr-programs', kind: 'Direct', streams: ['Custom-Audit_CL'], workspaces: [workspaces.provider] },
    });
    const told = (await blocks.block('Contoso', shared)).others.map(({ what }) => what);
    assert.deepEqual(told, [
      'Diagnostic setting activity of subscription Contoso sends there.',
      'Diagnostic setting both of kv-contoso sends there.',
      'Rule dcr-programs takes what programs send to it.',
    ]);
    const before_ = structuredClone(world.diagnosticSettings);
    const { plans, undo, others } = await blocks.block('Contoso', shared, undefined, { settings: true });
    assert.deepEqual(
      others.map(({ what }) => what),
      told.slice(2),
    );
    for (const { id } of plans) assert.ok((await changes.apply(id, () => undefined)).ok);
    assert.deepEqual(
      world.diagnosticSettings.map(({ name, properties }) => [name, properties['workspaceId'] ?? 'none']),
      [['both', 'none']],
    );
    for (const { id } of await blocks.unblock(parseUndo(printUndo(undo), 'undo.json')))
      assert.ok((await changes.apply(id, () => undefined)).ok);
    const told_ = (all: typeof before_) =>
      all
        .map(({ name, properties: { logs, ...places } }) => [
          name,
          (logs as { category?: string; categoryGroup?: string }[])
            .map(({ category, categoryGroup }) => category ?? categoryGroup)
            .sort((a, b) => String(a).localeCompare(String(b))),
          places['workspaceId'],
          places['storageAccountId'],
          places['logAnalyticsDestinationType'],
        ])
        .sort((a, b) => String(a[0]).localeCompare(String(b[0])));
    assert.deepEqual(told_(world.diagnosticSettings), told_(before_));
  });

  it('by two people at once, and by one who was cut off: all of it once, and every file puts all of it back', async () => {
    const whole = follow();
    const other = await openBlocks(emulator, engineer);
    const [one, two] = [await blocks.block('Contoso', shared), await other.blocks.block('Contoso', shared)];
    const cut = new AbortController();
    const first = await changes.apply(
      one.plans[0]!.id,
      () => {
        if (world.collectionAssociations.length < whole.length) cut.abort();
      },
      cut.signal,
    );
    assert.equal(first.changes[1]!.state, 'skipped');
    const second = await other.changes.apply(two.plans[0]!.id, () => undefined);
    assert.deepEqual(
      second.changes.map(({ state }) => state),
      ['unchanged', 'done'],
    );
    const again = await blocks.block('Contoso', shared);
    assert.deepEqual(again.plans, []);
    assert.ok(coversUndo(one.undo, again.undo));
    assert.ok(!coversUndo({ ...one.undo, associations: one.undo.associations.slice(1) }, one.undo));
    const moved = one.undo.associations.map((each) => ({ ...each, rule: `${each.rule}-before` }));
    assert.ok(!coversUndo({ ...one.undo, associations: moved }, one.undo), 'of an earlier block, by another rule');
    assert.ok(!coversUndo({ ...one.undo, workspace: workspaceScope(workspaces.contoso) }, one.undo));
    for (const { undo } of [one, two])
      for (const { id } of await blocks.unblock(undo)) assert.ok((await changes.apply(id, () => undefined)).ok);
    assert.deepEqual(follow(), whole);
    other.close();
  });

  it('says what it cannot tell: rules that are not visible', async () => {
    const at = world.collectionAssociations.findIndex(
      ({ ruleId, resourceId }) => ruleId?.endsWith('dcr-shared') && resourceId.endsWith('vm-contoso-1'),
    );
    const before_ = world.collectionAssociations[at]!;
    world.collectionAssociations[at] = { ...before_, ruleId: before_.ruleId!.replace('dcr-shared', 'dcr-gone') };
    world.touch();
    const { unseen } = await blocks.block('Contoso', shared);
    assert.deepEqual(unseen.map(last), ['vm-contoso-1']);
    world.collectionAssociations[at] = before_;
    world.touch();
  });
});

function last(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
