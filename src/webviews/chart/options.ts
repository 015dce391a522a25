import { visibleText } from '../../base/visibleText.ts';
import type { RenderSpec } from '../../model/render.ts';
import type { ChartData } from '../../model/rows.ts';
import type { ChartColors } from './chartColors.ts';
import { axesOf, isContinuous, seriesOf } from './axes.ts';
import { PLAIN_LOOK } from './contract.ts';
import type { ChartLook } from './contract.ts';
import { panelOptions } from './panels.ts';
import { stylesOf } from './seriesStyles.ts';
import { numberText, timeText, tooltipText } from './tooltip.ts';
import type { Pointed } from './tooltip.ts';

/** Pixels of height from which the zoom slider is worth its place; the wheel zooms at any height. */
const SLIDER_FROM = 260;

/** ECharts options for one answer, without a canvas so that they can be tested; `size` in pixels. */
export function toChartOptions(
  asked: ChartData,
  askedSpec: RenderSpec,
  colors: ChartColors,
  size: { readonly width: number; readonly height: number } = { width: 800, height: 400 },
  look: ChartLook = PLAIN_LOOK,
): Record<string, unknown> {
  const data = shownData(asked),
    spec = shownSpec(askedSpec);
  const shared = {
    animation: false,
    // As the grid, whose times are UTC.
    useUTC: true,
    color: [...colors.palette],
    backgroundColor: 'transparent',
    textStyle: { color: colors.foreground, fontFamily: 'inherit' },
    // The HTML tooltip writes style attributes, which the page's policy forbids.
    tooltip: {
      trigger: data.kind === 'piechart' || data.kind === 'scatterchart' ? 'item' : 'axis',
      renderMode: 'richText',
      backgroundColor: colors.background,
      textStyle: { color: colors.foreground, fontSize: 12 },
      borderColor: colors.line,
      confine: true,
      formatter: (pointed: Pointed | readonly Pointed[]) =>
        tooltipText(
          pointed,
          (x) =>
            data.xType === 'time' ? timeText(Number(x)) : data.xType === 'number' ? numberText(Number(x)) : String(x),
          data.kind === 'barchart' ? 0 : 1,
        ),
    },
  };
  if (data.series.some(({ panel }) => panel !== undefined))
    return { ...shared, ...panelOptions(data, spec, colors, size, look) };
  const title = spec.title
    ? { text: spec.title, left: 8, top: 4, textStyle: { color: colors.foreground, fontSize: 13 } }
    : undefined;
  return data.kind === 'piechart'
    ? { ...shared, title, ...pie(data, colors, look) }
    : { ...shared, title, ...cartesian(data, spec, colors, size.height >= SLIDER_FROM, look) };
}

/** Names and categories are others' text: what would turn or hide a part of it is shown as a sign. */
function shownData(data: ChartData): ChartData {
  const shown = (x: number | string): number | string => (typeof x === 'string' ? visibleText(x) : x);
  return {
    ...data,
    xName: visibleText(data.xName),
    series: data.series.map((series) => ({
      ...series,
      // Without panels there is none, rather than one of no name.
      ...(series.panel === undefined ? {} : { panel: visibleText(series.panel) }),
      name: visibleText(series.name),
      x: series.x.map(shown),
    })),
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

/** Characters of a slice's name beside it; the legend and the tooltip have all of it. */
const SLICE_NAME = 40;

function pie(data: ChartData, colors: ChartColors, { hidden }: ChartLook): Record<string, unknown> {
  const [series] = data.series;
  const slices = stylesOf(data, colors.palette.length).flatMap(({ key, name, color }, index) =>
    hidden.has(key)
      ? []
      : [
          {
            name,
            value: series!.y[index] ?? 0,
            itemStyle: { color: color === undefined ? colors.muted : colors.palette[color] },
          },
        ],
  );
  return {
    series: [
      {
        type: 'pie',
        radius: ['35%', '70%'],
        center: ['50%', '55%'],
        data: slices,
        // A function: in a template `{b}` and `{d}` of a name would be read as the template's own.
        label: {
          color: colors.foreground,
          formatter: ({ name = '', percent = 0 }: Pointed) =>
            `${name.length > SLICE_NAME ? `${name.slice(0, SLICE_NAME)}…` : name}: ${percent} %`,
        },
        itemStyle: { borderColor: colors.background, borderWidth: 1 },
      },
    ],
  };
}

function cartesian(
  data: ChartData,
  spec: RenderSpec,
  colors: ChartColors,
  roomy: boolean,
  look: ChartLook,
): Record<string, unknown> {
  const { x, y, categories } = axesOf(data, spec, colors);
  const horizontal = data.kind === 'barchart';
  return {
    grid: {
      left: 12,
      right: 24,
      top: spec.title ? 40 : 20,
      bottom: !isContinuous(data) || !roomy ? 12 : 44,
      containLabel: true,
    },
    xAxis: horizontal ? y : x,
    yAxis: horizontal ? x : y,
    dataZoom: !isContinuous(data)
      ? []
      : !roomy
        ? [{ type: 'inside' }]
        : [
            { type: 'inside' },
            { type: 'slider', height: 16, bottom: 6, textStyle: { color: colors.muted }, borderColor: colors.line },
          ],
    series: seriesOf(data, spec, colors, categories, look),
  };
}
