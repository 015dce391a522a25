import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agentRuleBody, mergedDiagnostic } from '../../../src/azure/arm/baseline/baselineBodies.ts';
import { locate } from '../../../src/core/baseline/locate.ts';
import type { Setting } from '../../../src/core/baseline/setting.ts';
import type { WantedDiagnosticSetting } from '../../../src/core/baseline/handlers/diagnosticSettingHandler.ts';
import type { WantedLock } from '../../../src/core/baseline/handlers/lockHandler.ts';
import type { WantedQuery } from '../../../src/core/queryPacks/savedQueryHandler.ts';
import { toAccountId, toCustomerKey, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';

const WORKSPACE = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law';
const issuer = { account: toAccountId('a'), tenant: toTenantId('t') };

function setting(target: string, wanted: object): Setting {
  return {
    ...{ customer: toCustomerKey('c'), customerName: 'C', section: 'locks', name: 'x', where: 'y', target },
    ...{ issuer, owner: issuer.tenant },
    intent: { id: 'x', resource: 'x', target, wanted },
    list: { kind: 'locks', issuer, subscription: toSubscriptionId('s') },
  };
}

describe('what serves the purpose under another name is kept, so that nothing is made twice', () => {
  it('a function by its alias', () => {
    const wanted: WantedQuery = {
      ...{ name: 'Silent', text: 'Heartbeat', tags: [], functionAlias: 'Silent', place: 'workspace law' },
    };
    const there = { ...wanted, armId: `${WORKSPACE}/savedSearches/made-by-hand`, name: 'Who is silent' };
    const { intent, now } = locate(setting(`${WORKSPACE}/savedSearches/Silent`, wanted), {
      kind: 'savedSearches',
      answer: [there],
    });
    assert.equal(intent.target, there.armId);
    assert.equal(now, there);
  });

  it('a diagnostic setting by where it sends: Azure refuses a second one of the same category', () => {
    const wanted: WantedDiagnosticSetting = {
      ...{ name: 'audit', scope: WORKSPACE, scopeName: 'workspace law' },
      sends: { workspace: WORKSPACE, categories: ['Audit'] },
    };
    const there = { name: 'set-by-hand', categories: ['SummaryLogs'], workspace: WORKSPACE.toLowerCase() };
    const folder = `${WORKSPACE}/providers/Microsoft.Insights/diagnosticSettings`;
    const { intent, now } = locate(setting(`${folder}/audit`, wanted), { kind: 'diagnostics', answer: [there] });
    assert.equal(intent.target, `${folder}/set-by-hand`);
    assert.equal(now, there);
  });

  it('a lock from above, and one that forbids more; never one that forbids less', () => {
    const lock = (level: 'CanNotDelete' | 'ReadOnly'): WantedLock => ({
      ...{ scope: WORKSPACE, scopeName: 'workspace law', name: 'keep', lock: { level } },
    });
    const found = (
      level: 'CanNotDelete' | 'ReadOnly',
      there: 'CanNotDelete' | 'ReadOnly',
      scope = '/subscriptions/s',
    ) =>
      locate(setting(`${WORKSPACE}/providers/Microsoft.Authorization/locks/keep`, lock(level)), {
        kind: 'locks',
        answer: { calls: 1, value: [{ name: 'theirs', level: there, scope }] },
      }).now;
    assert.ok(found('CanNotDelete', 'ReadOnly'));
    assert.ok(found('CanNotDelete', 'CanNotDelete'));
    assert.equal(found('ReadOnly', 'CanNotDelete'), undefined);
    assert.equal(found('CanNotDelete', 'CanNotDelete', '/subscriptions/s2'), undefined);
  });
});

describe('what is there and nobody speaks of stays', () => {
  it('other places and categories of a diagnostic setting', () => {
    const there = {
      ...{ workspaceId: null, storageAccountId: '/storage', eventHubName: null, metrics: [{ category: 'AllMetrics' }] },
      logs: [
        { category: 'Audit', enabled: true, retentionPolicy: { enabled: false, days: 0 } },
        { category: 'Old', enabled: false },
      ],
    };
    assert.deepEqual(mergedDiagnostic(there, { workspace: '/law', categories: ['audit', 'SummaryLogs', 'allLogs'] }), {
      properties: {
        storageAccountId: '/storage',
        metrics: [{ category: 'AllMetrics' }],
        workspaceId: '/law',
        logs: [
          { category: 'Audit', enabled: true, retentionPolicy: { enabled: false, days: 0 } },
          { category: 'SummaryLogs', enabled: true },
          { categoryGroup: 'allLogs', enabled: true },
        ],
      },
    });
  });

  it('other sources, flows and workspaces of a data collection rule', () => {
    const there = {
      ...{ location: 'westeurope', kind: 'Linux', tags: { owner: 'them' } },
      properties: {
        ...{ immutableId: 'dcr-1', provisioningState: 'Succeeded', description: 'theirs' },
        dataSources: { iisLogs: [{ name: 'iis' }], syslog: [{ name: 'old' }] },
        destinations: { logAnalytics: [{ workspaceResourceId: '/other', name: 'workspace' }] },
        dataFlows: [{ streams: ['Microsoft-W3CIISLog', 'Microsoft-Syslog'], destinations: ['workspace'] }],
      },
    };
    const syslog = { facilities: ['auth'], levels: ['Error'] };
    assert.deepEqual(agentRuleBody(there, { region: 'eastus', workspace: '/law', sources: { syslog } }), {
      ...{ location: 'westeurope', kind: 'Linux', tags: { owner: 'them' } },
      properties: {
        description: 'theirs',
        dataSources: {
          iisLogs: [{ name: 'iis' }],
          syslog: [{ name: 'syslog', facilityNames: ['auth'], logLevels: ['Error'], streams: ['Microsoft-Syslog'] }],
        },
        destinations: {
          logAnalytics: [
            { workspaceResourceId: '/other', name: 'workspace' },
            { workspaceResourceId: '/law', name: 'workspace2' },
          ],
        },
        dataFlows: [
          { streams: ['Microsoft-W3CIISLog', 'Microsoft-Syslog'], destinations: ['workspace'] },
          { streams: ['Microsoft-Syslog'], destinations: ['workspace2'] },
        ],
      },
    });
  });
});
