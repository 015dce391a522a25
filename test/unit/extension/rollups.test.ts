import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lakeSchema } from '../../../src/extension/rollups/lakeSchema.ts';
import { findEntry, stateOf, toRollupTree } from '../../../src/extension/rollups/rollupNode.ts';
import type { RollupEntry } from '../../../src/extension/rollups/rollupNode.ts';
import { textsOfRollup } from '../../../src/extension/rollups/rollupTexts.ts';
import { rowsQuery } from '../../../src/extension/rollups/showRows.ts';
import { rollupRowOf } from '../../../src/extension/session/rollupRow.ts';
import { readRollupFile } from '../../../src/kql/queryFiles/rollupFile.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { RollupLine, RollupsPicture } from '../../../src/protocol/rollups.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../../fixtures/hostileTexts.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 31, 12);
const NOW = NOON + 40 * 60_000;
const PATH = 'file:///r/.tenantscope/rollups/Beats.kql';
const ID = 'Beats-0a1b2c3d';
const { definition } = await readRollupFile(PATH, '// @owner soc@example.com\nHeartbeat | project Computer');

function line(more: Partial<RollupLine> = {}): RollupLine {
  return {
    rollup: ID,
    sink: 'lake',
    workspace: 'w1',
    workspaceName: 'logs',
    customer: toCustomerKey('contoso'),
    customerName: 'Contoso',
    off: false,
    since: NOON - 5 * HOUR,
    until: NOON,
    gaps: [],
    last: { from: NOON - HOUR, to: NOON, rows: 1200, bytes: 34_000, at: NOON + 600_000 },
    ...more,
  };
}
function picture(lines: readonly RollupLine[], more: Partial<RollupsPicture> = {}): RollupsPicture {
  const columns = [{ name: 'Computer', type: 'string' }] as const;
  return {
    files: [{ path: PATH, definition: definition!, id: ID, problems: [] }],
    lines,
    names: [{ id: ID, kind: 'summary', rows: 'Beats_parts', answer: 'Beats', columns, answerColumns: columns }],
    paused: [],
    lake: '/lake',
    notes: [],
    ...more,
  };
}
const rootOf = (lines: readonly RollupLine[], more?: Partial<RollupsPicture>): RollupEntry =>
  toRollupTree(picture(lines, more))[0]!;
const row = (entry: RollupEntry): readonly string[] => {
  const { label, description, icon, contextValue } = textsOfRollup(entry, NOW);
  return [label, description, icon.id, contextValue];
};
const GAP = { from: NOON - 2 * HOUR, to: NOON - HOUR, reason: 'A window has more than 10 rows.' };

describe('the Roll-ups view', () => {
  it('has roll-ups, the customers they are stored of, and their workspaces', () => {
    const other = line({ customer: toCustomerKey('adatum'), customerName: 'Adatum', workspace: 'w2' });
    const [root] = toRollupTree(picture([line(), other, line({ workspace: 'w3', workspaceName: 'archive' })]));
    assert.deepEqual(
      root!.children.map(({ name, children }) => [name, children.map(({ line: one }) => one.workspaceName)]),
      [
        ['Adatum', ['logs']],
        ['Contoso', ['archive', 'logs']],
      ],
    );
    assert.deepEqual(row(root!), ['Beats', 'lag 40 min · 3,600 rows last', 'pass', 'rollup.file.going.stored']);
    assert.equal(textsOfRollup(root!, NOW).spoken, 'Beats, lag 40 min · 3,600 rows last');
    assert.equal(findEntry([root!], root!.children[1]!.children[0]!.id)?.kind, 'workspace');
  });

  it('says of a roll-up what is worst below it', () => {
    const states = (...lines: readonly RollupLine[]): string | undefined => stateOf(rootOf(lines), NOW);
    assert.equal(states(), undefined);
    assert.equal(states(line()), 'current');
    // One without the table is begun and has nothing: that says nothing of the others.
    const { last: _none, ...begun } = line({ workspace: 'w2' });
    assert.equal(states(begun), 'begun');
    assert.equal(states(begun, line()), 'current');
    // A window of an hour, ten minutes of lateness, and an hour until the schedule comes round.
    assert.equal(states(line({ until: NOW - 130 * 60_000 })), 'current');
    assert.equal(states(line({ until: NOW - 131 * 60_000 })), 'behind');
    assert.equal(states(line({ off: true, gaps: [GAP] })), 'off');
    assert.equal(states(line(), line({ workspace: 'w2', gaps: [GAP] })), 'gaps');
    const stopped = { code: 'query.schemaChanged', message: 'It has no column X any more.', retryable: false } as const;
    assert.equal(states(line({ gaps: [GAP] }), line({ workspace: 'w2', stopped })), 'stopped');
    assert.equal(stateOf(rootOf([line()], { paused: ['Beats'] }), NOW), 'paused');
  });

  it('tells what has never run, what cannot, what runs, and what has no file here', () => {
    assert.deepEqual(row(rootOf([])), ['Beats', 'never run', 'circle-outline', 'rollup.file.going.empty']);
    const problems = [{ message: 'A window is a part of a day.', start: 0, end: 3 }];
    const unread = rootOf([], { files: [{ path: PATH, problems }] });
    assert.deepEqual(row(unread), ['Beats', 'A window is a part of a day.', 'error', 'rollup.unread.going.empty']);
    assert.equal(textsOfRollup(unread, NOW).spoken, 'Beats, cannot be run, A window is a part of a day.');
    const running = textsOfRollup(rootOf([line()]), NOW, 'running, 3 of 12');
    assert.deepEqual(
      [running.icon.id, running.description],
      ['sync~spin', 'running, 3 of 12 · lag 40 min · 1,200 rows last'],
    );
    assert.deepEqual(row(rootOf([line()], { files: [] })), [
      'Beats',
      'no such file here · lag 40 min · 1,200 rows last',
      'pass',
      'rollup.noFile.going.stored',
    ]);
  });

  it('tells gaps with their reasons where the pointer rests, and switched off customers by their menu', () => {
    const root = rootOf([line({ gaps: [GAP], off: true })]) as Extract<RollupEntry, { kind: 'rollup' }>;
    const [customer] = root.children;
    assert.deepEqual(row(customer!), [
      'Contoso',
      'switched off · lag 40 min · 1,200 rows last · 1 gap',
      'circle-slash',
      'customer.off',
    ]);
    const { tooltip } = textsOfRollup(customer!.children[0]!, NOW);
    assert.match(tooltip, /Stored from 2026-01-31 07:00 UTC to 2026-01-31 12:00 UTC, which is 40 min ago\./);
    assert.match(tooltip, /Last window: 2026-01-31 11:00 to 12:00 UTC, 1,200 rows, 34\.0 kB/);
    assert.match(tooltip, /- 2026-01-31 10:00 to 11:00 UTC: A window has more than 10 rows/);
  });

  it('names the sink of a customer where a roll-up goes to several', () => {
    const root = rootOf([line(), line({ sink: 'central' })]) as Extract<RollupEntry, { kind: 'rollup' }>;
    assert.deepEqual(
      root.children.map((entry) => row(entry)[1]),
      ['lake · lag 40 min · 1,200 rows last', 'central · lag 40 min · 1,200 rows last'],
    );
  });

  it('shows nothing hidden and lets nothing act, whatever customers, workspaces and reasons are called', () => {
    for (const text of HOSTILE_TEXTS) {
      const stopped = { code: 'query.schemaChanged', message: text, retryable: false } as const;
      const lines = [line({ customerName: text, workspaceName: text, gaps: [{ ...GAP, reason: text }], stopped })];
      const root = rootOf(lines, {
        files: [{ path: PATH, definition: { ...definition!, description: text }, id: ID, problems: [] }],
      });
      const all = [
        root,
        ...(root.kind === 'rollup' ? root.children : []),
        ...(root.kind === 'rollup' ? root.children[0]!.children : []),
      ];
      const acts = /evil\.example|command:|<[a-z!/]|\]\(|!\[/i;
      const inert = (markdown: string): string => markdown.replaceAll(/\\.|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
      for (const entry of all) {
        const { label, description, tooltip, spoken } = textsOfRollup(entry, NOW);
        for (const shown of [label, description, spoken]) assert.doesNotMatch(shown, UNSEEN);
        assert.doesNotMatch(inert(tooltip), acts, text);
      }
    }
  });
});

describe('the rows of a roll-up', () => {
  it('are asked of the lake by the names they have there', () => {
    const root = rootOf([line()]) as Extract<RollupEntry, { kind: 'rollup' }>;
    assert.match(rowsQuery(root), /^\/\/ @source lake\n\/\/ @scope all\nBeats\n\| take 1000\n$/);
    const [customer] = root.children;
    assert.match(rowsQuery(customer!), /\nBeats_parts\n\| where _Customer == "Contoso"\n/);
    assert.match(rowsQuery(customer!.children[0]!), /\| where _Workspace == "logs"\n/);
    assert.throws(() => rowsQuery(rootOf([], { names: [] })), { code: 'input.rollup' });
  });
  it('are what the editor knows of a query that asks them', () => {
    const { schemaId, tables } = lakeSchema(picture([]).names);
    assert.deepEqual([schemaId, tables.map(({ name }) => name)], ['lake', ['Beats', 'Beats_parts']]);
  });
  it('say where they come from, or do not', () => {
    const columns = ['_Customer', '_Workspace', '_RollupId', '_WindowStart', '_WindowEnd', 'Computer'];
    const cells = ['Contoso', 'logs', ID, '2026-01-31T11:00:00Z', '2026-01-31T12:00:00Z', 'srv'];
    assert.deepEqual(rollupRowOf(columns, cells), {
      customer: 'Contoso',
      workspace: 'logs',
      id: ID,
      from: '2026-01-31T11:00:00Z',
      to: '2026-01-31T12:00:00Z',
    });
    assert.equal(rollupRowOf(columns.slice(1), cells.slice(1)), undefined);
    assert.equal(rollupRowOf(columns, ['Contoso', 'logs', ID, null, '', 'srv']), undefined);
  });
});
