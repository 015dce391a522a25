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
];

/**
 * A chart as it was asked for: its kind, and columns by name; a column that is absent or empty is chosen by the host.
 */
export interface Choice {
  readonly kind: string;
  readonly x?: string;
  readonly y?: string;
  readonly series?: string;
}

/** What `render` asked for, or what suits the columns. */
export function firstChoice(run: RunView): Choice {
  const visualization = run.render?.visualization ?? '';
  const known = KINDS.find(({ kind }) => kind === visualization)?.kind;
  const kind = known ?? (run.columns.some((column) => column.type === 'datetime') ? 'timechart' : 'columnchart');
  return {
    kind,
    ...(run.render?.xColumn ? { x: run.render.xColumn } : {}),
    ...(run.render?.yColumns?.[0] ? { y: run.render.yColumns[0] } : {}),
    ...(run.render?.series?.[0] ? { series: run.render.series[0] } : {}),
  };
}
