import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { installAgent } from '../../../src/emulator/ingestion/agentSources.ts';
import { addResource } from '../../../src/emulator/populateFlows.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { ask, smallEstate, startSmall, userToken } from './smallEstate.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 2, 12);
const estate = smallEstate(new EmulatedClock(NOON, true));
const { world, home, workspaces } = estate;
const place = { subscription: home, resourceGroup: 'rg-logs', type: 'Microsoft.Compute/virtualMachines' };
const [dc, web, bare] = ['dc-1', 'web-1', 'bare-1'].map((name) =>
  addResource(world, { ...place, name, location: 'westeurope' }),
);
installAgent(world, dc!, 'Windows');
installAgent(world, web!, 'Linux');
const rules = `/subscriptions/${home.subscriptionId}/resourceGroups/rg-logs/providers/Microsoft.Insights/dataCollectionRules`;
const RULE = {
  location: 'westeurope',
  properties: {
    dataSources: {
      windowsEventLogs: [
        { name: 'e', streams: ['Microsoft-Event'], xPathQueries: ['System!*[System[(Level=1 or Level=2)]]'] },
      ],
      syslog: [{ name: 's', streams: ['Microsoft-Syslog'], facilityNames: ['auth', 'cron'], logLevels: ['Warning'] }],
      performanceCounters: [
        {
          name: 'p',
          streams: ['Microsoft-Perf'],
          samplingFrequencyInSeconds: 120,
          counterSpecifiers: ['\\Memory\\Available Bytes'],
        },
      ],
    },
    destinations: { logAnalytics: [{ workspaceResourceId: workspaceScope(workspaces.provider), name: 'here' }] },
    dataFlows: [{ streams: ['Microsoft-Event', 'Microsoft-Syslog', 'Microsoft-Perf'], destinations: ['here'] }],
  },
};

let emulator: Emulator, arm: string, logs: string;
before(async () => {
  emulator = await startSmall(estate, { engine: () => openEngine() });
  arm = (await userToken(emulator, 'engineer@provider.example')).access_token;
  const scope = 'https://api.loganalytics.io/.default';
  logs = (await userToken(emulator, 'engineer@provider.example', 'organizations', scope)).access_token;
});
after(() => emulator.close());

const send = async (method: string, path: string, body?: object) => {
  const url = `${path}?api-version=2024-03-11`;
  const { status, text } = await ask(emulator, url, { method, token: arm, ...(body ? { body } : {}) });
  assert.ok(status < 300, text);
};
const follow = (machine: string, rule: string): Promise<void> =>
  send('PUT', `${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${rule}`, {
    properties: { dataCollectionRuleId: `${rules}/${rule}` },
  });

/** Rows by table and machine: `Perf dc-1` -> 3. */
async function counts(): Promise<Record<string, number>> {
  const { customerId } = workspaces.provider.properties;
  const query =
    'union isfuzzy=true withsource=T Heartbeat, Event, Syslog, Perf | summarize count() by strcat(T, " ", Computer)';
  const { status, text } = await ask(emulator, `/v1/workspaces/${customerId}/query`, {
    method: 'POST',
    token: logs,
    headers: { 'cache-control': 'no-cache' },
    body: { query },
  });
  if (status === 204) return {};
  assert.equal(status, 200, text);
  return Object.fromEntries((JSON.parse(text) as { tables: { rows: [string, number][] }[] }).tables[0]!.rows);
}

test('machines with an agent send what their rule asks for, minutes after they are associated, and nothing twice', async () => {
  for (const name of ['one', 'two']) await send('PUT', `${rules}/${name}`, RULE);
  for (const machine of [dc!, web!, bare!]) await follow(machine.id, 'one');
  assert.deepEqual(await counts(), {}, 'an agent looks for its rules every few minutes');

  world.clock.advance(8 * MINUTE);
  const first = { 'Heartbeat dc-1': 6, 'Heartbeat web-1': 6, 'Perf dc-1': 3, 'Perf web-1': 3 };
  const events = { 'Event dc-1': 1, 'Syslog web-1': 2 };
  assert.deepEqual(await counts(), { ...first, ...events }, 'each system its own sources, and none without an agent');
  assert.deepEqual(await counts(), { ...first, ...events }, 'nothing is sent twice');

  // A second rule brings its own rows, and no second heartbeat.
  await follow(dc!.id, 'two');
  await send('DELETE', `${web!.id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/one`);
  world.clock.advance(10 * MINUTE);
  const later = await counts();
  assert.deepEqual(
    [later['Heartbeat dc-1'], later['Perf dc-1'], later['Heartbeat web-1'], later['Syslog web-1']],
    [16, 3 + 5 + 4, 6, 2],
    'who is taken from its rule sends no more, and keeps what it sent',
  );
});
