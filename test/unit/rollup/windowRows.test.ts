import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { planRollup, windowQuery } from '../../../src/kql/rollup/planRollup.ts';
import { seenQuery } from '../../../src/kql/rollup/seenQuery.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import type { WindowPart } from '../../../src/model/rollup.ts';

const COLUMNS: Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'N', type: 'long' },
  { name: 'More', type: 'dynamic' },
];
const HOUR = { from: Date.UTC(2026, 0, 2, 3), to: Date.UTC(2026, 0, 2, 4) };
const at = (ms: number): string => new Date(ms).toISOString();

describe('what a window is asked, by the engine', () => {
  let engine: LocalEngine;
  before(async () => {
    engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
  });
  after(() => engine.close());

  /** Rows that came at `HOUR.from` and after it, the last two not within the hour; equal ones among them. */
  async function ask(query: string, parts: readonly WindowPart[]): Promise<Cell[][][]> {
    const rows = Array.from({ length: 40 }, (_, i): Cell[] => [
      at(HOUR.from - (i % 7) * 3_600_000),
      i % 3 === 0 ? 'web' : '',
      i % 5,
      i % 4 === 0 ? null : '{"a":1}',
      at(i < 38 ? HOUR.from + i * 90_000 : HOUR.to),
    ]);
    const table = await engine.createTable('w', 'Event', [...COLUMNS, { name: '$IngestionTime', type: 'datetime' }]);
    await engine.append(table, rows);
    const plan = planRollup(query, [{ tables: [{ name: 'Event', columns: COLUMNS }] }]);
    const answers: Cell[][][] = [];
    for (const part of parts) {
      const text = windowQuery(plan, { tables: [table] }, part, HOUR.to)!;
      const answer = await engine.query(text, { database: { name: 'w', tables: [table] } });
      const [result] = answer.tables;
      assert.deepEqual(
        result!.columns.map(({ name }) => name),
        [...plan.part.columns.map(({ name }) => name), '_ReadAt'],
      );
      const all = await result!.rows();
      const own = all.filter((row) => row.at(-1) === null);
      assert.equal(all.length, own.length + 1, 'one row says when it was asked');
      answers.push(own.map((row) => row.slice(0, -1)));
    }
    return answers;
  }
  const texts = (rows: readonly Cell[][]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  const middle = HOUR.from + 1_800_000;
  const HALVES: readonly WindowPart[] = [
    { from: HOUR.from, to: middle },
    { from: middle, to: HOUR.to, slice: { of: 2, at: 0 } },
    { from: middle, to: HOUR.to, slice: { of: 4, at: 1 } },
    { from: middle, to: HOUR.to, slice: { of: 4, at: 3 } },
  ];

  it('a portion: the rows of the hour, each once, whole or in halves and slices', async () => {
    const [whole, ...halves] = await ask('Event | where N > 0', [HOUR, ...HALVES]);
    assert.equal(whole!.length, 30);
    assert.deepEqual(texts(halves.flat()), texts(whole!));
    assert.ok(
      halves.every((half) => half.length > 0),
      'each half has some',
    );
  });
  it('a summary: parts whose sums are those of the hour', async () => {
    const [whole, ...halves] = await ask('Event | summarize Rows = count(), Total = sum(N) by bin(TimeGenerated, 1h)', [
      HOUR,
      ...HALVES,
    ]);
    const sum = (rows: readonly Cell[][], column: number): number =>
      rows.reduce((total, row) => total + Number(row[column]), 0);
    for (const column of [1, 2]) assert.equal(sum(halves.flat(), column), sum(whole!, column));
    assert.equal(sum(whole!, 1), 38);
  });

  it('what is seen of windows: rows and a checksum of each that has some, of all tables together', async () => {
    const columns: Column[] = [...COLUMNS, { name: '$IngestionTime', type: 'datetime' }];
    const row = (minute: number, n: number): Cell[] => [
      at(HOUR.from),
      'web',
      n,
      '{"a":1}',
      at(HOUR.from + minute * 60_000),
    ];
    const [event, beat] = [
      await engine.createTable('seen', 'Event', columns),
      await engine.createTable('seen', 'Beat', columns),
    ];
    await engine.append(event, [row(0, 1), row(29, 2), row(30, 3), row(-1, 9), row(120, 9)]);
    await engine.append(beat, [row(31, 3)]);
    const tables = [event, beat];
    const plan = planRollup('union Event, Beat | where N > 5', [
      { tables: ['Event', 'Beat'].map((name) => ({ name, columns: COLUMNS })) },
    ]);
    const seen = async (target = tables): Promise<Map<string, string>> => {
      const text = seenQuery(plan, { tables: target }, { from: HOUR.from, to: HOUR.to + 3_600_000 }, 30)!;
      const answer = await engine.query(text, { database: { name: 'seen', tables: target } });
      const rows = await answer.tables[0]!.rows();
      return new Map(rows.map(([window, ...shown]) => [String(window).slice(11, 16), shown.join(' ')]));
    };
    const first = await seen();
    assert.deepEqual([...first.keys()].sort(), ['03:00', '03:30']);
    assert.match(first.get('03:00')!, /^2 \d+$/);
    assert.match(first.get('03:30')!, /^2 \d+$/, 'a row of each table');
    assert.deepEqual(await seen(), first, 'the same for the same');
    await engine.append(beat, [row(5, 8)]);
    const second = await seen();
    assert.match(second.get('03:00')!, /^3 /);
    assert.equal(second.get('03:30'), first.get('03:30'));
    assert.match((await seen([beat])).get('03:00')!, /^1 /, 'a workspace without one of the tables');
    assert.equal(seenQuery(plan, { tables: [] }, HOUR, 30), undefined);
  });
});
