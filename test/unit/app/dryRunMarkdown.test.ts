import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dryRunMarkdown } from '../../../src/app/dryRunMarkdown.ts';
import type { DryRunFacts } from '../../../src/app/dryRunMarkdown.ts';
import type { RollupReport } from '../../../src/core/rollup/rollupService.ts';
import { readRollupFile } from '../../../src/kql/queryFiles/rollupFile.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../../fixtures/hostileTexts.ts';

const { definition } = await readRollupFile('Beats.kql', 'Heartbeat | project Computer');
const one = (customer: string, rows: number, bytes: number): RollupReport['workspaces'][number] => ({
  customer,
  workspace: 'logs',
  sink: 'main',
  state: 'stored',
  windows: 1,
  rows,
  bytes,
  gaps: [],
});
const report: RollupReport = {
  rollup: 'Beats',
  id: 'Beats-1',
  table: {
    id: 'Beats-1',
    name: 'Beats',
    kind: 'portion',
    columns: [{ name: 'Computer', type: 'string' }],
    viewColumns: [],
    windowMinutes: 60,
  },
  workspaces: [one('Contoso', 10_000, 9_000_000), one('Adatum', 0, 0)],
  missing: [{ customer: 'Coho', tenant: 'coho.example' }],
};
const facts: DryRunFacts = { definition: definition!, kinds: new Set(['lake']) };

describe('what the editor shows of a dry run', () => {
  it('rows and sizes of each customer, of a window and of a day, with who was not asked', () => {
    const told = dryRunMarkdown(report, facts);
    assert.match(told, /\| Contoso \| 10,000 \| 9\.0 MB \| 240,000 \| 216\.0 MB \|\n\| Adatum \| 0 \| 0 bytes \|/);
    assert.match(told, /\| \*\*All\*\* \| 10,000 \|/);
    assert.match(told, /- Coho \/ coho\S+example: could not be entered/);
    assert.match(told, /\| Computer \| string \|/);
    assert.doesNotMatch(told, /USD/, 'a lake is no bill');
  });
  it('what that costs where it goes to Log Analytics, and what the price rests on', () => {
    const told = dryRunMarkdown(report, { ...facts, kinds: new Set(['logAnalytics', 'dataExplorer']) });
    // 240,000 rows of 970 bytes are 0.2328 GB a day, of which three quarters are billed at 2.30 USD.
    assert.match(told, /\| Contoso \| .* \| 0\.40 \| 12\.05 \|/);
    assert.match(told, /list price of /);
    assert.match(told, /Data Explorer charges its cluster by the hour/);
  });
  it('how its columns differ from what is stored', () => {
    const diff = {
      before: 'Beats-0',
      isSame: false,
      added: [{ name: 'Computer', type: 'string' }],
      dropped: [{ name: 'OSType', type: 'string' }],
      changed: [],
    } as const;
    const told = dryRunMarkdown(report, { ...facts, diff });
    assert.match(told, /## Against what is stored\n\nAnother query, window or key than that of Beats\\-0/);
    assert.match(told, /added\\: Computer string\n\ndropped\\: OSType string/);
  });
  it('lets nothing of others act or hide', () => {
    for (const text of HOSTILE_TEXTS) {
      const error = { code: 'access.denied', message: text, retryable: false } as const;
      const hostile = { ...one(text, 1, 1), workspace: text, state: 'failed' as const, error };
      const told = dryRunMarkdown({ ...report, rollup: text, workspaces: [hostile] }, facts);
      const inert = told.replaceAll(/\\./g, '');
      assert.doesNotMatch(inert, /evil\.example|command:|<[a-z!/]|\]\(|!\[/i, text);
      assert.doesNotMatch(told.replaceAll('\n', ''), UNSEEN);
    }
  });
});
