import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toChartOptions } from '../../../src/webviews/chart/options.ts';
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
  it('stacks where render says so', () => {
    assert.equal(
      (toChartOptions(data('areachart', 'time'), { visualization: 'areachart', kind: 'stacked' }, COLORS) as Shape)
        .series[0]!.stack,
      'all',
    );
  });
});
