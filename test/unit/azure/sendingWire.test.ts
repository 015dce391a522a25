import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingBody, toCollection, toSetting } from '../../../src/azure/arm/onboard/sendingWire.ts';

const workspace = (name: string): string =>
  `/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/${name}`;
const gone = new Set([workspace('theirs').toLowerCase()]);

/** As azure-rest-api-specs, monitor 2024-03-11, examples/DataCollectionRulesGet.json, with two workspaces. */
const RULE = {
  location: 'eastus',
  tags: { env: 'prod' },
  properties: {
    immutableId: 'dcr-1',
    provisioningState: 'Succeeded',
    dataSources: {
      syslog: [{ name: 'cron', streams: ['Microsoft-Syslog'], facilityNames: ['cron'] }],
      performanceCounters: [{ name: 'cpu', streams: ['Microsoft-Perf', 'Microsoft-InsightsMetrics'] }],
    },
    destinations: {
      logAnalytics: [
        { workspaceResourceId: workspace('own'), name: 'own' },
        { workspaceResourceId: workspace('THEIRS'), name: 'theirs' },
      ],
      azureMonitorMetrics: { name: 'metrics' },
    },
    dataFlows: [
      { streams: ['Microsoft-Perf'], destinations: ['own', 'theirs'] },
      { streams: ['Microsoft-Syslog'], destinations: ['theirs'], transformKql: 'source' },
    ],
  },
};

test('a rule without one of its workspaces: flows and sources that lead nowhere go with it, all else stays', () => {
  const { workspaces, elsewhere, remaining } = toCollection(RULE, gone);
  assert.deepEqual(
    workspaces,
    ['own', 'theirs'].map((name) => workspace(name).toLowerCase()),
  );
  assert.deepEqual(elsewhere, ['azureMonitorMetrics metrics']);
  assert.deepEqual(remaining, {
    location: 'eastus',
    tags: { env: 'prod' },
    properties: {
      dataSources: { performanceCounters: [{ name: 'cpu', streams: ['Microsoft-Perf'] }] },
      destinations: {
        azureMonitorMetrics: { name: 'metrics' },
        logAnalytics: [{ workspaceResourceId: workspace('own'), name: 'own' }],
      },
      dataFlows: [{ streams: ['Microsoft-Perf'], destinations: ['own'] }],
    },
  });
  const both = new Set(workspaces);
  assert.equal(toCollection(RULE, both).remaining, undefined, 'nothing flows any more');
});

/** As azure-cli's recording of test_monitor_diagnostic_settings_workspace has it: null for what is not there. */
const SETTING = {
  properties: {
    storageAccountId: null as string | null,
    workspaceId: workspace('theirs'),
    eventHubAuthorizationRuleId: null,
    logAnalyticsDestinationType: 'Dedicated',
    logs: [
      { category: 'AuditEvent', categoryGroup: null, enabled: true },
      { category: null, categoryGroup: 'audit', enabled: true },
      { category: 'Off', categoryGroup: null, enabled: false },
    ],
    metrics: [{ category: 'AllMetrics', enabled: true }],
  },
};

test('a diagnostic setting: whole where it sends nowhere else, and set again as it was', () => {
  const { remaining, body } = toSetting(SETTING, gone);
  assert.equal(remaining, undefined);
  assert.deepEqual(body, { logs: ['AuditEvent', 'audit'], metrics: ['AllMetrics'], dedicated: true });
  const stored = { properties: { ...SETTING.properties, storageAccountId: '/subscriptions/s/archive' } };
  const left = toSetting(stored, gone).remaining as { properties: Record<string, unknown> };
  assert.deepEqual(Object.keys(left.properties), ['storageAccountId', 'logs', 'metrics']);
  assert.deepEqual(settingBody(left.properties, workspace('theirs'), body!), {
    properties: {
      storageAccountId: '/subscriptions/s/archive',
      workspaceId: workspace('theirs'),
      logAnalyticsDestinationType: 'Dedicated',
      logs: SETTING.properties.logs.slice(0, 2),
      metrics: SETTING.properties.metrics,
    },
  });
  assert.deepEqual(
    (settingBody({}, workspace('theirs'), body!) as { properties: { logs: object[] } }).properties.logs,
    [
      { category: 'AuditEvent', enabled: true },
      { categoryGroup: 'audit', enabled: true },
    ],
  );
});
