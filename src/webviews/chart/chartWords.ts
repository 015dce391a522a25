import { counted } from '../../base/counted.ts';
import { visibleText } from '../../base/visibleText.ts';
import type { ChartData } from '../../model/rows.ts';

/**
 * What of the rows is not in a chart as it is, and by which rule, a sentence each; shown with the chart. Empty where it
 * has everything.
 */
export function chartNotes(data: ChartData): readonly string[] {
  const panels = new Set(data.series.flatMap(({ panel }) => (panel === undefined ? [] : [panel]))).size;
  const shown = data.series.filter(({ others }) => others === undefined).length;
  const rest = data.othersLeftOut ? LEFT_OUT : 'others together';
  return [
    ...(data.others
      ? [
          panels > 0
            ? `${shown} of ${shown + data.others.count} series, in each panel those of the largest total; ${rest}`
            : `${shown} of ${shown + data.others.count} by total; ${rest}`,
        ]
      : []),
    ...(data.otherCategories === undefined ? [] : [categoriesNote(data, data.otherCategories)]),
    ...(data.otherPanels === undefined
      ? []
      : [`${panels} of ${panels + data.otherPanels} customers, those of the largest total`]),
    ...(data.addedUp === undefined ? [] : [`${data.addedUp.map(visibleText).join(', ')}: not told apart, added up`]),
    ...(data.otherCards === undefined ? [] : [`${counted(data.otherCards, 'further workspace')} not shown`]),
    ...(data.thinned ? ['Thinned: the least and the greatest point of each stretch'] : []),
  ];
}

/** Averages, extremes and counts of distinct values of several have no sum. */
const LEFT_OUT = 'others left out, for their values do not add up';

function categoriesNote(data: ChartData, others: number): string {
  const rest = data.othersLeftOut ? LEFT_OUT : 'others together';
  const shown = new Set(data.series.flatMap(({ x }) => x)).size - (data.othersLeftOut ? 0 : 1);
  const what = data.kind === 'piechart' ? 'slices' : `values of ${visibleText(data.xName)}`;
  return `${shown} of ${shown + others} ${what} by total; ${rest}`;
}

const NAMES: Readonly<Record<string, string>> = {
  timechart: 'Time chart',
  linechart: 'Line chart',
  columnchart: 'Column chart',
  barchart: 'Bar chart',
  areachart: 'Area chart',
  stackedareachart: 'Stacked area chart',
  piechart: 'Pie chart',
  scatterchart: 'Scatter chart',
};

/** What a chart is, for whoever cannot see it: its kind, how many series, over what, and what is not in it. */
export function chartLabel(data: ChartData): string {
  const panels = new Set(data.series.flatMap(({ panel }) => (panel === undefined ? [] : [panel]))).size;
  const name = NAMES[data.kind] ?? data.kind;
  const what =
    panels > 0
      ? `${name}s of ${counted(panels, 'customer')} over ${visibleText(data.xName)}.`
      : `${name} of ${data.series.length} series over ${visibleText(data.xName)}.`;
  return [what, ...chartNotes(data).map((note) => `${note}.`), 'The table below has its numbers.'].join(' ');
}
