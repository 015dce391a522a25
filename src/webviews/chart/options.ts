import { visibleText } from '../../base/visibleText.ts';
import type { RenderSpec } from '../../model/render.ts';
import type { ChartData } from '../../model/rows.ts';

/** The theme's colours as CSS colours; series take the palette's in turn. */
export interface ChartColors {
  readonly foreground: string;
  readonly muted: string;
  readonly line: string;
  readonly background: string;
  readonly palette: readonly string[];
}

/** Pixels of height from which the zoom slider is worth its place; the wheel zooms at any height. */
const SLIDER_FROM = 260;
const LINES = new Set(['timechart', 'linechart', 'anomalychart']);
const AREAS = new Set(['areachart', 'stackedareachart']);
const COLUMNS = new Set(['columnchart', 'timepivot']);

/** ECharts options for one answer: plain data, so that it can be tested without a canvas. */
export function toChartOptions(
  asked: ChartData,
  askedSpec: RenderSpec,
  colors: ChartColors,
  height = 400,
): Record<string, unknown> {
  const data = shownData(asked),
    spec = shownSpec(askedSpec);
  const shared = {
    animation: false,
    color: [...colors.palette],
    backgroundColor: 'transparent',
    textStyle: { color: colors.foreground, fontFamily: 'inherit' },
    title: spec.title
      ? { text: spec.title, left: 8, top: 4, textStyle: { color: colors.foreground, fontSize: 13 } }
      : undefined,
    // The HTML tooltip writes style attributes, which the page's policy forbids.
    tooltip: {
      trigger: data.kind === 'piechart' || data.kind === 'scatterchart' ? 'item' : 'axis',
      renderMode: 'richText',
      backgroundColor: colors.background,
      textStyle: { color: colors.foreground },
      borderColor: colors.line,
      confine: true,
    },
  };
  return data.kind === 'piechart'
    ? { ...shared, ...pie(data, colors) }
    : { ...shared, ...cartesian(data, spec, colors, height >= SLIDER_FROM) };
}

/** Names and categories are others' text: what would turn or hide a part of it is shown as a sign. */
function shownData(data: ChartData): ChartData {
  const shown = (x: number | string): number | string => (typeof x === 'string' ? visibleText(x) : x);
  return {
    ...data,
    xName: visibleText(data.xName),
    series: data.series.map(({ name, x, y }) => ({ name: visibleText(name), x: x.map(shown), y })),
  };
}
function shownSpec(spec: RenderSpec): RenderSpec {
  const { title, xTitle, yTitle } = spec;
  return {
    ...spec,
    ...(title === undefined ? {} : { title: visibleText(title) }),
    ...(xTitle === undefined ? {} : { xTitle: visibleText(xTitle) }),
    ...(yTitle === undefined ? {} : { yTitle: visibleText(yTitle) }),
  };
}

function legend(names: readonly string[], spec: RenderSpec | undefined, colors: ChartColors): unknown {
  return names.length > 1 && spec?.legend !== 'hidden'
    ? {
        type: 'scroll',
        top: 6,
        right: 12,
        left: '25%',
        data: names,
        textStyle: { color: colors.foreground },
        pageTextStyle: { color: colors.foreground },
        pageIconColor: colors.foreground,
      }
    : { show: false };
}

function pie(data: ChartData, colors: ChartColors): Record<string, unknown> {
  const [series] = data.series;
  const slices = (series?.x ?? []).map((name, index) => ({ name: String(name), value: series!.y[index] ?? 0 }));
  return {
    legend: legend(
      slices.map(({ name }) => name),
      undefined,
      colors,
    ),
    series: [
      {
        type: 'pie',
        radius: ['35%', '70%'],
        center: ['50%', '55%'],
        data: slices,
        label: { color: colors.foreground, formatter: '{b}: {d} %' },
        itemStyle: { borderColor: colors.background, borderWidth: 1 },
      },
    ],
  };
}

function cartesian(data: ChartData, spec: RenderSpec, colors: ChartColors, roomy: boolean): Record<string, unknown> {
  const horizontal = data.kind === 'barchart';
  const bars = horizontal || COLUMNS.has(data.kind);
  const stacked = data.kind === 'stackedareachart' || spec.kind === 'stacked' || spec.kind === 'stacked100';
  const categories =
    data.xType === 'category' ? [...new Set(data.series.flatMap((series) => series.x.map(String)))] : undefined;
  const axis = {
    axisLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.muted, hideOverlap: true },
    splitLine: { lineStyle: { color: colors.line, opacity: 0.4 } },
    nameTextStyle: { color: colors.muted },
  };
  const xAxis = {
    ...axis,
    type: categories ? 'category' : data.xType === 'time' ? 'time' : spec.xAxis === 'log' ? 'log' : 'value',
    name: spec.xTitle,
    nameLocation: 'middle',
    nameGap: 26,
    ...(categories ? { data: categories, inverse: horizontal } : { scale: true }),
    splitLine: { show: false },
  };
  const yAxis = {
    ...axis,
    type: spec.yAxis === 'log' ? 'log' : 'value',
    name: spec.yTitle,
    ...(spec.yMin === undefined ? {} : { min: spec.yMin }),
    ...(spec.yMax === undefined ? {} : { max: spec.yMax }),
  };
  const names = data.series.map(({ name }) => name);
  return {
    legend: legend(names, spec, colors),
    grid: {
      left: 12,
      right: 24,
      top: spec.title || names.length > 1 ? 40 : 20,
      bottom: categories || !roomy ? 12 : 44,
      containLabel: true,
    },
    xAxis: horizontal ? yAxis : xAxis,
    yAxis: horizontal ? xAxis : yAxis,
    dataZoom: categories
      ? []
      : !roomy
        ? [{ type: 'inside' }]
        : [
            { type: 'inside' },
            { type: 'slider', height: 16, bottom: 6, textStyle: { color: colors.muted }, borderColor: colors.line },
          ],
    series: data.series.map((series) => ({
      name: series.name,
      type: bars ? 'bar' : data.kind === 'scatterchart' ? 'scatter' : 'line',
      sampling: LINES.has(data.kind) || AREAS.has(data.kind) ? 'lttb' : undefined,
      showSymbol: series.x.length <= 60,
      symbolSize: data.kind === 'scatterchart' ? 5 : 4,
      large: series.x.length > 5000,
      connectNulls: false,
      ...(AREAS.has(data.kind) ? { areaStyle: { opacity: 0.35 } } : {}),
      ...(stacked ? { stack: 'all' } : {}),
      data: categories
        ? alignTo(categories, series)
        : series.x.map((x, index) => (horizontal ? [series.y[index], x] : [x, series.y[index]])),
    })),
  };
}

function alignTo(categories: readonly string[], series: ChartData['series'][number]): (number | null)[] {
  const values = new Map(series.x.map((x, index) => [String(x), series.y[index] ?? null]));
  return categories.map((category) => values.get(category) ?? null);
}
