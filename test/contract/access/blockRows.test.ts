import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { rowsOf } from '../../../src/core/assess/facts/answerRows.ts';
import { key, workspaceScope } from '../../../src/emulator/armId.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { LogSource, WorkspaceLogs } from '../../../src/emulator/logs/source.ts';
import { addSubscription, addTenant, delegate, newTable } from '../../../src/emulator/populate.ts';
import { addCollectionRule, addResource } from '../../../src/emulator/populateFlows.ts';
import type { Subscription } from '../../../src/emulator/state.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { issuerOf } from '../../../src/core/estate/path.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { openBlocks } from './openBlocks.ts';

const HEARTBEAT = ['TimeGenerated', 'Computer', 'Category', 'OSType', '_ResourceId', '_SubscriptionId'].map((name) => ({
  name,
  type: name === 'TimeGenerated' ? ('datetime' as const) : ('string' as const),
}));
const MINUTE = 60_000;

test('the rows of a blocked customer stop, wherever its machines lie, and those of others go on', async () => {
  const estate = smallEstate(new EmulatedClock());
  const { world, provider, engineer, workspaces, home, delegated, contoso } = estate;
  const tailspin = addTenant(world, { displayName: 'Tailspin', domain: 'tailspin.example' });
  const theirs = addSubscription(world, { tenant: tailspin, displayName: 'Tailspin' });
  delegate(world, {
    scope: `/subscriptions/${theirs.subscriptionId}`,
    to: provider,
    authorizations: [{ principalId: engineer.groups[0]!, name: 'Operations', role: 'Contributor' }],
  });
  const computers = new Map<string, string>();
  const machine = (subscription: Subscription, computer: string): string => {
    const [name] = computer.split('.');
    const { id } = addResource(world, {
      ...{ subscription, resourceGroup: 'rg-logs', location: 'westeurope', name: name! },
      type: 'Microsoft.Compute/virtualMachines',
    });
    computers.set(key(id), computer);
    return id;
  };
  addCollectionRule(world, {
    ...{ subscription: home, resourceGroup: 'rg-logs', name: 'dcr-shared', location: 'westeurope' },
    streams: ['Microsoft-Event'],
    workspaces: [workspaces.provider],
    machines: [
      machine(delegated, 'vm-contoso.contoso.example'),
      machine(theirs, 'vm-tailspin.tailspin.example'),
      machine(home, 'vm-own.provider.example'),
      // What Contoso has at its provider: only its domain says whose it is.
      machine(home, 'vm-hosted.contoso.example'),
    ],
  });
  workspaces.provider.tables.set('heartbeat', newTable({ name: 'Heartbeat', columns: HEARTBEAT }));

  // Agents send for as long as they follow a rule into this workspace; the old one signs in with its key.
  const sent: (readonly [at: number, ...cells: string[]])[] = [];
  const send = (): void => {
    world.clock.advance(MINUTE);
    const at = Math.floor(world.clock.now() / 1000) * 1000;
    for (const { resourceId, ruleId } of world.collectionAssociations) {
      const rule = world.resources.get(key(ruleId!))!;
      if (!JSON.stringify(rule.properties['destinations']).includes(workspaceScope(workspaces.provider))) continue;
      const [, , subscription] = resourceId.split('/');
      sent.push([at, computers.get(key(resourceId))!, 'Azure Monitor Agent', 'Linux', key(resourceId), subscription!]);
    }
    for (const old of ['old.contoso.example', 'old.tailspin.example'])
      sent.push([at, old, 'Direct Agent', 'Windows', '', '']);
  };
  const logs: WorkspaceLogs = {
    customerId: workspaces.provider.properties.customerId,
    resources: [],
    tables: [
      {
        ...{ kind: 'made', table: 'Heartbeat', columns: HEARTBEAT, constants: {}, span: 3_600_000 },
        *rows(from, to) {
          for (const [at, ...cells] of sent) if (at > from && at <= to) yield [new Date(at).toISOString(), ...cells];
        },
      },
    ],
  };
  const source: LogSource = { all: () => [logs], find: (id) => (id === logs.customerId ? logs : undefined) };
  const emulator = await startSmall(estate, { logs: source, engine: () => openEngine() });
  const customers = {
    customers: [{ key: 'contoso', name: 'Contoso', tenants: [contoso.tenantId], domains: ['contoso.example'] }],
  };
  const opened = await openBlocks(emulator, engineer, JSON.stringify(customers));
  const { blocks, changes, shared, connection } = opened;
  /** Who sent in the last minute. */
  const heard = async (): Promise<readonly string[]> => {
    send();
    const since = new Date(world.clock.now() - MINUTE / 2).toISOString();
    const query = `Heartbeat | where TimeGenerated > datetime(${since}) | distinct Computer | order by Computer asc`;
    const { guid: workspaceGuid, armId } = shared;
    const answer = await connection.logs.query(
      { issuer: issuerOf(shared), workspaceGuid, armId, query, timespan: 'PT1H' },
      NEVER,
    );
    return rowsOf(answer).map((row) => row.text('Computer').replace('.example', ''));
  };
  try {
    const everybody = [
      'old.contoso',
      'old.tailspin',
      'vm-contoso.contoso',
      'vm-hosted.contoso',
      'vm-own.provider',
      'vm-tailspin.tailspin',
    ];
    assert.deepEqual(await heard(), everybody);
    const { plans, undo, rotation, problems } = await blocks.block('Contoso', shared);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      plans.flatMap(({ changes: some }) => some.map(({ title }) => title)).sort(),
      ['vm-contoso', 'vm-hosted'].map((name) => `Take ${name} from data collection rule dcr-shared`),
    );
    for (const { id } of plans) assert.ok((await changes.apply(id, () => undefined)).ok);
    assert.deepEqual(await heard(), ['old.contoso', 'old.tailspin', 'vm-own.provider', 'vm-tailspin.tailspin']);
    // The old agent is past what a plan can do: new keys, which hit others, too.
    assert.deepEqual(
      [rotation!.blocked.computers, rotation!.hit.map((one) => [one.customerName, ...one.computers])],
      [['old.contoso.example'], [['Tailspin', 'old.tailspin.example']]],
    );
    for (const { id } of await blocks.unblock(undo)) assert.ok((await changes.apply(id, () => undefined)).ok);
    assert.deepEqual(await heard(), everybody);
  } finally {
    opened.close();
    await emulator.close();
  }
});
