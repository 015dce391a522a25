import type { RenderSpec } from '../../model/render.ts';
import type { ChartData } from '../../model/rows.ts';

/** How a person wants a chart drawn, beside its numbers. */
export interface ChartLook {
  /** Keys of series (`seriesStyles.ts`) that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Panels have one scale for all, so that their heights can be compared; else each its own. */
  readonly sameScale: boolean;
}

/** How a chart is drawn until somebody says otherwise. */
export const PLAIN_LOOK: ChartLook = { hidden: new Set(), sameScale: true };

/** What the lazily loaded chart script puts on the page: ECharts behind one small face. */
export interface ChartFace {
  show(data: ChartData, spec: RenderSpec, look: ChartLook): void;
  /** The element's place has another size. */
  resize(): void;
  /** A PNG as a data URL, for saving. */
  image(): string;
  dispose(): void;
}
/** The chart script itself: it draws into an empty element, whose parent scrolls where the chart is taller. */
export interface ChartScript {
  create(parent: HTMLElement): ChartFace;
}
