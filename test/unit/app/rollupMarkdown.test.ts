import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gapsDocument, isLacking, receiptDocument, runDocument, runSentence } from '../../../src/app/rollupMarkdown.ts';
import type { RollupReport } from '../../../src/core/rollup/rollupService.ts';
import { durationText, rangeText, sizeText } from '../../../src/core/rollup/rollupWords.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 31, 12);

const OUTCOME: RollupReport['workspaces'][number] = {
  customer: 'Contoso',
  workspace: 'logs',
  sink: 'lake',
  state: 'stored',
  windows: 2,
  rows: 30,
  bytes: 900,
  gaps: [],
};

describe('what is told of a run of a roll-up', () => {
  const error = { code: 'access.denied', message: 'Not allowed.', retryable: false } as const;
  const run: RollupReport = {
    rollup: 'Beats',
    id: 'Beats-1',
    workspaces: [OUTCOME, { ...OUTCOME, workspace: 'other', state: 'failed', windows: 0, rows: 0, error }],
    missing: [{ customer: 'Coho', tenant: 'coho.example' }],
  };
  it('is one sentence, and a document of who lacks what and why', () => {
    assert.equal(
      runSentence(run),
      'Beats: 2 windows of 2 workspaces stored, 30 rows; 1 failed; 1 tenant could not be entered',
    );
    assert.equal(isLacking(run), true);
    assert.equal(isLacking({ ...run, workspaces: [OUTCOME], missing: [] }), false);
    assert.equal(isLacking({ ...run, workspaces: [{ ...OUTCOME, state: 'off' }], missing: [] }), false);
    assert.match(runDocument(run), /- Contoso \/ other: Not allowed/);
    assert.match(runDocument(run), /- Coho \/ coho\S+example: could not be entered/);
  });
  it('of an erased customer: the receipt, with what a sink cannot reach', () => {
    const tables = [{ rollup: 'Beats-1', windows: 3, rows: 1200 }];
    const receipt = {
      sink: 'lake',
      customer: 'contoso',
      at: '2026-01-31T12:00:00Z',
      tables,
      remains: ['Copies stay.'],
    };
    const told = receiptDocument('Contoso', [receipt]);
    assert.match(told, /\| Beats\S+ \| 3 \| 1,200 \|/);
    assert.match(told, /Copies stay/);
  });
  it('durations, sizes and ranges read as people write them', () => {
    assert.deepEqual([0, 59_000, 12 * 60_000, 200 * 60_000, 52 * HOUR, -5].map(durationText), [
      '0 min',
      '0 min',
      '12 min',
      '3 h 20 min',
      '2 d 4 h',
      '0 min',
    ]);
    assert.deepEqual([0, 999, 1500, 34_000_000].map(sizeText), ['0 bytes', '999 bytes', '1.5 kB', '34.0 MB']);
    assert.equal(rangeText({ from: NOON - 13 * HOUR, to: NOON }), '2026-01-30 23:00 to 2026-01-31 12:00 UTC');
  });
  it('of gaps: each with its reason, and why a workspace stopped; nothing of others acts', () => {
    const gap = { from: NOON - 2 * HOUR, to: NOON - HOUR, reason: 'A window has more than 10 rows.' };
    const line = { customerName: 'Contoso', workspaceName: 'logs', sink: 'lake', gaps: [gap] };
    const told = gapsDocument('Beats', [line, { ...line, workspaceName: 'whole', gaps: [] }]);
    assert.match(
      told,
      /## Contoso \/ logs \(lake\)\n\n- 2026-01-31 10:00 to 11:00 UTC: A window has more than 10 rows/,
    );
    assert.doesNotMatch(told, /whole/);
    assert.match(gapsDocument('Beats', []), /Every window that was to be stored is\./);
    const acts = /evil\.example|command:|<[a-z!/]|\]\(|!\[/i;
    const inert = (markdown: string): string => markdown.replaceAll(/\\.|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
    for (const text of HOSTILE_TEXTS) {
      const stopped = { code: 'query.schemaChanged', message: text, retryable: false } as const;
      const hostile = {
        customerName: text,
        workspaceName: text,
        sink: text,
        gaps: [{ ...gap, reason: text }],
        stopped,
      };
      assert.doesNotMatch(inert(gapsDocument(text, [hostile])), acts, text);
      const outcome = { ...OUTCOME, customer: text, workspace: text, state: 'failed' as const, error: stopped };
      const missing = [{ customer: text, tenant: text }];
      assert.doesNotMatch(inert(runDocument({ rollup: text, workspaces: [outcome], missing })), acts, text);
    }
  });
});
