import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toChartOptions } from '../../../src/webviews/chart/options.ts';
import { panelLayout } from '../../../src/webviews/chart/panels.ts';
import type { ChartData } from '../../../src/model/rows.ts';

const COLORS = { foreground: '#fff', muted: '#aaa', line: '#444', background: '#000', palette: ['#00f'] };
const data = (kind: string, xType: ChartData['xType']): ChartData => ({
  kind,
  xType,
  xName: 'x',
  thinned: false,
  series: [
    { name: 'A', x: xType === 'category' ? ['p', 'q'] : [1, 2], y: [3, null] },
    { name: 'B', x: xType === 'category' ? ['q'] : [2], y: [5] },
  ],
});
type Shape = {
  xAxis: { type: string; data?: string[] };
  yAxis: { type: string };
  series: { type: string; stack?: string; data: unknown[] }[];
  tooltip: { renderMode: string };
};

describe('toChartOptions', () => {
  it("never uses the HTML tooltip, which the page's policy forbids", () => {
    for (const kind of ['timechart', 'piechart', 'barchart', 'scatterchart'])
      assert.equal(
        (toChartOptions(data(kind, 'number'), { visualization: kind }, COLORS) as Shape).tooltip.renderMode,
        'richText',
      );
  });
  it('draws a time chart over a time axis and keeps gaps', () => {
    const options = toChartOptions(data('timechart', 'time'), { visualization: 'timechart' }, COLORS) as Shape;
    assert.deepEqual(
      [options.xAxis.type, options.series[0]!.type, options.series[0]!.data],
      [
        'time',
        'line',
        [
          [1, 3],
          [2, null],
        ],
      ],
    );
  });
  it('aligns series that lack a category', () => {
    const options = toChartOptions(data('columnchart', 'category'), { visualization: 'columnchart' }, COLORS) as Shape;
    assert.deepEqual(
      [options.xAxis.data, options.series[1]!.data],
      [
        ['p', 'q'],
        [null, 5],
      ],
    );
  });
  it('turns a bar chart on its side', () => {
    const options = toChartOptions(data('barchart', 'category'), { visualization: 'barchart' }, COLORS) as Shape;
    assert.deepEqual([options.xAxis.type, options.yAxis.type], ['value', 'category']);
  });
  it('shows a name as it is, whatever a template or a style would make of it', () => {
    const name = '{d} {b} {marker0|hidden}';
    const pie: ChartData = {
      ...data('piechart', 'category'),
      series: [{ name: 'n', x: [name, 'other'], y: [1, 3] }],
    };
    const options = toChartOptions(pie, { visualization: 'piechart' }, COLORS) as {
      series: { label: { formatter: (slice: object) => string } }[];
      tooltip: { formatter: (pointed: object) => string };
    };
    assert.equal(options.series[0]!.label.formatter({ name, percent: 25 }), `${name}: 25 %`);
    const tip = options.tooltip.formatter({ name, percent: 25, value: 1, marker: '{marker1|}' });
    // What ECharts takes for a styled text begins with a brace and the name of the style.
    assert.deepEqual(tip.match(/\{\w+\|/g), ['{marker1|']);
    assert.equal(tip.replaceAll('\u200a', ''), `{marker1|}${name}  1 (25 %)`);
  });
  it('lists what is under the pointer with the largest first, at a time of UTC', () => {
    const { tooltip } = toChartOptions(data('timechart', 'time'), { visualization: 'timechart' }, COLORS) as {
      tooltip: { formatter: (pointed: object) => string };
    };
    const at = Date.UTC(2026, 10, 22, 10);
    const mark = (seriesName: string, y: number | null): object => ({ seriesName, value: [at, y], axisValue: at });
    assert.equal(
      tooltip.formatter([mark('a', 1), mark('b', 20_000), mark('c', null)]),
      '2026-11-22 10:00\nb  20,000\na  1',
    );
  });
  it('draws the others grey and dashed, and what comes after the palette dashed, too', () => {
    const many: ChartData = {
      ...data('timechart', 'time'),
      others: { count: 5, names: [] },
      series: [
        { name: 'A', x: [1], y: [3] },
        { name: 'B', x: [1], y: [3] },
        { name: '5 others', x: [1], y: [3], others: 5 },
      ],
    };
    const { series } = toChartOptions(many, { visualization: 'timechart' }, COLORS) as unknown as {
      series: { lineStyle: { color: string; type: string } }[];
    };
    assert.deepEqual(
      series.map(({ lineStyle }) => [lineStyle.color, lineStyle.type]),
      [
        ['#00f', 'solid'],
        ['#00f', 'dashed'],
        ['#aaa', 'dashed'],
      ],
    );
  });
  it('leaves out what the legend hides', () => {
    const options = toChartOptions(data('timechart', 'time'), { visualization: 'timechart' }, COLORS, undefined, {
      hidden: new Set(['series A']),
      sameScale: true,
    }) as unknown as { series: { name: string }[] };
    assert.deepEqual(
      options.series.map(({ name }) => name),
      ['B'],
    );
  });
  it('marks a point that is no line', () => {
    const five = Array.from({ length: 5 }, (_, i) => ({ name: `s${i}`, x: [1, 2], y: i === 0 ? [3, null] : [3, 4] }));
    const { series } = toChartOptions(
      { ...data('timechart', 'time'), series: five },
      { visualization: 'timechart' },
      COLORS,
    ) as unknown as {
      series: { showSymbol: boolean }[];
    };
    assert.deepEqual(
      series.map(({ showSymbol }) => showSymbol),
      [true, false, false, false, false],
    );
  });
  it('draws a panel per customer over one range of x, and of y unless each has its own', () => {
    const panels: ChartData = {
      ...data('timechart', 'time'),
      series: [
        { name: 'n', panel: 'Contoso', x: [1, 2], y: [3, 104] },
        { name: 'n', panel: 'Fabrikam', x: [2, 5], y: [5, 6] },
      ],
    };
    const drawn = (sameScale: boolean): Record<string, { max?: number; min?: number; text?: string }[]> =>
      toChartOptions(
        panels,
        { visualization: 'timechart' },
        COLORS,
        { width: 500, height: 300 },
        { hidden: new Set(), sameScale },
      ) as never;
    const { title, grid, xAxis, yAxis } = drawn(true);
    assert.deepEqual(
      title!.map(({ text }) => text),
      ['Contoso', 'Fabrikam'],
    );
    assert.equal(grid!.length, 2);
    assert.deepEqual(
      [...xAxis!, ...yAxis!].map(({ min, max }) => [min, max]),
      [
        [1, 5],
        [1, 5],
        [0, 120],
        [0, 120],
      ],
    );
    assert.deepEqual(
      drawn(false)['yAxis']!.map(({ max }) => max),
      [undefined, undefined],
    );
  });
  it('lets panels grow taller than their place rather than too small to read', () => {
    assert.deepEqual(panelLayout(25, { width: 1000, height: 300 }), { columns: 4, rows: 7, height: 924 });
    assert.deepEqual(panelLayout(2, { width: 1000, height: 300 }), { columns: 2, rows: 1, height: 300 });
  });
  it('stacks where render says so', () => {
    assert.equal(
      (toChartOptions(data('areachart', 'time'), { visualization: 'areachart', kind: 'stacked' }, COLORS) as Shape)
        .series[0]!.stack,
      'all',
    );
  });
});
