import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { retentionBelowDeclared } from '../../../../src/core/assess/checks/retentionBelowDeclared.ts';
import {
  healthyCustomer,
  judge,
  table,
  TABLES,
  unknownFact,
  valueOf,
  withConfiguration,
  withDeclared,
  without,
  withOwn,
  withPart,
} from '../../../harness/customerFacts.ts';

describe('retentionBelowDeclared', () => {
  const kept = (retentionDays: number) => withConfiguration(healthyCustomer(), { retentionDays });

  it('appears where the workspace keeps less than is declared', () => {
    assert.deepEqual(judge(retentionBelowDeclared, kept(364)).found, ['law-woodgrove:high']);
    assert.deepEqual(judge(retentionBelowDeclared, kept(365)).found, []);
    const [finding] = judge(retentionBelowDeclared, kept(90)).outcome.findings;
    assert.equal(finding!.title, 'The retention of law-woodgrove is 90 days, 365 are promised');
    assert.deepEqual(finding!.actions[0], {
      kind: 'setRetention',
      workspace: healthyCustomer().own[0]!.workspace.key,
      days: 365,
    });
  });

  it('appears where tables with data keep less, and names them, the shortest first', () => {
    const tables = TABLES.map((name) =>
      table(name, name === 'Perf' ? { totalRetentionDays: 90 } : { totalRetentionDays: 364 }),
    );
    const { found, outcome } = judge(retentionBelowDeclared, withOwn(healthyCustomer(), { tables }));
    assert.deepEqual(found, ['law-woodgrove:high']);
    assert.match(outcome.findings[0]!.title, /^5 tables of law-woodgrove are kept/);
    assert.match(outcome.findings[0]!.evidence[0]!.text, /^Perf \(90 days\), AzureActivity \(364 days\)/);
  });

  it('does not count tables without data, nor those that keep what the workspace does', () => {
    const tables = [
      ...TABLES.map((name) => table(name, { totalRetentionDays: -1 })),
      table('Old_CL', { totalRetentionDays: 30 }),
    ];
    assert.equal(judge(retentionBelowDeclared, withOwn(healthyCustomer(), { tables })).state, 'passed');
  });

  it('looks at the tables alone where more is declared than a workspace can keep', () => {
    const long = withDeclared(kept(730), { retentionDays: 2556 });
    const tables = TABLES.map((name) => table(name, { totalRetentionDays: 2556 }));
    assert.match(judge(retentionBelowDeclared, long).outcome.findings[0]!.title, /^5 tables/);
    const most = { ...valueOf(healthyCustomer().central[0]!.shared.configuration), retentionDays: 730 };
    const summary = withPart(
      withOwn(long, { tables }),
      {},
      {
        configuration: most,
        tables: [table('DailySummary_CL', { totalRetentionDays: 2556 })],
      },
    );
    assert.equal(judge(retentionBelowDeclared, summary).state, 'passed');
  });

  it("appears for the provider's workspace that holds its rows", () => {
    const configuration = { ...valueOf(healthyCustomer().own[0]!.configuration), retentionDays: 90 };
    assert.deepEqual(judge(retentionBelowDeclared, withPart(healthyCustomer(), {}, { configuration })).found, [
      'msp-centre:high',
    ]);
    const tables = [
      table('DailySummary_CL', { totalRetentionDays: 30 }),
      table('Others_CL', { totalRetentionDays: 4 }),
    ];
    const { outcome } = judge(retentionBelowDeclared, withPart(healthyCustomer(), {}, { tables }));
    assert.equal(outcome.findings[0]!.evidence[0]!.text, 'DailySummary_CL (30 days)', 'no table of others');
  });

  it('has nothing to look at where nothing is declared', () => {
    assert.equal(
      judge(retentionBelowDeclared, withDeclared(kept(30), { retentionDays: undefined })).state,
      'notApplicable',
    );
  });

  it('is unknown where the tables or the volumes are; the retention of the workspace came with the estate', () => {
    assert.equal(judge(retentionBelowDeclared, without(healthyCustomer(), 'tables')).state, 'unknown');
    assert.equal(judge(retentionBelowDeclared, without(healthyCustomer(), 'usage')).state, 'unknown');
    const [own] = healthyCustomer().own;
    const blind = { ...own!, configuration: unknownFact<never>(), workspace: { ...own!.workspace, retentionDays: 30 } };
    assert.deepEqual(judge(retentionBelowDeclared, { ...healthyCustomer(), own: [blind] }).found, [
      'law-woodgrove:high',
    ]);
  });
});
