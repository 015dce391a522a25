import { visibleText } from '../../base/visibleText.ts';
import type { MergedColumn } from '../../model/run.ts';
import { isNumeric } from '../grid/copyFormats.ts';
import { Button } from '../shell/parts.tsx';
import { KINDS } from './chartChoice.ts';
import type { Choice } from './chartChoice.ts';

/** What the controls of a chart show, and what they change. */
export interface ControlsProps {
  readonly columns: readonly MergedColumn[];
  readonly choice: Choice;
  /** Whether there may be one chart per customer. */
  readonly mayHavePanels: boolean;
  readonly sameScale: boolean;
  readonly choose: (change: Partial<Choice>) => void;
  readonly setSameScale: (same: boolean) => void;
}

/** The strip above a chart: its kind, its columns, and one chart per customer at one click. */
export function ChartControls(props: ControlsProps) {
  const { columns, choice, choose, sameScale, setSameScale } = props;
  const list = (fits: (column: MergedColumn) => boolean, chosen: readonly string[] | undefined): Option[] => [
    { value: '', label: 'Automatic' },
    ...(chosen && chosen.length > 1 ? [{ value: toValue(chosen), label: chosen.map(visibleText).join(', ') }] : []),
    ...columns.filter(fits).map(({ name }) => ({ value: toValue([name]), label: visibleText(name) })),
  ];
  const panels = props.mayHavePanels && choice.panels === true;
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
      {choice.kind !== 'card' && (
        <>
          <Select
            label="Across"
            value={choice.x ? toValue([choice.x]) : ''}
            options={list(() => true, undefined)}
            change={(value) => {
              choose({ x: toNames(value)[0] ?? '' });
            }}
          />
          <Select
            label="Value"
            value={toValue(choice.y ?? [])}
            options={list((column) => isNumeric(column) || column.type === 'dynamic', choice.y)}
            change={(value) => {
              choose({ y: toNames(value) });
            }}
          />
          <Select
            label="Split by"
            value={toValue(choice.series ?? [])}
            options={list((column) => !isNumeric(column) && column.type !== 'dynamic', choice.series)}
            change={(value) => {
              choose({ series: toNames(value), also: [] });
            }}
          />
        </>
      )}
      {props.mayHavePanels && (
        <Button
          text
          label="One per customer"
          icon="layout"
          pressed={panels}
          onClick={() => {
            choose({ panels: !panels });
          }}
        />
      )}
      {panels && (
        <label>
          <input
            type="checkbox"
            checked={sameScale}
            onChange={(event) => {
              setSameScale(event.currentTarget.checked);
            }}
          />
          Same scale
        </label>
      )}
    </div>
  );
}

/** Names of columns as the value of an option. No column's name holds a line separator of records. */
const BETWEEN = '\u001e';
function toValue(names: readonly string[]): string {
  return names.join(BETWEEN);
}
function toNames(value: string): string[] {
  return value === '' ? [] : value.split(BETWEEN);
}

interface Option {
  readonly value: string;
  readonly label: string;
}

function Select(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly change: (value: string) => void;
}) {
  return (
    <label>
      {props.label}
      <select
        value={props.value}
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
