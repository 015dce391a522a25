import type { RunView } from '../../protocol/results.ts';

/** What a chart can be drawn as, in the order of the list. */
export const KINDS: readonly { readonly kind: string; readonly label: string }[] = [
  { kind: 'timechart', label: 'Time' },
  { kind: 'linechart', label: 'Line' },
  { kind: 'columnchart', label: 'Column' },
  { kind: 'barchart', label: 'Bar' },
  { kind: 'areachart', label: 'Area' },
  { kind: 'stackedareachart', label: 'Stacked area' },
  { kind: 'piechart', label: 'Pie' },
  { kind: 'scatterchart', label: 'Scatter' },
  { kind: 'card', label: 'Card' },
];

/** Kinds of `render` that are drawn as another one, which shows the same numbers. */
const DRAWN_AS: Readonly<Record<string, string>> = {
  anomalychart: 'timechart',
  stackedchart: 'columnchart',
  unstackedareachart: 'areachart',
};

/**
 * A chart as it was asked for: its kind, and columns by name; a list that is absent or empty is chosen by the host.
 * `also` names series that are told apart whatever their total; `panels` asks for one chart per customer.
 */
export interface Choice {
  readonly kind: string;
  readonly x?: string;
  readonly y?: readonly string[];
  readonly series?: readonly string[];
  readonly also?: readonly string[];
  readonly panels?: boolean;
}

/** What `render` asked for, or what suits the columns. */
export function firstChoice(run: RunView): Choice {
  const visualization = run.render?.visualization ?? '';
  const known = KINDS.find(({ kind }) => kind === (DRAWN_AS[visualization] ?? visualization))?.kind;
  return {
    kind: known ?? kindFor(run.columns),
    ...(run.render?.xColumn ? { x: run.render.xColumn } : {}),
    ...(run.render?.yColumns?.length ? { y: run.render.yColumns } : {}),
    ...(run.render?.series?.length ? { series: run.render.series } : {}),
  };
}

/** Times go over time, and so do the arrays of make-series. */
function kindFor(columns: RunView['columns']): string {
  const some = (wanted: string): number => columns.filter(({ type }) => type === wanted).length;
  return some('datetime') > 0 || some('dynamic') > 1 ? 'timechart' : 'columnchart';
}

/** Whether small multiples say anything: rows say whose they are, several customers have some, the kind has axes. */
export function mayHavePanels(run: RunView, kind: string): boolean {
  if (!run.columns.some(({ name }) => name === '_Customer')) return false;
  const customers = new Set(run.targets.filter(({ rows }) => rows > 0).map(({ customerName }) => customerName));
  return customers.size > 1 && kind !== 'piechart' && kind !== 'card';
}
