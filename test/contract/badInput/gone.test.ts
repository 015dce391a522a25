import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openRunWorld, targetOf } from './runWorld.ts';
import type { RunWorld } from './runWorld.ts';

let world: RunWorld;
before(async () => {
  world = await openRunWorld();
});
after(() => world.close());

test('a table that exists nowhere fails the run, with the nearest name; nobody is said to have answered', async () => {
  const run = await world.play('Hartbeat | take 1');
  assert.deepEqual([run.state, run.error?.code, run.rowCount], ['failed', 'query.semantic', 0]);
  assert.match(run.error!.message, /named Hartbeat\. Did you mean "Heartbeat"/);
  assert.equal(run.completeness.answered, 0);
});

test('a workspace deleted between listing and run: it is gone, the others answer, and a refresh knows', async () => {
  await world.estate.load();
  const issuer = {
    account: (await world.person.accounts())[0]!.id,
    tenant: (await world.estate.load()).tenants.find((tenant) => tenant.name === 'Fabrikam')!.id,
  };
  const doomed = (await world.estate.load()).workspaces.find((workspace) => workspace.name === 'law-fabrikam')!;
  await world.connection.provision.deleteWorkspace(issuer, doomed.armId, true, () => undefined);
  const run = await world.play('Heartbeat | take 1');
  const { state, error, attempts } = targetOf(run, 'law-fabrikam');
  assert.deepEqual([state, error?.code, attempts], ['failed', 'access.notFound', 1]);
  assert.match(
    error!.message,
    /workspace law-fabrikam: it was deleted, or this account may not see it\. Refresh the estate/,
  );
  assert.equal(run.completeness.sentence, '2 of 3 workspaces answered, 1 workspace gone');
  assert.deepEqual(
    (await world.estate.load({ refresh: true })).workspaces.map((workspace) => workspace.name),
    ['law-contoso', 'law-provider'],
  );
  assert.equal((await world.play('Heartbeat | take 1')).completeness.sentence, '2 of 2 workspaces answered');
});
