import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addSubscription, addTenant, addUser, assignRole } from '../../src/emulator/populate.ts';
import type { Subscription } from '../../src/emulator/state.ts';
import { ask, userToken } from '../contract/emulator/smallEstate.ts';
import { startSample, tenantscope } from './program.ts';

let sample: Awaited<ReturnType<typeof startSample>>;
let file: string, out: string;
const subscriptions = new Map<string, Subscription>();

before(async () => {
  sample = await startSample();
  const { world } = sample.emulator;
  const app = [...world.accounts.values()].find(({ kind }) => kind === 'servicePrincipal')!;
  for (const name of ['Relecloud', 'Lamna']) {
    const tenant = addTenant(world, { displayName: name, domain: `${name.toLowerCase()}.example` });
    const subscription = addSubscription(world, { tenant, displayName: `${name} One` });
    const admin = addUser(world, { tenant, username: `admin@${name.toLowerCase()}.example`, password: 'pass' });
    assignRole(world, {
      scope: `/subscriptions/${subscription.subscriptionId}`,
      principalId: admin.objectId,
      role: 'Owner',
    });
    subscriptions.set(name, subscription);
  }
  file = join(sample.directory, 'customers-to-come.json');
  out = join(sample.directory, 'onboarding');
  const authorization = { principalId: app.objectId, name: 'Automation' };
  const offer = {
    name: 'Managed logs',
    managedBy: app.homeTenantId,
    authorizations: [
      { ...authorization, role: 'Contributor' },
      { ...authorization, role: 'Managed Services Registration assignment Delete Role' },
    ],
  };
  const customers = [...subscriptions].map(([name, { tenantId, subscriptionId }]) => ({
    name,
    tenant: tenantId,
    subscription: subscriptionId,
  }));
  const agreed = join(sample.directory, 'baseline.json');
  await writeFile(agreed, JSON.stringify({ provider: { workspace: { tags: { agreed: 'yes' } } } }));
  await writeFile(file, JSON.stringify({ offer, defaults: { region: 'westeurope' }, customers }, null, 2));
});
after(() => sample.close());

const onboard = (args: readonly string[], more: Parameters<typeof tenantscope>[1] = {}) =>
  tenantscope(['onboard', '--file', file, '--out', out, '--cloud', sample.cloud, ...args], more);

/** What each customer's administrator does with what was handed over. */
async function consent(): Promise<void> {
  for (const [name, { subscriptionId }] of subscriptions) {
    const key = name.toLowerCase();
    const { access_token: token } = await userToken(sample.emulator, `admin@${key}.example`);
    const template = JSON.parse(await readFile(join(out, key, 'lighthouse-offer.json'), 'utf8')) as object;
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Resources/deployments/offer?api-version=2025-04-01`;
    const body = { location: 'westeurope', properties: { mode: 'Incremental', template } };
    const { status, text } = await ask(sample.emulator, path, { method: 'PUT', token, body });
    assert.ok(status < 300, text);
  }
}

test('customers of a file, by one command: handed over, killed in the middle, finished, and one let go', async () => {
  const first = await onboard(['--json']);
  assert.equal(first.code, 4, first.err);
  assert.deepEqual(
    (JSON.parse(first.out) as { customer: string; state: string }[]).map(({ customer, state }) => [customer, state]),
    [
      ['relecloud', 'waitingForCustomer'],
      ['lamna', 'waitingForCustomer'],
    ],
  );
  await consent();

  const killed = await onboard(['--yes', '--progress'], {
    whileRunning: (child, err) => {
      if (/Create workspace/.test(err().split('What will happen').at(-1)!.split('\n').slice(12).join('\n')))
        child.kill('SIGKILL');
    },
  });
  assert.equal(killed.code, null, killed.err);

  const whole = await onboard(['--yes', '--baseline', join(sample.directory, 'baseline.json')]);
  assert.equal(whole.code, 4, whole.err);
  assert.match(whole.out, /^Relecloud: WAITING for data[^]*\nLamna: WAITING for data/m);
  const made = [...sample.emulator.world.workspaces.values()].filter(({ name }) => /relecloud|lamna/.test(name));
  assert.deepEqual(made.map(({ name }) => name).sort(), ['law-lamna-westeurope', 'law-relecloud-westeurope']);
  for (const { tags, name } of made) assert.equal(tags['agreed'], 'yes', `${name} is as the baseline agrees`);
  const journal = await readFile(join(out, 'relecloud', 'journal.jsonl'), 'utf8');
  assert.match(journal, /"step":"queryable"/);
  assert.doesNotMatch(journal, /secret|eyJ/i);

  const offboarding = ['offboard', 'Lamna', '--out', out, '--cloud', sample.cloud];
  const gone = await tenantscope([...offboarding, '--yes', '--name', 'Lamna']);
  assert.equal(gone.code, 0, gone.err);
  assert.match(gone.err, /End the delegation "Managed logs" - done/);
  const left = sample.emulator.world.delegations.map(({ scope }) => scope);
  assert.ok(!left.some((scope) => scope.includes(subscriptions.get('Lamna')!.subscriptionId)));
  assert.ok(left.some((scope) => scope.includes(subscriptions.get('Relecloud')!.subscriptionId)));
});
