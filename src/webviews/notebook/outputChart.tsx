import { PLAIN_LOOK } from '../chart/contract.ts';
import type { ChartLook, ChartScript } from '../chart/contract.ts';
import { ChartLegend } from '../chart/chartLegend.tsx';
import { ChartTwin } from '../chart/chartTwin.tsx';
import { ChartView } from '../chart/chartView.tsx';
import type { DrawnChart } from '../chart/chartView.tsx';
import { chartLabel, chartNotes } from '../chart/chartWords.ts';
import { useLayoutEffect, useState } from '../shell/view.ts';
import type { OutputPartProps } from './outputPart.ts';

const MAX_POINTS = 5_000;
/** Bars and slices that can be told apart. */
const MAX_BARS = 40;
const MAX_SLICES = 11;

/** The chart a query asks for, drawn as on the Results page, where it can be changed. */
export function OutputChart({ channel, run, kind }: OutputPartProps & { readonly kind: string }) {
  const [chart, setChart] = useState<DrawnChart | undefined>(undefined);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [look, setLook] = useState<ChartLook>(PLAIN_LOOK);
  const [also, setAlso] = useState<readonly string[]>([]);
  const shape = JSON.stringify([run.run, run.rowCount, run.state, also]);
  useLayoutEffect(() => {
    let isWanted = true;
    const load = async (): Promise<void> => {
      const maxPoints = pointsOf(kind, run.columns.find(({ attribution }) => !attribution)?.type);
      const question = { run: run.run!, kind, maxPoints, also: [...also], ...(run.sorted ? { sorted: true } : {}) };
      const data = await channel.request('chart', question);
      if (!isWanted) return;
      if (data.problem !== undefined || data.series.length === 0) {
        setProblem(data.problem ?? 'This is drawn in the Results page only.');
        return;
      }
      const script = await loadChartScript();
      if (!isWanted) return;
      setChart({ script, data, spec: run.render! });
      setProblem(undefined);
    };
    load().catch((error: unknown) => {
      if (isWanted) setProblem(error instanceof Error ? error.message : String(error));
    });
    return () => {
      isWanted = false;
    };
  }, [shape]);
  const notes = chart ? chartNotes(chart.data) : [];
  return (
    <>
      {notes.length > 0 && <p class="muted">{notes.join(' · ')}</p>}
      {problem !== undefined && <p class="muted">{problem}</p>}
      <div class="chart-frame tenantscope-chart" hidden={problem !== undefined}>
        <ChartView
          chart={chart}
          look={look}
          hidden={problem !== undefined}
          busy={false}
          label={chart ? chartLabel(chart.data) : 'Chart'}
        />
        {chart && chart.spec.legend !== 'hidden' && (
          <ChartLegend
            data={chart.data}
            hidden={look.hidden}
            also={also}
            setHidden={(hidden) => {
              setLook({ ...look, hidden });
            }}
            setAlso={setAlso}
          />
        )}
      </div>
      {chart && problem === undefined && <ChartTwin data={chart.data} />}
    </>
  );
}

function pointsOf(kind: string, over: string | undefined): number {
  if (kind === 'piechart') return MAX_SLICES;
  const bars = kind === 'barchart' || kind === 'columnchart';
  return bars && over !== 'datetime' ? MAX_BARS : MAX_POINTS;
}

/** The chart library beside this module, fetched for the first chart of a notebook. */
async function loadChartScript(): Promise<ChartScript> {
  const address = new URL('chart.js', import.meta.url).href;
  await import(address);
  return (globalThis as { tenantscopeChart?: ChartScript }).tenantscopeChart!;
}
