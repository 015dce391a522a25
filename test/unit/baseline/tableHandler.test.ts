import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tableHandler } from '../../../src/core/baseline/handlers/tableHandler.ts';
import type { WantedTable } from '../../../src/core/baseline/handlers/tableHandler.ts';
import type { TableState } from '../../../src/ports/baseline.ts';

const NOW = Date.parse('2026-06-15T12:00:00Z');
const never = () => Promise.reject(new Error('not asked'));
const handler = tableHandler({ table: never, changeTable: never }, () => NOW);
const TABLE: TableState = {
  name: 'Syslog',
  plan: 'Analytics',
  retentionDays: 30,
  followsWorkspace: true,
  totalRetentionDays: 30,
  totalFollows: true,
  classic: false,
  provisioningState: 'Succeeded',
};
const target =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law/tables/Syslog';
const intent = (wanted: Partial<WantedTable>) => ({
  id: 'x',
  resource: 'table',
  target,
  wanted: { name: 'Syslog', workspace: 'law', ...wanted },
});
const diff = (wanted: Partial<WantedTable>, there: Partial<TableState> = {}) =>
  handler.diff(intent(wanted), { ...TABLE, ...there }, []);

describe('plan and retention of a table', () => {
  it('says what Basic forbids, and that it stays so for a week', () => {
    const { action, differences, warnings } = diff({ plan: 'Basic' });
    assert.equal(action, 'update');
    assert.deepEqual(differences, [{ name: 'Plan', before: 'Analytics', after: 'Basic' }]);
    assert.match(warnings![0]!, /alert rules over it stop working.*It stays so for a week at least/);
  });

  it('refuses a second switch within a week, with the time from which it goes', () => {
    const planChangedAt = '2026-06-09T12:30:00Z';
    assert.throws(() => diff({ plan: 'Basic' }, { planChangedAt }), /changed again from 2026-06-16 12:30 UTC on/);
    assert.equal(diff({ plan: 'Basic' }, { planChangedAt: '2026-06-08T12:00:00Z' }).action, 'update');
    // What is not switched is changed at any time.
    assert.equal(diff({ totalRetentionDays: 365 }, { planChangedAt }).action, 'update');
  });

  it('refuses what a plan does not have', () => {
    assert.throws(() => diff({ plan: 'Auxiliary' }), /Auxiliary from the beginning, or never/);
    assert.throws(() => diff({ plan: 'Basic' }, { classic: true }), /made by the old agents/);
    assert.throws(() => diff({ plan: 'Basic', retentionDays: 60 }), /can be queried for 30 days/);
    assert.throws(() => diff({ retentionDays: 90, totalRetentionDays: 60 }), /60 days in all and queried for 90/);
  });

  it('warns of rows that will be removed', () => {
    const { warnings } = diff({ totalRetentionDays: 30 }, { totalRetentionDays: 365, totalFollows: false });
    assert.match(warnings![0]!, /Rows of Syslog in law older than 30 days will be removed/);
    assert.deepEqual(diff({ totalRetentionDays: 730 }).warnings, []);
  });

  it('that follows its workspace is judged by what the workspace is to have', () => {
    assert.equal(diff({ retentionDays: 90, workspaceDays: 90 }).action, 'none');
    assert.deepEqual(diff({ retentionDays: 30, workspaceDays: 90 }).differences, [
      { name: 'Retention', before: 'as the workspace', after: '30 days' },
    ]);
    assert.equal(diff({ retentionDays: 'workspace' }).action, 'none');
    assert.equal(diff({ retentionDays: 'workspace' }, { followsWorkspace: false }).action, 'update');
  });

  it('is an az command and a part of a template', () => {
    const wanted = intent({ plan: 'Basic', totalRetentionDays: 365, retentionDays: 'workspace' });
    assert.deepEqual(
      handler.commands!(wanted, 'update')[0]!.join(' '),
      'monitor log-analytics workspace table update --resource-group rg --workspace-name law --name Syslog --plan Basic --retention-time -1 --total-retention-time 365',
    );
    assert.deepEqual(handler.templateResources!(wanted, 'update'), [
      {
        type: 'Microsoft.OperationalInsights/workspaces/tables',
        apiVersion: '2025-07-01',
        name: 'law/Syslog',
        properties: { plan: 'Basic', retentionInDays: -1, totalRetentionInDays: 365 },
      },
    ]);
  });
});
