import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { associate } from '../../src/emulator/populateFlows.ts';
import type { AccessReport } from '../../src/model/access.ts';
import type { CspCustomers } from '../../src/model/cspCustomer.ts';
import { startSample, tenantscope } from './program.ts';

describe('access to customers of the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  const run = (...args: string[]) => tenantscope(args, { env: { TENANTSCOPE_CLOUD: sample.cloud } });
  before(async () => {
    sample = await startSample();
  });
  after(() => sample.close());

  test('access WORKSPACE: who reads it, and what is not visible', async () => {
    const { code, out, err } = await run('access', 'contoso-prod', '--json');
    assert.equal(code, 0, err);
    const { workspaces, requests } = JSON.parse(out) as AccessReport;
    const [one] = workspaces;
    const operations = one!.readers.find(({ name }) => name === 'Northbridge Operations')!;
    assert.equal(operations.role, 'Contributor');
    assert.ok(operations.members?.state === 'known' && /^Erin/.test(operations.members.people[0]!.name));
    assert.ok(one!.notVisible.some(({ what }) => what === "The customer's own role assignments"));
    assert.match(requests[0]!.text, /az role assignment list/);
  });

  test('customers csp: who is not onboarded, also by an export', async () => {
    const file = join(sample.directory, 'Customers.csv');
    await writeFile(
      file,
      'Microsoft ID,Company name,Primary domain name,Relationship,Tags\r\n0a0a0a0a-0000-4000-8000-00000000000a,Tasmanian Traders,tasman.example,Cloud Reseller,\r\n',
    );
    const toCome = join(sample.directory, 'to-come', 'customers-to-come.json');
    const options = ['--export', file, '--missing', '--to-come', toCome, '--json'];
    const near = await run('customers', 'csp', '--customer', 'Lamna');
    assert.match(near.err, /The partner has no customer "Lamna"\. Did you mean "Lamna Healthcare"\?/);
    const { code, out, err } = await run('customers', 'csp', ...options);
    assert.equal(code, 0, err);
    const written = JSON.parse(await readFile(toCome, 'utf8')) as { customers: { name: string }[] };
    assert.ok(written.customers.some(({ name }) => name === 'Tasmanian Traders'));
    assert.match(err, /5 added to .*Fill in the subscription of each/);
    const { customers } = JSON.parse(out) as CspCustomers;
    const names = customers.map(({ name }) => name);
    for (const name of ['Lamna Healthcare', 'VanArsdel', 'Tasmanian Traders']) assert.ok(names.includes(name), name);
    assert.ok(customers.every(({ missing, lacks }) => missing.length > 0 && lacks.length === missing.length));
  });

  test('customer block and unblock: only its machines, and back again', async () => {
    const { world } = sample.emulator;
    // A trial: one of Fabrikam's machines sends to the provider's workspace by a rule of Fabrikam's own.
    const rule = [...world.resources.values()].find(({ name }) => name === 'dcr-trial')!;
    const [subscription] = /^\/subscriptions\/[^/]+/.exec(rule.id)!;
    const machine = [...world.resources.values()].find(
      ({ id, type }) => id.startsWith(subscription) && /machines$/.test(type),
    )!;
    associate(world, { rule: rule.id, resource: machine.id, name: 'trial' });
    // A lock of the sample estate would keep the machine as it is.
    world.locks.length = 0;
    world.touch();
    const whole = world.collectionAssociations.length;
    const undo = join(sample.directory, 'undo.json');
    const args = ['customer', 'block', 'fabrikam', '--workspace', 'nb-soc', '--undo', undo, '--yes'];
    const unsure = await run(...args.slice(0, -1));
    assert.match(unsure.err, /Nothing was done: nobody is here to confirm it/);
    await assert.rejects(readFile(undo), { code: 'ENOENT' }, 'what was not wanted leaves no file behind');
    const blocked = await run(...args);
    assert.ok(blocked.code === 0 || blocked.code === 4, blocked.err);
    const { associations } = JSON.parse(await readFile(undo, 'utf8')) as { associations: { id: string }[] };
    assert.deepEqual(
      associations.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)),
      ['trial'],
    );
    assert.equal(world.collectionAssociations.length, whole - 1);
    // As if it had been cut off before that: the same command goes on, and the file stays as it is.
    associate(world, { rule: rule.id, resource: machine.id, name: 'trial' });
    const kept = await readFile(undo, 'utf8');
    const onward = await run(...args);
    assert.match(onward.err, /of a block that was cut off: it stays as it is/);
    assert.equal(world.collectionAssociations.length, whole - 1);
    assert.equal(await readFile(undo, 'utf8'), kept);
    // Another machine is not in it: nothing is sent, and the file stays.
    associate(world, { rule: rule.id, resource: machine.id, name: 'second' });
    const refused = await run(...args);
    assert.equal(refused.code, 2, refused.err);
    assert.match(refused.err, /is there already, and does not put back all/);
    assert.equal(await readFile(undo, 'utf8'), kept);
    world.collectionAssociations.pop();
    world.touch();
    const again = await run('customer', 'unblock', undo, '--yes');
    assert.equal(again.code, 0, again.err);
    assert.equal(world.collectionAssociations.length, whole);
  });
});
