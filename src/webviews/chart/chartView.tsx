import type { RenderSpec } from '../../model/render.ts';
import { loadLaterScript } from '../shell/laterScript.ts';
import { onThemeChange } from '../shell/theme.ts';
import { useEffect, useLayoutEffect, useRef } from '../shell/view.ts';
import type { ChartFace, ChartScript } from './contract.ts';
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
  readonly hidden: boolean;
  readonly label: string;
}) {
  const { chart, hidden, label } = props;
  const canvas = useRef<HTMLDivElement>(null);
  const face = useRef<ChartFace>();
  useLayoutEffect(() => {
    if (!chart) return undefined;
    const { script, data, spec } = chart;
    face.current ??= script.create(canvas.current!);
    face.current.resize();
    face.current.show(data, spec);
    const watch = onThemeChange(() => {
      face.current?.show(data, spec);
    });
    return () => {
      watch.dispose();
    };
  }, [chart]);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      face.current?.resize();
    });
    observer.observe(canvas.current!);
    return () => {
      observer.disconnect();
      face.current?.dispose();
      face.current = undefined;
    };
  }, []);
  return <div ref={canvas} class="canvas" role="img" aria-label={label} hidden={hidden} />;
}
