import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { OnboardHold } from '../../src/app/onboardHold.ts';
import { addCustomer } from '../contract/onboard/emptyCustomer.ts';
import type { EmptyCustomer } from '../contract/onboard/emptyCustomer.ts';
import { startSample, tenantscope } from './program.ts';

let sample: Awaited<ReturnType<typeof startSample>>;
let file: string, out: string;
let relecloud: EmptyCustomer, lamna: EmptyCustomer, margie: EmptyCustomer;

before(async () => {
  sample = await startSample();
  const { emulator } = sample;
  const app = [...emulator.world.accounts.values()].find(({ kind }) => kind === 'servicePrincipal')!;
  [relecloud, lamna] = ['Relecloud', 'Lamna'].map((name) => addCustomer(emulator, name)) as [
    EmptyCustomer,
    EmptyCustomer,
  ];
  margie = addCustomer(emulator, 'Margie', { access: 'servicePrincipal', application: app.appId! });
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
  const customers = [relecloud, lamna, margie].map(
    ({ coming: { name, tenant, subscription, access, application } }) => ({
      name,
      tenant,
      subscription,
      access,
      ...(application === undefined ? {} : { application }),
    }),
  );
  const performance = { counters: ['\\Memory\\Available Bytes'], seconds: 60 };
  const agreed = {
    workspace: { tags: { agreed: 'yes' } },
    collectionRules: { 'dcr-agreed': { performance, machines: 'all' } },
  };
  await writeFile(join(sample.directory, 'baseline.json'), JSON.stringify({ provider: agreed }));
  await writeFile(file, JSON.stringify({ offer, defaults: { region: 'westeurope' }, customers }, null, 2));
});
after(() => sample.close());

const onboard = (args: readonly string[], more: Parameters<typeof tenantscope>[1] = {}) =>
  tenantscope(['onboard', '--file', file, '--out', out, '--cloud', sample.cloud, ...args], more);

/** What each customer's administrator does with what was handed over. */
async function consent(): Promise<void> {
  for (const customer of [relecloud, lamna, margie]) {
    const text = (name: string): string => readFileSync(join(out, customer.coming.key, name), 'utf8');
    await customer.consent({ text });
  }
}

/** What a pipeline reads: the customer, how far it came, and whose turn it is. */
function told({ out: text }: { readonly out: string }): readonly (readonly (string | undefined)[])[] {
  const list = JSON.parse(text) as readonly { customer: string; state: string; waitingFor?: string }[];
  return list.map(({ customer, state, waitingFor }) => [customer, state, waitingFor]);
}

test('customers of a file, by one command: handed over, killed in the middle, finished, and one let go', async () => {
  const first = await onboard(['--format', 'json']);
  assert.equal(first.code, 4, first.err);
  assert.deepEqual(told(first), [
    ['relecloud', 'waitingForCustomer', 'customer'],
    ['lamna', 'waitingForCustomer', 'customer'],
    ['margie', 'waitingForCustomer', 'customer'],
  ]);
  await consent();

  const killed = await onboard(['--yes', '--progress'], {
    whileRunning: (child, err) => {
      if (/Create workspace/.test(err().split('What will happen').at(-1)!.split('\n').slice(12).join('\n')))
        child.kill('SIGKILL');
    },
  });
  assert.equal(killed.code, null, killed.err);

  const customers = join(sample.directory, 'customers.json');
  const others = '{ "customers": [\n  { "name": "Adatum", "tenants": ["adatum.example"] } ] }\n';
  await writeFile(customers, others);
  const baseline = join(sample.directory, 'baseline.json');
  const whole = await onboard(['--yes', '--baseline', baseline, '--customers', customers]);
  assert.equal(whole.code, 4, whole.err);
  assert.match(whole.out, /^Relecloud: WAITING for data[^]*\nLamna: WAITING for data[^]*\nMargie: WAITING for data/m);
  const named = await readFile(customers, 'utf8');
  assert.ok(named.startsWith(others.slice(0, others.indexOf(' ]'))), 'what the file says of others stays as it is');
  const [, ...entries] = (JSON.parse(named) as { customers: { name: string; tenants: string[] }[] }).customers;
  assert.deepEqual(
    entries.map(({ name, tenants }) => `${name} ${tenants.join(' ')}`).sort(),
    [lamna, margie, relecloud].map(({ coming: { name, tenant } }) => `${name} ${tenant}`),
  );
  const receipt = await readFile(join(out, 'lamna', 'receipt.txt'), 'utf8');
  assert.match(receipt, /^It is named in .*customers\.json now, as lamna\.$/m);
  // One word is for all that was shown: what the baseline agrees stands in the plan, and not a second time.
  assert.equal(whole.err.match(/^Make .* as the baseline agrees\n\nPLAN/gm)?.length, 3, whole.err);
  assert.match(
    await readFile(join(out, 'margie', 'plan.txt'), 'utf8'),
    /^Make .* as the baseline agrees[^]*collection rule dcr-agreed/m,
  );
  assert.match(
    whole.out,
    /\nMargie: WAITING[^]*\n {2}Create data collection rule dcr-agreed - done\n[^]*margie.receipt\.txt\n/,
  );
  const made = [...sample.emulator.world.workspaces.values()].filter(({ name }) => /relecloud|lamna|margie/.test(name));
  assert.deepEqual(
    made.map(({ name }) => name).sort(),
    ['lamna', 'margie', 'relecloud'].map((name) => `law-${name}-westeurope`),
  );
  for (const { tags, name } of made) assert.equal(tags['agreed'], 'yes', `${name} is as the baseline agrees`);
  const journal = await readFile(join(out, 'relecloud', 'journal.jsonl'), 'utf8');
  assert.match(journal, /"step":"queryable"/);
  assert.doesNotMatch(journal, /secret|eyJ/i);

  // Their machines follow what was agreed, and send by themselves after some minutes, of which a machine's clock may
  // differ by less than five; a process that is at one customer keeps it.
  sample.emulator.world.clock.advance(4.5 * 60_000);
  const held = new OnboardHold(join(out, 'margie'));
  await held.hold();
  const sent = await onboard(['--yes', '--json']);
  await held.release();
  assert.deepEqual(told(sent), [
    ['relecloud', 'done', undefined],
    ['lamna', 'done', undefined],
    ['margie', 'failed', undefined],
  ]);
  assert.match(
    sent.out,
    new RegExp(`"tables":\\s*\\[\\s*"Heartbeat"[^]*Process ${process.pid} on .* is at this customer`),
  );

  const offboarding = ['offboard', 'Lamna', '--out', out, '--cloud', sample.cloud];
  const gone = await tenantscope([...offboarding, '--yes', '--name', 'Lamna']);
  assert.equal(gone.code, 0, gone.err);
  assert.match(gone.err, /End the delegation "Managed logs" - done/);
  const left = sample.emulator.world.delegations.map(({ scope }) => scope);
  assert.ok(!left.some((scope) => scope.includes(lamna.coming.subscription)));
  assert.ok(left.some((scope) => scope.includes(relecloud.coming.subscription)));
});
