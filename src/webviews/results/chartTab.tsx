import type { ResultsHost, RunView } from '../../protocol/results.ts';
import { ChartView } from '../chart/chartView.tsx';
import { isNumeric } from '../grid/copyFormats.ts';
import type { PageHost } from '../shell/channel.ts';
import { TabPanel } from '../shell/tabs.tsx';
import { useMemo, useState } from '../shell/view.ts';
import { useChartAnswer } from './chartAnswer.ts';
import { KINDS, firstChoice } from './chartChoice.ts';
import type { Choice } from './chartChoice.ts';
import { ChartTwin } from './chartTwin.tsx';
import type { MergedColumn } from '../../model/run.ts';

/**
 * The chart of a run: what `render` asked for at first, changeable without running again, with its numbers as a table.
 */
export function ChartTab(props: {
  readonly host: PageHost<ResultsHost>;
  readonly run: RunView;
  readonly chosen: string;
}) {
  const { host, run, chosen } = props;
  const [made, setMade] = useState<{ readonly run: string; readonly choice: Choice }>();
  // What `render` asks for arrives with the first answer; it rules until somebody chooses otherwise.
  const own = made?.run === run.run ? made.choice : undefined;
  const choice = useMemo(() => own ?? firstChoice(run), [own, run]);
  const { chart, problem } = useChartAnswer(host, run, choice, chosen === 'chart');
  const data = chart?.data;
  const label = data
    ? `${data.kind} of ${data.series.length} series over ${data.xName}. The table below has its numbers.`
    : 'Chart';
  return (
    <TabPanel id="chart" chosen={chosen} class="chart">
      <Controls
        columns={run.columns}
        choice={choice}
        reduced={data?.reduced === true}
        choose={(change) => {
          setMade({ run: run.run, choice: { ...choice, ...change } });
        }}
      />
      <div class="canvas-frame">
        <ChartView chart={chart} hidden={problem !== undefined} label={label} />
        {problem !== undefined && <p class="empty">{problem}</p>}
      </div>
      {data && <ChartTwin data={data} />}
    </TabPanel>
  );
}

interface ControlsProps {
  readonly columns: readonly MergedColumn[];
  readonly choice: Choice;
  /** The host left points out. */
  readonly reduced: boolean;
  readonly choose: (change: Partial<Choice>) => void;
}

function Controls({ columns, choice, reduced, choose }: ControlsProps) {
  const named = (fits: (column: MergedColumn) => boolean): Option[] => [
    { value: '', label: 'Automatic' },
    ...columns.filter(fits).map(({ name }) => ({ value: name, label: name })),
  ];
  return (
    <div class="chart-controls">
      <Select
        label="Kind"
        value={choice.kind}
        options={KINDS.map(({ kind, label }) => ({ value: kind, label }))}
        change={(kind) => {
          choose({ kind });
        }}
      />
      <Select
        label="Across"
        value={choice.x}
        options={named(() => true)}
        change={(x) => {
          choose({ x });
        }}
      />
      <Select
        label="Value"
        value={choice.y}
        options={named(isNumeric)}
        change={(y) => {
          choose({ y });
        }}
      />
      <Select
        label="Split by"
        value={choice.series}
        options={named((column) => !isNumeric(column))}
        change={(series) => {
          choose({ series });
        }}
      />
      {reduced && <span class="muted">Thinned to what the screen can show.</span>}
    </div>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

function Select(props: {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly Option[];
  readonly change: (value: string) => void;
}) {
  return (
    <label>
      {props.label}
      <select
        value={props.value ?? ''}
        onChange={(event) => {
          props.change(event.currentTarget.value);
        }}
      >
        {props.options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
