import { visibleText } from '../../base/visibleText.ts';
import type { ResultsHost, RunView } from '../../protocol/results.ts';
import { ChartView } from '../chart/chartView.tsx';
import { PLAIN_LOOK } from '../chart/contract.ts';
import type { ChartLook } from '../chart/contract.ts';
import type { PageHost } from '../shell/channel.ts';
import { TabPanel } from '../shell/tabs.tsx';
import { useMemo, useState } from '../shell/view.ts';
import { useChartAnswer } from './chartAnswer.ts';
import { ChartCards } from './chartCards.tsx';
import { firstChoice, mayHavePanels } from './chartChoice.ts';
import type { Choice } from './chartChoice.ts';
import { ChartControls } from './chartControls.tsx';
import { ChartLegend } from '../chart/chartLegend.tsx';
import { ChartTwin } from '../chart/chartTwin.tsx';
import { chartLabel, chartNotes } from '../chart/chartWords.ts';

/** What a person has changed of a run's chart. */
interface Made {
  readonly run: string;
  readonly choice?: Choice;
  readonly look: ChartLook;
}

/**
 * The chart of a run: what `render` asked for at first, changeable without running again, with a legend and its numbers
 * as a table.
 */
export function ChartTab(props: {
  readonly host: PageHost<ResultsHost>;
  readonly run: RunView;
  readonly chosen: string;
}) {
  const { host, run, chosen } = props;
  const [made, setMade] = useState<Made>({ run: '', look: PLAIN_LOOK });
  // What `render` asks for arrives with the first answer; it rules until somebody chooses otherwise.
  const own: Made = made.run === run.run ? made : { run: run.run, look: PLAIN_LOOK };
  const choice = useMemo(() => within(run, own.choice ?? firstChoice(run)), [own.choice, run]);
  const { chart, cards, data, problem, busy } = useChartAnswer(host, run, choice, chosen === 'chart');
  const choose = (change: Partial<Choice>): void => {
    setMade({ ...own, choice: { ...choice, ...change }, look: { ...own.look, hidden: PLAIN_LOOK.hidden } });
  };
  const look = (change: Partial<ChartLook>): void => {
    setMade({ ...own, look: { ...own.look, ...change } });
  };
  const panels = data?.series.some(({ panel }) => panel !== undefined) === true;
  // Panels have a name each, so the title of all stands above them.
  const title = panels && run.render?.title ? [visibleText(run.render.title)] : [];
  const notes = data ? [...title, ...chartNotes(data)] : [];
  return (
    <TabPanel id="chart" chosen={chosen} class="chart">
      <ChartControls
        columns={run.columns}
        choice={choice}
        mayHavePanels={mayHavePanels(run, choice.kind)}
        sameScale={own.look.sameScale}
        choose={choose}
        setSameScale={(sameScale) => {
          look({ sameScale });
        }}
      />
      {notes.length > 0 && <p class="chart-notes muted">{notes.join(' · ')}</p>}
      <div class="chart-body tenantscope-chart">
        <ChartView
          chart={chart}
          look={own.look}
          hidden={chart === undefined}
          busy={busy}
          label={data ? chartLabel(data) : 'Chart'}
        />
        {problem !== undefined && <p class="empty">{problem}</p>}
        {cards && <ChartCards title={run.render?.title} cards={cards} />}
        {chart && chart.spec.legend !== 'hidden' && (
          <ChartLegend
            data={chart.data}
            hidden={own.look.hidden}
            also={choice.also ?? []}
            setHidden={(hidden) => {
              look({ hidden });
            }}
            setAlso={(also) => {
              choose({ also });
            }}
          />
        )}
      </div>
      {chart && <ChartTwin data={busy ? undefined : chart.data} />}
    </TabPanel>
  );
}

/** A choice of panels is no choice where the kind or the run has none. */
function within(run: RunView, choice: Choice): Choice {
  return choice.panels && !mayHavePanels(run, choice.kind) ? { ...choice, panels: false } : choice;
}
