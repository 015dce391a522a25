import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { draftFixes } from '../../../src/core/baseline/draftFixes.ts';
import type { Setting } from '../../../src/core/baseline/setting.ts';
import type { Drift, DriftReport } from '../../../src/model/drift.ts';
import { ACCOUNT, estateOf } from '../runs/world.ts';

const estate = estateOf(3);
const report = {} as DriftReport;

/** A function of the workspace of one customer that differs. */
function drifted(at: number, text: string, blocked?: string): { readonly setting: Setting; readonly drift: Drift } {
  const workspace = estate.workspaces[at]!;
  const target = `${workspace.armId}/savedSearches/F`;
  const issuer = { account: ACCOUNT, tenant: workspace.paths[0]!.issuer };
  const place = {
    ...{ customer: workspace.customer, customerName: `Customer ${at + 1}`, section: 'functions' as const, name: 'F' },
    ...{ where: `workspace ${workspace.name}`, target },
  };
  const wanted = { name: 'F', text, tags: [], functionAlias: 'F', place: '' };
  return {
    setting: {
      ...{ ...place, issuer, owner: workspace.tenant, workspace },
      intent: { id: `query ${target}`, resource: 'savedQuery', target, wanted, after: ['not in this plan'] },
      list: { kind: 'savedSearches', issuer, workspace: workspace.armId },
    },
    drift: {
      ...{ ...place, severity: 'medium', title: '', differences: [], missing: true },
      ...(blocked === undefined ? {} : { blocked }),
    },
  };
}

describe('drafts that put right what differs', () => {
  it('are one for each customer, without what no plan can change and without what is not in them', () => {
    const drafts = draftFixes(
      { report, drifted: [drifted(0, 'A'), drifted(1, 'B'), drifted(2, 'C', 'Only the customer can.')] },
      estate,
    );
    assert.deepEqual(
      drafts.map(({ owner, intents, warnings }) => ({
        owner,
        ids: intents.map(({ id, after }) => [id, after]),
        warnings,
      })),
      [
        { owner: 't1', ids: [['query /ws/1/savedSearches/F', []]], warnings: [] },
        { owner: 't2', ids: [['query /ws/2/savedSearches/F', []]], warnings: [] },
      ],
    );
  });

  it('warn where a text of the baseline would tell one customer of another', () => {
    const [own, other] = draftFixes(
      { report, drifted: [drifted(0, '// as for Customer 1'), drifted(1, '// as for Customer 1')] },
      estate,
    );
    assert.deepEqual(own!.warnings, []);
    assert.match(other!.warnings![0]!, /^"F" of workspace ws2: the text names another customer/);
  });
});
