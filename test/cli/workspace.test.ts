import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addLock } from '../../src/emulator/populate.ts';
import { startSample, tenantscope } from './program.ts';

describe('workspace: create, change, delete, recover', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let place: string[];
  const workspace = (...args: string[]) => tenantscope(['workspace', ...args, '--cloud', sample.cloud]);
  before(async () => {
    sample = await startSample();
    const { out } = await tenantscope(['estate', '--json', '--cloud', sample.cloud]);
    const home = (
      JSON.parse(out) as { workspaces: { name: string; subscription: string; resourceGroup: string; region: string }[] }
    ).workspaces.find((entry) => entry.name === 'nb-central')!;
    place = ['--subscription', home.subscription, '--resource-group', home.resourceGroup, '--region', home.region];
  });
  after(() => sample.close());

  test('the whole life of a workspace', async () => {
    const plan = await workspace('create', 'nb-new', ...place, '--retention', '60', '--cap', '5', '--plan');
    assert.equal(plan.code, 0, plan.err);
    assert.match(
      plan.out,
      /^Create workspace nb-new for Northbridge Managed Services \(northbridge\.onmicrosoft\.com\)\n\nPLAN - nothing has been done yet\.\n/,
    );
    assert.match(
      plan.out,
      /\n {2}Tenant +Northbridge Managed Services \(northbridge\.onmicrosoft\.com\) {2}[\da-f-]{36}\n/,
    );
    assert.match(
      plan.out,
      /\n {2}1\. Create workspace nb-new\n.*Region +West Europe \(westeurope\)\n.*Retention +60 days\n +Daily cap +5 GB\n/s,
    );
    assert.match(plan.out, /az monitor log-analytics workspace create/);

    const exported = await workspace('create', 'nb-new', ...place, '--export', 'terraform');
    assert.equal(exported.code, 0, exported.err);
    assert.match(exported.out, /^# Create workspace nb-new [^]*\nresource "azurerm_log_analytics_workspace" /);

    const inGroup = await workspace('create', 'nb-new', ...place, '--create-resource-group', '--plan');
    assert.match(
      inGroup.out,
      /\n {2}1\. Resource group .* exists already\n {5}In .*it stays as it is, with its tags\n {2}2\. Create/,
    );
    assert.doesNotMatch(inGroup.out, /az group create/);

    const { providers } = [...sample.emulator.world.subscriptions.values()].find(
      ({ subscriptionId }) => subscriptionId === place[1],
    )!;
    providers['microsoft.operationalinsights'] = 'NotRegistered';
    const registering = await workspace('create', 'nb-new', ...place, '--plan');
    assert.match(
      registering.out,
      /\n {2}1\. Register the subscription for Microsoft\.OperationalInsights\n[^]*\n {2}2\. Create/,
    );
    delete providers['microsoft.operationalinsights'];

    const unconfirmed = await workspace('create', 'nb-new', ...place);
    assert.equal(unconfirmed.code, 2);
    assert.match(unconfirmed.err, /Nothing was done.*--yes/);

    const created = await workspace(
      'create',
      'nb-new',
      ...place,
      '--retention',
      '60',
      '--tag',
      'env=test',
      '--yes',
      '--json',
    );
    assert.equal(created.code, 0, created.err);
    assert.deepEqual((JSON.parse(created.out) as { ok: boolean; done: string[] }).done, ['createWorkspace']);
    // The receipt is the sheet of the plan, with what became of it.
    assert.match(created.err, /\n\nDONE - \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, after \d+ s\.\n/);
    assert.match(
      created.err,
      /1\. Create workspace nb-new - done\n {5}Time .*\n.*\n {5}Resource ID +\/subscriptions\/.*\n {5}Workspace ID +[\da-f-]{36}\n/,
    );

    const twice = await workspace('create', 'nb-new', ...place, '--yes');
    assert.equal(twice.code, 2);
    assert.match(twice.err, /already has a workspace nb-new/);

    const again = await workspace('create', 'nb-new', ...place, '--retention', '60', '--tag', 'env=test', '--yes');
    assert.deepEqual(
      [again.code, again.err.trim().split('\n').at(-1)],
      [0, 'Nothing to do: all of it is there already.'],
    );

    const changed = await workspace('update', 'nb-new', '--retention', '90', '--cap', '2', '--yes');
    assert.equal(changed.code, 0, changed.err);
    const { out } = await tenantscope(['estate', '--json', '--cloud', sample.cloud]);
    const now = (
      JSON.parse(out) as { workspaces: { name: string; retentionDays: number; dailyCapGb?: number }[] }
    ).workspaces.find((entry) => entry.name === 'nb-new');
    assert.deepEqual([now?.retentionDays, now?.dailyCapGb], [90, 2]);

    const losing = await workspace('delete', 'nb-new', '--permanent', '--plan');
    assert.equal(losing.code, 0, losing.err);
    assert.match(losing.out, /^Delete workspace nb-new of Northbridge Managed Services \(.*\) permanently\n/);
    assert.match(losing.out, /! Lost for good: the logs of nb-new of up to 90 days/);

    const unnamed = await workspace('delete', 'nb-new', '--permanent', '--yes');
    assert.equal(unnamed.code, 2);
    assert.match(unnamed.err, /repeat its name with --name nb-new/);

    const deleted = await workspace('delete', 'nb-new', '--yes');
    assert.equal(deleted.code, 0, deleted.err);
    assert.match(deleted.err, /can be recovered .* for 14 days/);

    const held = await workspace('create', 'nb-new', ...place, '--yes');
    assert.equal(held.code, 2);
    assert.match(held.err, /tenantscope workspace recover/);

    const recovered = await workspace('recover', 'nb-new', ...place, '--retention', '90', '--yes', '--json');
    assert.equal(recovered.code, 0, recovered.err);
    assert.deepEqual((JSON.parse(recovered.out) as { done: string[] }).done, ['recoverWorkspace']);
  });

  test('a lock keeps a workspace, and the outcome says who set it where and who takes it away', async () => {
    const { world } = sample.emulator;
    const made = await workspace('create', 'nb-locked', ...place, '--yes');
    assert.equal(made.code, 0, made.err);
    const scope = `/subscriptions/${place[1]}/resourceGroups/${place[3]}`;
    addLock(world, { scope, name: 'do-not-delete', notes: 'ask Olga', by: 'olga@northbridge.example' });

    const refused = await workspace('delete', 'nb-locked', '--yes');
    assert.equal(refused.code, 5);
    assert.match(
      refused.err,
      /CanNotDelete "do-not-delete" on the resource group \S+ \(set by olga@northbridge\.example, note: ask Olga\)/,
    );
    assert.match(refused.err, /Owner or User Access Administrator .*removes it .*az lock delete/);
    const asked = await workspace('delete', 'nb-locked', '--yes', '--json');
    const { ok, error } = JSON.parse(asked.out) as { ok: boolean; error: { code: string } };
    assert.deepEqual([asked.code, ok, error.code], [5, false, 'access.locked']);
    // The lock lets everything but a deletion; taken away, that too.
    assert.equal((await workspace('update', 'nb-locked', '--retention', '90', '--yes')).code, 0);
    world.locks.length = 0;
    const deleted = await workspace('delete', 'nb-locked', '--permanent', '--name', 'nb-locked', '--yes');
    assert.equal(deleted.code, 0, deleted.err);
  });

  test('what cannot be is said before anything is done', async () => {
    const name = await workspace('create', 'x', ...place, '--yes');
    assert.equal(name.code, 2);
    assert.match(name.err, /4 to 63 characters/);
    const subscription = await workspace('create', 'nb-other', '--subscription', 'nope', ...place.slice(2), '--yes');
    assert.equal(subscription.code, 2);
    assert.match(subscription.err, /No subscription "nope" can be reached\. There are: /);
    const unknown = await workspace('update', 'nb-nothing', '--retention', '90', '--yes');
    assert.equal(unknown.code, 2);
  });
});
