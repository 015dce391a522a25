import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EngineDatabase, EngineTable, LocalEngine } from '../../src/engine/face.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { acrossSchema } from '../../src/kql/across/acrossSchema.ts';
import { planAcross } from '../../src/kql/across/planAcross.ts';
import { remoteQuery, slicedPart } from '../../src/kql/across/remoteQuery.ts';
import type { SlicedPart } from '../../src/kql/across/remoteQuery.ts';
import type { TimeSlice } from '../../src/kql/across/slicing.ts';
import type { SourceSchema } from '../../src/kql/scopeSchema.ts';
import { readTimes, TimeSlices } from '../../src/core/runs/slices/timeSlices.ts';
import type { Column } from '../../src/model/kqlType.ts';
import { parseDatetime } from '../../src/model/values/datetime.ts';
import { ticksOfMs } from '../../src/model/values/ticks.ts';
import { LEFT, RIGHT, somePipeline, someTable } from '../harness/pipelines.ts';
import type { Operator } from '../harness/pipelines.ts';
import { stepText, toCell } from '../harness/referenceEvaluator.ts';
import { SeededRandom } from '../harness/seededRandom.ts';

// What a part of a plan brings of slices of time, one under the other, is what it brings of all rows: for generated
// queries over rows some of which have no time and some the same, with slices that end at, before and behind rows.
const QUERIES = Number(process.env.TENANTSCOPE_SLICED_QUERIES ?? 300);
const NOW = ticksOfMs(Date.UTC(2024, 0, 1, 12));
const WIDE = someTable(new SeededRandom(1), LEFT, 90);
const NARROW = someTable(new SeededRandom(2), RIGHT, 25);
const named = (columns: readonly Column[]): Column[] =>
  columns.map((column) => (column.name === 't' ? { ...column, name: 'TimeGenerated' } : column));

let engine: LocalEngine;
let database: EngineDatabase;
let target: SourceSchema;
/** Times of rows, in order. */
let times: bigint[];
before(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
  const tables: EngineTable[] = [];
  for (const [name, { columns, rows }] of [
    ['L', WIDE],
    ['M', WIDE],
    ['R', NARROW],
  ] as const) {
    const table = await engine.createTable('one', name, named(columns));
    await engine.append(
      table,
      rows.map((row) => row.map((value, i) => toCell(value, columns[i]!.type))),
    );
    tables.push(table);
  }
  database = { name: 'one', tables };
  target = { tables: tables.map(({ name, columns }) => ({ name, columns })) };
  const found = await rowsOf(
    'L | where isnotnull(TimeGenerated) | summarize by TimeGenerated | sort by TimeGenerated asc',
  );
  times = found.map((row) => parseDatetime((JSON.parse(row) as [string])[0])!);
});
after(async () => {
  await engine.close();
});

/** The rows of an answer, as texts in the order they came. */
async function rowsOf(text: string): Promise<string[]> {
  const answer = await engine.query(text, { database, now: NOW });
  const rows = await answer.tables[0]!.rows();
  for (const table of answer.tables) await table.dispose();
  return rows.map((row) =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  );
}
/** The parts of a query's plan: what is sent for all time, and for a slice where that adds up to the same. */
function partsOf(query: string): { readonly text: string; readonly sliced: SlicedPart | undefined }[] {
  const schema = acrossSchema([target]);
  const { parts } = planAcross(query, schema, { now: NOW });
  return parts.map((part) => ({
    text: remoteQuery(part, target, schema, NOW)!,
    sliced: slicedPart(part, target, schema, NOW),
  }));
}
/** Slices with these ends. */
function between(ends: readonly bigint[]): TimeSlice[] {
  const cuts = [...new Set(ends)].sort((a, b) => (a < b ? -1 : 1));
  return [undefined, ...cuts].map((from, i) => ({
    ...(from === undefined ? {} : { from }),
    ...(cuts[i] === undefined ? {} : { to: cuts[i] }),
  }));
}
async function assertAddsUp(text: string, sliced: SlicedPart, slices: readonly TimeSlice[]): Promise<void> {
  const found: string[] = [];
  for (const slice of slices) found.push(...(await rowsOf(sliced.text(slice))));
  assert.deepEqual(found.sort(), (await rowsOf(text)).sort(), text);
}

test(`what ${QUERIES} generated queries ask for adds up of slices of time`, async (t) => {
  const random = new SeededRandom(20_260_202);
  const ops: Operator[] = [
    'where',
    'extend',
    'project',
    'mv-expand',
    'union',
    'where',
    'extend',
    'summarize',
    'sort',
    'join',
  ];
  let checked = 0;
  for (let i = 0; i < QUERIES; i++) {
    const chosen = Array.from({ length: random.int(1, 4) }, () => random.pick(ops));
    const { steps } = somePipeline(random, WIDE, chosen, NARROW);
    const query = ['L', 'project-rename t = TimeGenerated', ...steps.map(stepText)].join('\n| ');
    let parts: ReturnType<typeof partsOf>;
    try {
      parts = partsOf(query);
    } catch {
      continue;
    }
    for (const { text, sliced } of parts) {
      if (!sliced) continue;
      const at = (): bigint => random.pick(times) + BigInt(random.int(-1, 1));
      await assertAddsUp(text, sliced, between([at(), at(), at()]));
      checked++;
    }
  }
  t.diagnostic(`${checked} parts in slices`);
  assert.ok(checked > 0.5 * QUERIES, `${checked}`);
});

for (const query of [
  'L',
  'L | where TimeGenerated > datetime(2023-12-10 12:00) | project id',
  'L | extend TimeGenerated = now() | project id, TimeGenerated',
  'union withsource=From L, (M | where v > 0)',
  'search in (L, M) "fox"',
  'let Some = L | where v > 0; union Some, (Some | extend again = true)',
  'L | mv-expand a to typeof(long) limit 2 | where a > 1',
  'L | parse kind=regex s with "(?i)f" rest | extend p = parse_json(strcat("[", v, "]"))[0]',
  'L | lookup (datatable(k:long, word:string)[1, "one", 2, "two"]) on k',
  'L | where k in (datatable(k:long)[1, 2])',
])
  test(`in slices as whole: ${query}`, async () => {
    const [{ text, sliced } = { text: '', sliced: undefined }] = partsOf(query);
    assert.ok(sliced, text);
    await assertAddsUp(text, sliced, between([times[0]!, times[3]!, times[3]! + 1n, times.at(-1)!]));
    // As it is done: by what the rows say of their times.
    const lie = await engine.query(sliced.times, { database, now: NOW });
    const [table] = lie.tables;
    const told = readTimes({ tables: [{ name: '', columns: table!.columns, rows: await table!.rows() }], bytes: 1 });
    const slices = new TimeSlices(told!, 5);
    assert.ok(slices.count >= 4, `${slices.count}`);
    const all: TimeSlice[] = [];
    for (let slice = slices.next(); slice; slice = slices.next()) all.push(slice);
    await assertAddsUp(text, sliced, all);
  });

test('limits, functions of the whole and tables without a time are not cut', () => {
  for (const query of [
    'L | take 5',
    'L | top 5 by v',
    'L | sample 3',
    'L | summarize count() by k',
    'L | distinct k',
    'L | make-series n = count() on TimeGenerated from datetime(2023-12-01) to datetime(2024-01-01) step 1d',
    'R',
    'union L, R',
    'L | project-rename t = TimeGenerated | where t > ago(1d) | top 3 by t',
  ])
    for (const { text, sliced } of partsOf(query)) assert.equal(sliced, undefined, text);
});
