import type { ResultsHost, RunView } from '../../protocol/results.ts';
import { loadChartScript } from '../chart/chartView.tsx';
import type { DrawnChart } from '../chart/chartView.tsx';
import type { PageHost } from '../shell/channel.ts';
import { useLayoutEffect, useRef, useState } from '../shell/view.ts';
import type { Choice } from './chartChoice.ts';

const MAX_POINTS = 20_000;

/** The points that were asked for last, or in words why there is nothing to draw. */
export interface ChartAnswer {
  readonly chart?: DrawnChart;
  readonly problem?: string;
}

/**
 * Asks for the points of a run whenever it, or the choice, has changed while the chart is looked at. What is drawn
 * stays until its successor is there; a failure is asked again with the next snapshot.
 */
export function useChartAnswer(
  host: PageHost<ResultsHost>,
  run: RunView,
  choice: Choice,
  looking: boolean,
): ChartAnswer {
  const [answer, setAnswer] = useState<ChartAnswer>({});
  const asked = useRef('');
  useLayoutEffect(() => {
    if (!looking) return;
    if (run.columns.length === 0) {
      setAnswer({ problem: 'Waiting for the first rows …' });
      return;
    }
    const question = JSON.stringify([run.run, run.rowCount, run.state, choice]);
    if (question === asked.current) return;
    asked.current = question;
    const settle = async (): Promise<void> => {
      try {
        const next = await fetchChart(host, run, choice);
        if (asked.current === question) setAnswer(next);
      } catch (error) {
        if (asked.current !== question) return;
        asked.current = '';
        setAnswer({ problem: error instanceof Error ? error.message : String(error) });
      }
    };
    void settle();
  }, [run, choice, looking]);
  return answer;
}

async function fetchChart(
  host: PageHost<ResultsHost>,
  run: RunView,
  { kind, x, y, series }: Choice,
): Promise<ChartAnswer> {
  const data = await host.channel.request('chart', {
    run: run.run,
    kind,
    maxPoints: MAX_POINTS,
    ...(x ? { x } : {}),
    ...(y ? { y: [y] } : {}),
    ...(series ? { series: [series] } : {}),
  });
  if (data.problem || data.series.length === 0)
    return { problem: data.problem ?? 'There is nothing to draw: choose a column with numbers.' };
  return { chart: { script: await loadChartScript(), data, spec: run.render ?? { visualization: kind } } };
}
