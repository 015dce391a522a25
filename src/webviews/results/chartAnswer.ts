import type { ResultsHost, RunView } from '../../protocol/results.ts';
import type { ChartCard, ChartData } from '../../model/rows.ts';
import { loadChartScript } from '../chart/chartView.tsx';
import type { DrawnChart } from '../chart/chartView.tsx';
import type { PageHost } from '../shell/channel.ts';
import { useLayoutEffect, useRef, useState } from '../shell/view.ts';
import type { Choice } from './chartChoice.ts';

const MAX_POINTS = 20_000;
/** Of a panel, which is a few hundred pixels wide. */
const PANEL_POINTS = 2_000;
/** Bars and slices that can be told apart. */
const MAX_BARS = 40;
const MAX_SLICES = 11;

/** What came for the view that is looked at: a chart, cards, or in words why there is neither. */
export interface ChartAnswer {
  readonly chart?: DrawnChart;
  readonly cards?: readonly ChartCard[];
  readonly data?: ChartData;
  readonly problem?: string;
}

interface Settled extends ChartAnswer {
  readonly run: string;
  readonly view: string;
}

/**
 * Asks for the points of a run whenever it, or the choice, has changed while the chart is looked at; a failure is asked
 * again with the next snapshot. While rows arrive, what is drawn stays until its successor is there. `busy` says that
 * it is of another view of the run; nothing of another run is ever given.
 */
export function useChartAnswer(
  host: PageHost<ResultsHost>,
  run: RunView,
  choice: Choice,
  looking: boolean,
): ChartAnswer & { readonly busy: boolean } {
  const view = JSON.stringify([run.run, choice]);
  const [answer, setAnswer] = useState<Settled>({ run: '', view: '' });
  const asked = useRef('');
  useLayoutEffect(() => {
    if (!looking) return;
    const settle = (next: ChartAnswer): void => {
      setAnswer({ ...next, run: run.run, view });
    };
    if (run.columns.length === 0) {
      // A chart that was asked for before is not to come over it.
      asked.current = '';
      settle({ problem: 'Waiting for the first rows …' });
      return;
    }
    const question = JSON.stringify([view, run.rowCount, run.state]);
    if (question === asked.current) return;
    asked.current = question;
    const ask = async (): Promise<void> => {
      try {
        const next = await fetchChart(host, run, choice);
        if (asked.current === question) settle(next);
      } catch (error) {
        if (asked.current !== question) return;
        asked.current = '';
        settle({ problem: error instanceof Error ? error.message : String(error) });
      }
    };
    void ask();
  }, [run, view, looking]);
  if (answer.run !== run.run) return { problem: 'Drawing …', busy: true };
  return { ...answer, busy: answer.view !== view };
}

async function fetchChart(host: PageHost<ResultsHost>, run: RunView, choice: Choice): Promise<ChartAnswer> {
  const { kind, x, y, series, also, panels } = choice;
  const data = await host.channel.request('chart', {
    run: run.run,
    kind,
    maxPoints: pointsOf(choice, run),
    ...(x ? { x } : {}),
    ...(y?.length ? { y: [...y] } : {}),
    ...(series?.length ? { series: [...series] } : {}),
    ...(also?.length ? { also: [...also] } : {}),
    ...(panels ? { panels } : {}),
    ...(run.sorted ? { sorted: true } : {}),
  });
  if (data.problem) return { problem: data.problem };
  if (data.cards) return { cards: data.cards, data };
  if (data.series.length === 0) return { problem: 'There is nothing to draw: choose a column with numbers.' };
  return { data, chart: { script: await loadChartScript(), data, spec: run.render ?? { visualization: kind } } };
}

/** How many points of a series are of use; of bars over times or numbers there may be as many as of a line. */
function pointsOf({ kind, x, panels }: Choice, run: RunView): number {
  if (kind === 'piechart') return MAX_SLICES;
  if (panels) return PANEL_POINTS;
  const over = run.columns.find(({ name, attribution }) => (x ? name === x : !attribution))?.type;
  const bars = kind === 'barchart' || kind === 'columnchart';
  return bars && (over === 'string' || over === 'guid' || over === 'bool') ? MAX_BARS : MAX_POINTS;
}
