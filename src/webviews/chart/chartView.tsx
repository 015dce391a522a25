import type { RenderSpec } from '../../model/render.ts';
import { loadLaterScript } from '../shell/laterScript.ts';
import { onThemeChange } from '../shell/theme.ts';
import { useEffect, useLayoutEffect, useRef } from '../shell/view.ts';
import type { ChartFace, ChartLook, ChartScript } from './contract.ts';
import type { ChartData } from '../../model/rows.ts';

/** The chart library, fetched when the first chart is looked at; the page's host names it `chart`. */
export async function loadChartScript(): Promise<ChartScript> {
  await loadLaterScript('chart');
  return (globalThis as { tenantscopeChart?: ChartScript }).tenantscopeChart!;
}

/** What is drawn, and the library that draws it. */
export interface DrawnChart {
  readonly script: ChartScript;
  readonly data: ChartData;
  readonly spec: RenderSpec;
}

/** ECharts as a part of the page: it follows its data, the theme and its own size. */
export function ChartView(props: {
  readonly chart: DrawnChart | undefined;
  readonly look: ChartLook;
  readonly hidden: boolean;
  /** Something newer is on its way. */
  readonly busy: boolean;
  readonly label: string;
}) {
  const { chart, look, hidden, busy, label } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const face = useRef<ChartFace>();
  useLayoutEffect(() => {
    if (!chart) return undefined;
    const { script, data, spec } = chart;
    const show = (): void => {
      face.current?.show(data, spec, look);
    };
    face.current ??= script.create(canvas.current!);
    show();
    const watch = onThemeChange(show);
    return () => {
      watch.dispose();
    };
  }, [chart, look]);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      face.current?.resize();
    });
    observer.observe(frame.current!);
    return () => {
      observer.disconnect();
      face.current?.dispose();
      face.current = undefined;
    };
  }, []);
  const panels = chart?.data.series.some(({ panel }) => panel !== undefined) === true;
  return (
    // Panels may be more than fit: then the keyboard scrolls them.
    <div
      ref={frame}
      class={panels ? 'canvas-frame panels' : 'canvas-frame'}
      hidden={hidden}
      tabIndex={panels ? 0 : undefined}
      role={panels ? 'region' : undefined}
      aria-label={panels ? 'Charts, one per customer' : undefined}
    >
      <div ref={canvas} class="canvas" role="img" aria-label={label} aria-busy={busy} />
    </div>
  );
}
