import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { ChartRequest } from '../../../src/model/rows.ts';
import type { Cell, Column, KqlType } from '../../../src/model/kqlType.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

const store = new DuckRowStore({ memoryLimitMb: 200 });
after(() => store.close());
let n = 0;
async function runOf(specs: string, rows: readonly Cell[][], targets = ['Contoso']): Promise<RowStoreRun> {
  const run: RowStoreRun = await store.open(`run${n++}`);
  const columns = specs.split(' ').map((spec): Column => {
    const [name, type] = spec.split(':');
    return { name: name!, type: type as KqlType };
  });
  for (const customer of targets)
    await run.append(customer, { customer, tenant: 't', workspace: 'w' }, columns, [...rows]);
  return run;
}
const at = (hour: number): string => `2024-01-01T${String(hour).padStart(2, '0')}:00:00Z`;
const ms = (hour: number): number => Date.UTC(2024, 0, 1, hour);
/** Each series as its name, then x and y of its points. */
async function drawn(run: RowStoreRun, request: Partial<ChartRequest>): Promise<unknown> {
  const { xName, series } = await run.chart({ kind: 'linechart', maxPoints: 100, ...request });
  return {
    x: xName,
    ...Object.fromEntries(series.map(({ name, x, y }) => [name, x.map((value, i) => [value, y[i]])])),
  };
}

describe('the columns of a chart, as render is documented to choose them', () => {
  test('the first column is x, a number too, though a time comes later', async () => {
    const run = await runOf('size:long seen:datetime count_:long', [
      [10, at(1), 3],
      [20, at(2), 4],
    ]);
    assert.deepEqual(await drawn(run, { kind: 'linechart' }), {
      x: 'size',
      count_: [
        [10, 3],
        [20, 4],
      ],
    });
    assert.deepEqual(await drawn(run, { kind: 'columnchart' }), {
      x: 'size',
      count_: [
        [10, 3],
        [20, 4],
      ],
    });
    assert.deepEqual(await drawn(run, { kind: 'scatterchart' }), {
      x: 'size',
      count_: [
        [10, 3],
        [20, 4],
      ],
    });
  });

  test('a time chart goes over time, wherever it stands', async () => {
    const run = await runOf('Computer:string t:datetime count_:long', [['a', at(1), 3]]);
    assert.deepEqual(await drawn(run, { kind: 'timechart' }), { x: 't', a: [[ms(1), 3]] });
    assert.deepEqual(await drawn(run, { kind: 'areachart' }), { x: 't', a: [[ms(1), 3]] });
  });

  test('bars stand over the first column, a text, a time or a number', async () => {
    const run = await runOf('Computer:string t:datetime count_:long', [['a', at(1), 3]]);
    assert.deepEqual(await drawn(run, { kind: 'barchart' }), { x: 'Computer', count_: [['a', 3]] });
    assert.deepEqual(await drawn(run, { kind: 'piechart' }), { x: 'Computer', count_: [['a', 3]] });
  });

  test('a number that is the only one is the height, not the axis', async () => {
    const run = await runOf('count_:long Computer:string', [[3, 'a']]);
    assert.deepEqual(await drawn(run, { kind: 'barchart' }), { x: 'Computer', count_: [['a', 3]] });
  });

  test('the next text tells the series apart; what further texts tell apart is added up, and that is said', async () => {
    const run = await runOf('t:datetime Level:string Computer:string count_:long', [
      [at(1), 'Error', 'a', 3],
      [at(1), 'Error', 'b', 4],
      [at(1), 'Info', 'a', 5],
    ]);
    assert.deepEqual(await drawn(run, { kind: 'timechart' }), { x: 't', Error: [[ms(1), 7]], Info: [[ms(1), 5]] });
    assert.deepEqual((await run.chart({ kind: 'timechart', maxPoints: 10 })).addedUp, ['Computer']);
    const both = { kind: 'timechart', series: ['Level', 'Computer'] };
    assert.deepEqual(await drawn(run, both), {
      x: 't',
      'Error · a': [[ms(1), 3]],
      'Error · b': [[ms(1), 4]],
      'Info · a': [[ms(1), 5]],
    });
    assert.equal((await run.chart({ ...both, maxPoints: 10 })).addedUp, undefined);
  });

  test('xcolumn, ycolumns and series rule', async () => {
    const run = await runOf('t:datetime a:long b:long c:long s:string', [[at(1), 1, 2, 3, 'x']]);
    assert.deepEqual(await drawn(run, { x: 'a', y: ['b', 'c'] }), { x: 'a', 'x · b': [[1, 2]], 'x · c': [[1, 3]] });
    assert.deepEqual((await run.chart({ kind: 'linechart', maxPoints: 9, series: ['s'], y: ['c'] })).series, [
      { name: 'x', x: [ms(1)], y: [3] },
    ]);
  });
});

describe('arrays of make-series', () => {
  const TIMES = JSON.stringify([1, 2, 3].map((hour) => `2024-01-01T0${hour}:00:00.0000000Z`));
  test('unfold into lines, by the text beside them and by whose they are', async () => {
    const run = await runOf(
      'Computer:string num:dynamic TimeGenerated:dynamic',
      [
        ['a', '[1,null,3.5]', TIMES],
        ['b', '[4,"NaN",6]', TIMES],
        ['c', '', ''],
      ],
      ['Contoso', 'Fabrikam'],
    );
    const line = (...y: (number | null)[]): unknown => y.map((value, i) => [ms(i + 1), value]);
    assert.deepEqual(await drawn(run, { kind: 'timechart' }), {
      x: 'TimeGenerated',
      'Contoso · a': line(1, null, 3.5),
      'Contoso · b': line(4, null, 6),
      'Fabrikam · a': line(1, null, 3.5),
      'Fabrikam · b': line(4, null, 6),
    });
    const chart = await run.chart({ kind: 'timechart', maxPoints: 100 });
    assert.deepEqual([chart.xType, chart.problem], ['time', undefined]);
  });

  test('several arrays of numbers are several lines, beside what series_decompose adds', async () => {
    const run = await runOf('num:dynamic t:dynamic baseline:dynamic tags:dynamic', [
      ['[1,2,3]', TIMES, '[1.5,2.5,3.5]', '["x"]'],
    ]);
    assert.deepEqual(await drawn(run, { kind: 'timechart', y: ['baseline'] }), {
      x: 't',
      baseline: [
        [ms(1), 1.5],
        [ms(2), 2.5],
        [ms(3), 3.5],
      ],
    });
    assert.deepEqual(Object.keys((await drawn(run, { kind: 'timechart' })) as object), ['x', 'baseline', 'num']);
  });

  test('go over numbers, too: the axis is the array that rises', async () => {
    const run = await runOf('num:dynamic size:dynamic', [
      ['[5,1]', '[10,20]'],
      ['[7,9]', '[10,20]'],
    ]);
    assert.deepEqual(await drawn(run, { kind: 'linechart' }), {
      x: 'size',
      num: [
        [10, 5],
        [10, 7],
        [20, 1],
        [20, 9],
      ],
    });
  });

  test('are added up as bars, filtered as rows, and thinned as other lines', async () => {
    const run = await runOf('Computer:string num:dynamic t:dynamic', [
      ['a', '[1,2,3]', TIMES],
      ['b', '[4,5,6]', TIMES],
    ]);
    const bars = await run.chart({
      kind: 'columnchart',
      maxPoints: 10,
      filters: [{ column: 'Computer', op: 'equals', value: 'b' }],
    });
    assert.deepEqual(
      bars.series.map(({ name, y }) => [name, y]),
      [['b', [4, 5, 6]]],
    );
    const long = JSON.stringify(Array.from({ length: 5000 }, (_, i) => new Date(ms(0) + 1000 * i).toISOString()));
    const peaked = JSON.stringify(Array.from({ length: 5000 }, (_, i) => (i === 4321 ? 99 : i % 3)));
    const thinned = await (
      await runOf('num:dynamic t:dynamic', [[peaked, long]])
    ).chart({ kind: 'timechart', maxPoints: 200 });
    assert.ok(thinned.thinned && thinned.series[0]!.x.length <= 200);
    assert.ok(thinned.series[0]!.y.includes(99));
  });

  test('lists that are no series stay what they are', async () => {
    const run = await runOf('t:datetime n:long tags:dynamic sizes:dynamic', [[at(1), 5, '["x"]', '[1,2]']]);
    assert.deepEqual(await drawn(run, { kind: 'timechart' }), { x: 't', n: [[ms(1), 5]] });
  });
});

describe('bars', () => {
  const rows: Cell[][] = [
    ['small', 1],
    ['large', 9],
    ['middle', 5],
  ];
  const order = async (values: Cell[][], request: Partial<ChartRequest> = {}): Promise<unknown> =>
    (await (await runOf('k:string n:long', values)).chart({ kind: 'barchart', maxPoints: 10, ...request })).series[0]!
      .x;

  test('go by their size where their order says nothing', async () => {
    assert.deepEqual(await order(rows), ['large', 'middle', 'small']);
    assert.deepEqual(await order(rows, { kind: 'piechart' }), ['large', 'middle', 'small']);
  });
  test('stay as the query sorted them', async () => {
    assert.deepEqual(await order(rows, { sorted: true }), ['small', 'large', 'middle']);
  });
  test('keep the order that numbers, times, days and months have of themselves', async () => {
    const of = (...names: string[]): Cell[][] => names.map((name, i) => [name, i]);
    assert.deepEqual(await order(of('10', '9', '100')), ['9', '10', '100']);
    assert.deepEqual(await order(of('2024-02-01', '2024-01-15')), ['2024-01-15', '2024-02-01']);
    assert.deepEqual(await order(of('Fri', 'Monday', 'Tue')), ['Monday', 'Tue', 'Fri']);
    assert.deepEqual(await order(of('Mar', 'Jan', 'Feb')), ['Jan', 'Feb', 'Mar']);
  });
  test('a line over texts keeps their order', async () => {
    assert.deepEqual(await order(rows, { kind: 'linechart', x: 'k' }), ['small', 'large', 'middle']);
  });
});

describe('a card', () => {
  test('shows the first row of each workspace', async () => {
    const run = await runOf('count_:long label:string seen:datetime', [
      [42, 'errors', at(1)],
      [7, 'no', at(2)],
    ]);
    assert.deepEqual((await run.chart({ kind: 'card', maxPoints: 10 })).cards, [
      {
        name: '',
        values: [
          { column: 'count_', type: 'long', value: 42 },
          { column: 'label', type: 'string', value: 'errors' },
          { column: 'seen', type: 'datetime', value: at(1) },
        ],
      },
    ]);
    const several = await (
      await runOf('count_:long', [[42]], ['Fabrikam', 'Contoso'])
    ).chart({ kind: 'card', maxPoints: 10 });
    assert.deepEqual(
      several.cards?.map(({ name }) => name),
      ['Contoso', 'Fabrikam'],
    );
  });
});
