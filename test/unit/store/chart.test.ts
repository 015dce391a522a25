import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import { chartNotes } from '../../../src/webviews/chart/chartWords.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';
import type { Cell, Column, KqlType } from '../../../src/model/kqlType.ts';

describe('charts of a run', () => {
  const store = new DuckRowStore({ memoryLimitMb: 200 });
  let n = 0;
  after(() => store.close());

  async function runOf(
    specs: readonly string[],
    answers: Readonly<Record<string, readonly Cell[][]>>,
  ): Promise<RowStoreRun> {
    const run: RowStoreRun = await store.open(`run${n++}`);
    const columns = specs.map((spec): Column => {
      const [name, type] = spec.split(':');
      return { name: name!, type: type as KqlType };
    });
    for (const [key, rows] of Object.entries(answers)) {
      const [customer, workspace] = key.split('/');
      await run.append(key, { customer: customer!, tenant: 't', workspace: workspace! }, columns, [...rows]);
    }
    return run;
  }
  const at = (hour: number): string => `2024-01-01T${String(hour).padStart(2, '0')}:00:00Z`;
  const ms = (hour: number): number => Date.UTC(2024, 0, 1, hour);

  test('a time chart: one line per series, by time, in milliseconds', async () => {
    const run = await runOf(['t:datetime', 'level:string', 'count_:long'], {
      'Contoso/w': [
        [at(2), 'Error', 3],
        [at(1), 'Error', 1],
        [at(1), 'Info', null],
        [null, 'Error', 9],
      ],
    });
    assert.deepEqual(await run.chart({ kind: 'timechart', maxPoints: 100 }), {
      kind: 'timechart',
      xType: 'time',
      xName: 't',
      thinned: false,
      series: [
        { name: 'Error', x: [ms(1), ms(2)], y: [1, 3] },
        { name: 'Info', x: [ms(1)], y: [null] },
      ],
    });
  });

  test('rows of several workspaces never run into one line', async () => {
    const rows = [[at(1), 1]] as Cell[][];
    const customers = await (
      await runOf(['t:datetime', 'n:long'], { 'Contoso/logs': rows, 'Fabrikam/logs': rows })
    ).chart({ kind: 'timechart', maxPoints: 10 });
    assert.deepEqual(
      customers.series.map((series) => series.name),
      ['Contoso', 'Fabrikam'],
    );
    const workspaces = await (
      await runOf(['t:datetime', 'n:long'], { 'Contoso/a': rows, 'Contoso/b': rows })
    ).chart({ kind: 'timechart', maxPoints: 10 });
    assert.deepEqual(
      workspaces.series.map((series) => series.name),
      ['a', 'b'],
    );
    const both = await (
      await runOf(['t:datetime', 'n:long'], { 'Contoso/a': rows, 'Contoso/b': rows, 'Fabrikam/a': rows })
    ).chart({ kind: 'timechart', maxPoints: 10 });
    assert.deepEqual(
      both.series.map((series) => series.name),
      ['Contoso \u00b7 a', 'Contoso \u00b7 b', 'Fabrikam \u00b7 a'],
    );
  });

  test('several numbers are several series; a timespan is drawn in seconds', async () => {
    const run = await runOf(['t:datetime', 'a:real', 'b:timespan', "o'?:long"], {
      'C/w': [
        [at(1), 0.5, '00:01:00', 7],
        [at(2), 'NaN', null, 8],
      ],
    });
    const chart = await run.chart({ kind: 'linechart', maxPoints: 10 });
    assert.deepEqual(
      chart.series.map((series) => [series.name, series.y]),
      [
        ['b', [60, null]],
        ["o'?", [7, 8]],
        ['a', [0.5, null]],
      ],
    );
    const filtered = await run.chart({
      kind: 'linechart',
      maxPoints: 10,
      y: ['a', 'b'],
      filters: [{ column: "o'?", op: 'equals', value: '7' }],
    });
    assert.deepEqual(
      filtered.series.map((series) => [series.name, series.y]),
      [
        ['b', [60]],
        ['a', [0.5]],
      ],
    );
  });

  test('bars and pies add up what falls together', async () => {
    const run = await runOf(['k:string', 'n:long'], {
      'A/w': [
        ['x', 1],
        ['y', 2],
      ],
      'B/w': [['x', 3]],
    });
    assert.deepEqual((await run.chart({ kind: 'piechart', maxPoints: 10 })).series, [
      { name: 'n', x: ['x', 'y'], y: [4, 2] },
    ]);
    assert.deepEqual((await run.chart({ kind: 'barchart', maxPoints: 10, series: ['_Customer'] })).series, [
      { name: 'A', x: ['x', 'y'], y: [1, 2] },
      { name: 'B', x: ['x'], y: [3] },
    ]);
    assert.deepEqual(
      (await run.chart({ kind: 'columnchart', maxPoints: 10, x: '_Customer', y: ['n'] })).series.map((series) => [
        series.name,
        series.x,
        series.y,
      ]),
      [
        ['x', ['A', 'B'], [1, 3]],
        ['y', ['A'], [2]],
      ],
    );
  });

  test('too many categories: the largest, and the rest as one', async () => {
    const run = await runOf(['k:string', 'n:long'], { 'A/w': Array.from({ length: 30 }, (_, i) => [`k${i}`, i]) });
    const chart = await run.chart({ kind: 'barchart', maxPoints: 4 });
    assert.deepEqual([chart.thinned, chart.otherCategories], [false, 27]);
    assert.deepEqual(
      [chart.series[0]!.x, chart.series[0]!.y],
      [
        ['k29', 'k28', 'k27', '27 others'],
        [29, 28, 27, 351],
      ],
    );
  });

  test('too many points: thinned, but no peak and no end is lost', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i): Cell[] => [
      new Date(ms(0) + i * 1000).toISOString(),
      i === 12_345 ? 1_000 : i === 777 ? -1_000 : Math.sin(i),
    ]);
    const run = await runOf(['t:datetime', 'n:real'], { 'A/w': rows });
    const chart = await run.chart({ kind: 'timechart', maxPoints: 400 });
    const [series] = chart.series;
    assert.ok(chart.thinned && series!.x.length <= 400 && series!.x.length > 200, `${series!.x.length}`);
    assert.ok(series!.y.includes(1_000) && series!.y.includes(-1_000));
    assert.deepEqual(
      [...series!.x].sort((a, b) => Number(a) - Number(b)),
      series!.x,
    );
  });

  test('too many series: those of the largest totals, and the others as one', async () => {
    const run = await runOf(['t:datetime', 's:string', 'n:long'], {
      'A/w': Array.from({ length: 60 }, (_, i) => [at(1 + (i % 2)), `s${i}`, i]),
    });
    const chart = await run.chart({ kind: 'timechart', maxPoints: 10 });
    assert.deepEqual(
      chart.series.map(({ name }) => name),
      [...Array.from({ length: 10 }, (_, i) => `s${59 - i}`), '50 others'],
    );
    const { x, y, others } = chart.series.at(-1)!;
    // The others of each hour, added up: the even ones of 0 to 48, the odd ones of 1 to 49.
    assert.deepEqual([x, y, others], [[ms(1), ms(2)], [600, 625], 50]);
    assert.deepEqual(
      [chart.others?.count, chart.others?.names.slice(0, 2), chart.thinned],
      [50, ['s49', 's48'], false],
    );

    const more = await run.chart({ kind: 'timechart', maxPoints: 10, maxSeries: 2, also: ['s7'] });
    assert.deepEqual(
      more.series.map(({ name }) => name),
      ['s59', 's58', 's7', '57 others'],
    );
  });

  test('others whose values do not add up are left out, and counted', async () => {
    const run = await runOf(['t:datetime', 's:string', 'avg_X:real', 'N:long'], {
      'A/w': Array.from({ length: 12 }, (_, i) => [at(1), `s${i}`, i, i]),
    });
    const question = { kind: 'timechart', maxPoints: 10, addable: ['N'] } as const;
    const averages = await run.chart({ ...question, y: ['avg_X'] });
    assert.deepEqual(
      [averages.series.length, averages.series.some(({ others }) => others !== undefined), averages.others?.count],
      [10, false, 2],
    );
    assert.ok(averages.othersLeftOut);
    assert.match(chartNotes(averages).join(), /^10 of 12 by total; others left out, for their values do not add up$/);
    const counts = await run.chart({ ...question, y: ['N'] });
    assert.deepEqual([counts.series.at(-1)!.y, counts.othersLeftOut], [[1], undefined]);
    // The same of the categories of an axis.
    const bars = await run.chart({ kind: 'barchart', maxPoints: 4, x: 's', y: ['avg_X'], addable: [] });
    assert.deepEqual([bars.series[0]!.x, bars.otherCategories], [['s11', 's10', 's9'], 9]);
    assert.match(chartNotes(bars).join(), /^3 of 12 values of s by total; others left out/);
  });

  test('a series that is called as the others are is told apart from them', async () => {
    const run = await runOf(['t:datetime', 's:string', 'n:long'], {
      'A/w': ['1 other', 'b', 'c'].map((name, i) => [at(1), name, 9 - i]),
    });
    const chart = await run.chart({ kind: 'timechart', maxPoints: 10, maxSeries: 2 });
    assert.deepEqual(
      chart.series.map(({ name, y, others }) => [name, y, others]),
      [
        ['1 other', [9], undefined],
        ['b', [8], undefined],
        ['1 other', [7], 1],
      ],
    );
  });

  test('the others of a scatter are points, not sums', async () => {
    const run = await runOf(['x:long', 'n:long', 's:string'], {
      'A/w': [
        [1, 100, 'a'],
        [1, 2, 'b'],
        [1, 3, 'c'],
      ],
    });
    const chart = await run.chart({ kind: 'scatterchart', maxPoints: 10, maxSeries: 1 });
    assert.deepEqual([chart.series[1]!.name, chart.series[1]!.x, chart.series[1]!.y], ['2 others', [1, 1], [2, 3]]);
  });

  test('only a series that has too many points is thinned, and only then it is said', async () => {
    const dense = Array.from({ length: 5_000 }, (_, i): Cell[] => [
      new Date(ms(0) + i).toISOString(),
      'dense',
      5 + (i % 7),
    ]);
    // All within one stretch of the axis that a thinned series would keep two points of.
    const sparse = Array.from({ length: 50 }, (_, i): Cell[] => [new Date(ms(0) + i).toISOString(), 'sparse', i % 7]);
    const run = await runOf(['t:datetime', 's:string', 'n:long'], { 'A/w': [...dense, ...sparse] });
    const chart = await run.chart({ kind: 'timechart', maxPoints: 100 });
    assert.ok(chart.thinned);
    assert.equal(chart.series.find(({ name }) => name === 'sparse')!.x.length, 50);
    assert.ok(chart.series.find(({ name }) => name === 'dense')!.x.length <= 100);
    assert.equal((await run.chart({ kind: 'timechart', maxPoints: 5_000 })).thinned, false);
  });

  test('one panel per customer, each with its own largest series', async () => {
    const rows = (most: string): Cell[][] => [
      [at(1), 'x', most === 'x' ? 9 : 1],
      [at(1), 'y', 5],
      [at(1), 'z', most === 'z' ? 9 : 1],
    ];
    const run = await runOf(['t:datetime', 's:string', 'n:long'], { 'Fabrikam/w': rows('z'), 'Contoso/w': rows('x') });
    const chart = await run.chart({ kind: 'timechart', maxPoints: 10, maxSeries: 2, panels: true });
    assert.deepEqual(
      chart.series.map(({ panel, name, y }) => [panel, name, y]),
      [
        ['Contoso', 'x', [9]],
        ['Contoso', 'y', [5]],
        ['Contoso', '1 other', [1]],
        ['Fabrikam', 'z', [9]],
        ['Fabrikam', 'y', [5]],
        ['Fabrikam', '1 other', [1]],
      ],
    );
    const two = await runOf(['t:datetime', 'n:long'], {
      'Contoso/a': [[at(1), 1]],
      'Contoso/b': [[at(1), 2]],
      'Fabrikam/a': [[at(1), 3]],
    });
    assert.deepEqual(
      (await two.chart({ kind: 'timechart', maxPoints: 10, panels: true })).series.map(({ panel, name }) => [
        panel,
        name,
      ]),
      [
        ['Contoso', 'b'],
        ['Contoso', 'a'],
        ['Fabrikam', 'a'],
      ],
    );
  });

  test('what cannot be drawn says why', async () => {
    const texts = await runOf(['a:string', 'b:string'], { 'A/w': [['x', 'y']] });
    assert.match((await texts.chart({ kind: 'barchart', maxPoints: 10 })).problem!, /needs a column of numbers/);
    assert.match((await texts.chart({ kind: 'barchart', maxPoints: 10, y: ['b'] })).problem!, /b is string/);
    const none = await runOf(['t:datetime', 'n:long'], { 'A/w': [] });
    assert.match((await none.chart({ kind: 'timechart', maxPoints: 10 })).problem!, /no points/);
  });
});
