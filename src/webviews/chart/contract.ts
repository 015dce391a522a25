import type { RenderSpec } from '../../model/render.ts';
import type { ChartData } from '../../model/rows.ts';

/** What the lazily loaded chart script puts on the page: ECharts behind one small face. */
export interface ChartFace {
  show(data: ChartData, spec: RenderSpec): void;
  resize(): void;
  /** A PNG as a data URL, for saving. */
  image(): string;
  dispose(): void;
}
/** The chart script itself: it draws into an empty element. */
export interface ChartScript {
  create(parent: HTMLElement): ChartFace;
}
