import type { RenderSpec } from '../../model/render.ts';
import type { ChartData, ChartSeries } from '../../model/rows.ts';
import type { ChartLook } from './contract.ts';
import type { ChartColors } from './chartColors.ts';
import { seriesKey, stylesOf } from './seriesStyles.ts';

const LINES = new Set(['timechart', 'linechart', 'anomalychart']);
const AREAS = new Set(['areachart', 'stackedareachart']);
const COLUMNS = new Set(['columnchart', 'timepivot']);
/** From so many categories on, their names below an axis stand aslant. */
const ASLANT_FROM = 7;

/** Up to so many lines have a mark at every point; more would hide one another. */
const FEW = 4;

/** Whether the x axis is one of times or numbers, which can be zoomed. */
export function isContinuous(data: ChartData): boolean {
  return data.xType !== 'category';
}

/** The two axes, and the categories of x in their order where it has some. */
export function axesOf(
  data: ChartData,
  spec: RenderSpec,
  colors: ChartColors,
): { readonly x: object; readonly y: object; readonly categories: readonly string[] | undefined } {
  const horizontal = data.kind === 'barchart';
  const categories = isContinuous(data) ? undefined : categoriesOf(data);
  const axis = {
    axisLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.muted, hideOverlap: true },
    splitLine: { lineStyle: { color: colors.line, opacity: 0.4 } },
    nameTextStyle: { color: colors.muted },
  };
  const named = {
    width: horizontal ? 160 : 96,
    overflow: 'truncate',
    interval: 0,
    hideOverlap: categories !== undefined && categories.length > 40,
  };
  return {
    categories,
    x: {
      ...axis,
      type: categories ? 'category' : data.xType === 'time' ? 'time' : spec.xAxis === 'log' ? 'log' : 'value',
      name: spec.xTitle,
      nameLocation: 'middle',
      nameGap: 26,
      ...(categories ? { data: categories, inverse: horizontal } : { scale: true }),
      ...(categories
        ? {
            axisLabel: {
              ...axis.axisLabel,
              ...named,
              ...(!horizontal && categories.length >= ASLANT_FROM ? { rotate: 35 } : {}),
            },
          }
        : {}),
      splitLine: { show: false },
    },
    y: {
      ...axis,
      axisLabel: { ...axis.axisLabel, formatter: shortNumber },
      type: spec.yAxis === 'log' ? 'log' : 'value',
      name: spec.yTitle,
      ...(spec.yMin === undefined ? {} : { min: spec.yMin }),
      ...(spec.yMax === undefined ? {} : { max: spec.yMax }),
    },
  };
}

/** 1.2K: numbers beside an axis have little room. */
function shortNumber(value: number): string {
  return Math.abs(value) < 10_000
    ? value.toLocaleString('en', { maximumSignificantDigits: 6 })
    : value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 2 });
}

/** Those of the first series in their order, then what only others have; what stands for the rest stays last. */
function categoriesOf(data: ChartData): string[] {
  const all = [...new Set(data.series.flatMap(({ x }) => x.map(String)))];
  if (data.otherCategories === undefined || data.othersLeftOut) return all;
  const rest = `${data.otherCategories} others`;
  return [...all.filter((category) => category !== rest), rest];
}

/** The marks of all series that are shown; `place` says on which axes those of a panel stand. */
export function seriesOf(
  data: ChartData,
  spec: RenderSpec,
  colors: ChartColors,
  categories: readonly string[] | undefined,
  { hidden }: ChartLook,
  place: (series: ChartSeries) => object = () => ({}),
): object[] {
  const horizontal = data.kind === 'barchart';
  const bars = horizontal || COLUMNS.has(data.kind);
  const stacked = data.kind === 'stackedareachart' || spec.kind === 'stacked' || spec.kind === 'stacked100';
  const styles = new Map(stylesOf(data, Math.max(1, colors.palette.length)).map((style) => [style.key, style]));
  return data.series.flatMap((series) => {
    const { key, color: index, dash, others } = styles.get(seriesKey(series))!;
    if (hidden.has(key)) return [];
    const color = index === undefined ? colors.muted : colors.palette[index];
    return [
      {
        name: series.name,
        type: bars ? 'bar' : data.kind === 'scatterchart' ? 'scatter' : 'line',
        sampling: LINES.has(data.kind) || AREAS.has(data.kind) ? 'lttb' : undefined,
        showSymbol: series.x.length <= 60 && (data.series.length <= FEW || hasLonePoints(series)),
        symbolSize: data.kind === 'scatterchart' ? 5 : 4,
        large: series.x.length > 5000,
        connectNulls: false,
        itemStyle: { color, ...(dash === 'solid' || others || !bars ? {} : { decal: DECALS[dash] }) },
        ...(bars ? { barMaxWidth: 48 } : {}),
        ...(bars || data.kind === 'scatterchart' ? {} : { lineStyle: { color, width: others ? 1.5 : 2, type: dash } }),
        ...(AREAS.has(data.kind) ? { areaStyle: { opacity: 0.35, color } } : {}),
        ...(bars ? {} : { emphasis: { focus: 'series' } }),
        ...(stacked ? { stack: series.panel ?? 'all' } : {}),
        ...place(series),
        data: categories
          ? alignTo(categories, series)
          : series.x.map((x, at) => (horizontal ? [series.y[at], x] : [x, series.y[at]])),
      },
    ];
  });
}

/** A point between gaps is no line: only its mark shows it. */
function hasLonePoints({ y }: ChartSeries): boolean {
  const there = (index: number): boolean => typeof y[index] === 'number';
  return y.some((_, index) => there(index) && !there(index - 1) && !there(index + 1));
}

/** What tells bars of one colour apart, as dashes do for lines. */
const DECALS = {
  dashed: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: Math.PI / 4, color: '#0006' },
  dotted: { symbol: 'circle', symbolSize: 0.6, color: '#0006' },
};

function alignTo(categories: readonly string[], series: ChartSeries): (number | null)[] {
  const values = new Map(series.x.map((x, index) => [String(x), series.y[index] ?? null]));
  return categories.map((category) => values.get(category) ?? null);
}
