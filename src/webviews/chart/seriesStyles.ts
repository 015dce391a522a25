import type { ChartData, ChartSeries } from '../../model/rows.ts';

/** How a line of the legend and its marks look: a place in the palette, and a pattern once the palette is used up. */
export interface SeriesStyle {
  /** Tells it from the others of the chart; the same in every panel. */
  readonly key: string;
  /** As the rows have it: to be shown through `visibleText`. */
  readonly name: string;
  /** Place in the palette; of the others none, they are grey. */
  readonly color: number | undefined;
  readonly dash: 'solid' | 'dashed' | 'dotted';
  readonly others: boolean;
}

const DASHES = ['solid', 'dashed', 'dotted'] as const;

/** What tells a series from the others of its chart. */
export function seriesKey({ name, others }: ChartSeries): string {
  return others === undefined ? `series ${name}` : 'others';
}

/** What is told apart in a chart, in its order: series, or the slices of a pie. The others come last. */
export function stylesOf(data: ChartData, colors: number): readonly SeriesStyle[] {
  const names =
    data.kind === 'piechart'
      ? slicesOf(data)
      : [...new Map(data.series.map((series) => [seriesKey(series), series])).values()].map((series) => ({
          key: seriesKey(series),
          name: series.name,
          others: series.others !== undefined,
        }));
  return [...names.filter(({ others }) => !others), ...names.filter(({ others }) => others)].map((entry, index) => ({
    ...entry,
    color: entry.others ? undefined : index % colors,
    dash: entry.others ? 'dashed' : DASHES[Math.floor(index / colors) % DASHES.length]!,
  }));
}

function slicesOf(data: ChartData): { readonly key: string; readonly name: string; readonly others: boolean }[] {
  const names = (data.series[0]?.x ?? []).map(String);
  return names.map((name, index) => ({
    key: `slice ${index}`,
    name,
    others: data.otherCategories !== undefined && index === names.length - 1,
  }));
}
