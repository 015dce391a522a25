import type { RenderSpec } from '../../model/render.ts';
import type { ChartData } from '../../model/rows.ts';
import { axesOf, seriesOf } from './axes.ts';
import type { ChartLook } from './contract.ts';
import type { ChartColors } from './chartColors.ts';

/** Pixels: a panel's least width, its least height with its title, and what lies between two. */
const LEAST = { width: 230, height: 132 };
const GAP = 14;
const TITLE = 20;

/** Where the panels stand: `height` is that of all, which may be more than there is. */
export interface PanelLayout {
  readonly columns: number;
  readonly rows: number;
  readonly height: number;
}

/** As many columns as fit, and rows that fill the height, or the least height each. */
export function panelLayout(count: number, { width, height }: { width: number; height: number }): PanelLayout {
  const columns = Math.max(1, Math.min(count, Math.floor((width + GAP) / (LEAST.width + GAP))));
  const rows = Math.max(1, Math.ceil(count / columns));
  return { columns, rows, height: Math.max(Math.floor(height), rows * LEAST.height) };
}

/** The names of a chart's panels, in their order. */
export function panelsOf(data: ChartData): string[] {
  return [...new Set(data.series.flatMap(({ panel }) => (panel === undefined ? [] : [panel])))];
}

/** Small multiples: a grid with its own axes per panel, its name above; x is one for all, y where `sameScale`. */
export function panelOptions(
  data: ChartData,
  spec: RenderSpec,
  colors: ChartColors,
  size: { readonly width: number; readonly height: number },
  look: ChartLook,
): Record<string, unknown> {
  const names = panelsOf(data);
  const { columns, rows, height } = panelLayout(names.length, size);
  const cell = { width: (size.width - GAP) / columns, height: (height - GAP / 2) / rows };
  const { x, y, categories } = axesOf(data, { ...spec, xTitle: '', yTitle: '' }, colors);
  const horizontal = data.kind === 'barchart';
  const ends = endsOf(data, look);
  const places = names.map((_, index) => ({
    left: GAP / 2 + (index % columns) * cell.width,
    top: Math.floor(index / columns) * cell.height,
  }));
  const heightAxis = {
    ...y,
    splitNumber: 2,
    ...(look.sameScale && ends && spec.yAxis !== 'log' ? scaleOf(spec.yMin ?? ends.min, spec.yMax ?? ends.max) : {}),
  };
  const across = { ...x, splitNumber: 3, ...(categories ? {} : rangeOf(data)) };
  return {
    title: names.map((text, index) => ({
      text,
      left: places[index]!.left + 4,
      top: places[index]!.top + 4,
      padding: 0,
      textStyle: {
        color: colors.foreground,
        fontSize: 12,
        fontWeight: 600,
        width: cell.width - GAP,
        overflow: 'truncate',
      },
    })),
    grid: places.map(({ left, top }) => ({
      left: left + 4,
      top: top + TITLE + 8,
      width: cell.width - GAP,
      height: cell.height - TITLE - GAP,
      containLabel: true,
    })),
    xAxis: names.map((_, gridIndex) => ({ ...(horizontal ? heightAxis : across), gridIndex })),
    yAxis: names.map((_, gridIndex) => ({ ...(horizontal ? across : heightAxis), gridIndex })),
    series: seriesOf(data, spec, colors, categories, look, ({ panel }) => {
      const index = names.indexOf(panel ?? '');
      return { xAxisIndex: index, yAxisIndex: index };
    }),
  };
}

/** The range of x over all panels, so that times stand above times. */
function rangeOf(data: ChartData): { readonly min?: number; readonly max?: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const { x } of data.series)
    for (const at of x) {
      min = Math.min(min, Number(at));
      max = Math.max(max, Number(at));
    }
  return min < max ? { min, max } : {};
}

/** The range of y over all panels, from zero on: heights of areas and bars compare only so. Stacks are added up. */
function endsOf(data: ChartData, { hidden }: ChartLook): { readonly min: number; readonly max: number } | undefined {
  let [min, max] = [0, 0];
  const stacked = data.kind === 'stackedareachart';
  const sums = new Map<string, number>();
  for (const series of data.series) {
    if (hidden.has(`series ${series.name}`) || (series.others !== undefined && hidden.has('others'))) continue;
    series.y.forEach((value, index) => {
      if (value === null) return;
      const key = `${series.panel} ${series.x[index]}`;
      const height = stacked ? (sums.get(key) ?? 0) + value : value;
      if (stacked) sums.set(key, height);
      min = Math.min(min, height);
      max = Math.max(max, height);
    });
  }
  return min < max ? { min: roundUp(min), max: roundUp(max) } : undefined;
}
/** An axis of one end, its middle and the other. */
function scaleOf(min: number, max: number): { min: number; max: number; interval?: number } {
  return { min, max, ...(min === 0 ? { interval: max / 2 } : {}) };
}
/** Away from zero to a number that people read, and its half with it. */
const ROUND = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10];
function roundUp(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(Math.abs(value)));
  return Math.sign(value) * Number((power * ROUND.find((step) => step * power >= Math.abs(value))!).toPrecision(12));
}
