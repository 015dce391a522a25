import { counted } from '../../base/counted.ts';
import { visibleText } from '../../base/visibleText.ts';
import type { RowFilter, RowGroups } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';
import type { ResultsHost, RunView } from '../../protocol/results.ts';
import type { Ask } from '../shell/ask.ts';
import type { PageHost } from '../shell/channel.ts';
import { Button } from '../shell/parts.tsx';
import { useEffect, useRef, useState } from '../shell/view.ts';
import type { Arrangement } from './arrangement.ts';
import { SidePanel } from './sidePanel.tsx';
import { ValueCounts } from './valueCounts.tsx';
import { chosenValues, toggleValue, withoutValueOf } from './valueFilters.ts';

/** Values asked for at a time. */
const STEP = 100;

/** What the panels about one column are given. */
export interface ColumnPanelProps {
  readonly host: PageHost<ResultsHost>;
  readonly run: RunView;
  readonly arrangement: Arrangement;
  readonly column: MergedColumn;
  readonly ask: Ask;
  readonly say: (text: string) => void;
  readonly filter: (filters: readonly RowFilter[]) => void;
  readonly close: () => void;
}

/**
 * The rows grouped by a column: its values, the most frequent first, counted by the store over all rows that pass the
 * other filters. Choosing one filters to it, choosing it again takes that back.
 */
export function GroupsPanel({ host, run, arrangement, column, ask, say, filter, close }: ColumnPanelProps) {
  const [groups, setGroups] = useState<RowGroups | undefined>(undefined);
  const { filters, search } = arrangement;
  const question = {
    run: run.run,
    column: column.name,
    filters: [...withoutValueOf(filters, column.name)],
    ...(search ? { search } : {}),
  };
  const asked = JSON.stringify([question, run.state]);
  const latest = useRef(asked);
  latest.current = asked;
  const load = async (before: RowGroups | undefined): Promise<void> => {
    const first = before?.groups.length ?? 0;
    const more = await ask(host.channel.request('groups', { ...question, first, count: STEP }));
    // An answer to what is not asked any more.
    if (!more || latest.current !== asked) return;
    setGroups({ ...more, groups: [...(before?.groups ?? []), ...more.groups] });
    if (!before) say(`${counted(more.total, 'value')} of ${visibleText(column.name)}.`);
  };
  useEffect(() => {
    void load(undefined);
  }, [asked]);
  const shown = groups?.column === column.name ? groups : undefined;
  const left = shown ? shown.total - shown.groups.length : 0;
  const details = shown ? `${counted(shown.total, 'value')} in ${counted(shown.rows, 'row')}` : 'counting …';
  return (
    <SidePanel
      label={`Rows by ${column.name}`}
      subject={column.name}
      title={column.name}
      details={details}
      close={close}
    >
      <div class="detail-body">
        {shown && (
          <ValueCounts
            label={`Values of ${visibleText(column.name)}`}
            values={shown.groups}
            all={shown.rows}
            chosen={chosenValues(filters, column.name)}
            choose={(value) => {
              filter(toggleValue(filters, column.name, value));
            }}
          />
        )}
        {shown && left > 0 && (
          <Button
            text
            icon="chevron-down"
            label={`Show ${Math.min(STEP, left)} more of ${shown.total.toLocaleString('en')}`}
            onClick={() => void load(shown)}
          />
        )}
      </div>
    </SidePanel>
  );
}
